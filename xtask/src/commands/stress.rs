//! `stress`: the same examples many times, over a portfolio of schedules.
//!
//! No schedule finds every fault (a test that relies on who prints first shows
//! under real-time priority, one that relies on a short sleep under injected
//! delays), so each example's runs are dealt out over all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::Build;
use crate::catalogue::case::{self, Case, Failure, Verdict};
use crate::catalogue::workspace::Workspace;
use crate::cli::{Names, Status};
use crate::output::{self, Color, Counts};
use crate::suite;
use expect::Style;
use supervise::Runner;
use supervise::protocol::{Job, Priority};

/// Under load a run may take this many times its time-out.
const PATIENCE: u32 = 12;

/// How many reports of one example are shown.
const REPORTS: usize = 2;

/// What `stress` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// How often each example runs, dealt out over the schedules
    #[arg(long, value_name = "N", default_value_t = 70)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    runs: u64,
    /// Go on for M minutes, however many runs that is
    #[arg(long, value_name = "M", conflicts_with = "runs")]
    minutes: Option<f64>,
    /// Stop at the first failure
    #[arg(long)]
    until_failure: bool,
    /// Stress the Python siblings too
    #[arg(long)]
    python: bool,
    /// Where the injected delays begin; a failure names its own
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
}

/// A way to schedule a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// As the kernel likes.
    Free,
    /// Everything on one processor.
    OneCore,
    /// Behind everything else.
    Lowest,
    /// Before everything else.
    RealTime,
    /// Delays at each start of a thread and each write.
    Delays,
    /// Many at once.
    Crowd,
    /// While burners load every processor.
    Loaded,
}

const WAYS: [Way; 7] = [
    Way::Free,
    Way::OneCore,
    Way::Lowest,
    Way::RealTime,
    Way::Delays,
    Way::Crowd,
    Way::Loaded,
];

/// The ways that may run side by side, and how many jobs at once, as a multiple
/// of the usual number.
const PHASES: [(&[Way], usize); 3] = [
    (&[Way::Free, Way::OneCore, Way::Lowest, Way::RealTime, Way::Delays], 1),
    (&[Way::Crowd], 8),
    (&[Way::Loaded], 1),
];

impl Way {
    fn name(self) -> &'static str {
        match self {
            Way::Free => "free",
            Way::OneCore => "one core",
            Way::Lowest => "lowest priority",
            Way::RealTime => "real-time priority",
            Way::Delays => "injected delays",
            Way::Crowd => "crowd",
            Way::Loaded => "loaded",
        }
    }

    /// The job, to be scheduled this way; `nth` tells runs apart.
    fn apply(self, job: &Job, nth: u64, jitter: Option<&Path>) -> Job {
        let mut job = job.clone();
        let schedule = &mut job.schedule;
        match self {
            Way::Free | Way::Crowd | Way::Loaded => {}
            Way::OneCore => {
                schedule.processor = usize::try_from(nth).ok();
            }
            Way::Lowest => schedule.priority = Priority::Lowest,
            // On one processor: were all of them busy with such tasks, a kernel
            // that waits for an ordinary one could wait for ever.
            Way::RealTime => {
                schedule.priority = Priority::RealTime;
                schedule.processor = Some(0);
            }
            Way::Delays => {
                if let Some(library) = jitter {
                    let library = library.display().to_string();
                    job.environment = vec![
                        ("LD_PRELOAD".into(), library),
                        ("JITTER_SEED".into(), nth.to_string()),
                    ];
                }
            }
        }
        job
    }
}

/// Runs `stress`.
///
/// # Errors
/// When nothing can be run at all.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    color: Color,
) -> Result<Status, Error> {
    let examples = workspace.select(&options.names.names)?;
    let runner = Runner::of_this_binary()?;
    let (cases, _) = case::build(workspace, &examples, options.python)?;
    let jitter = if cfg!(target_os = "linux") {
        let root = &workspace.root;
        Build { root, target: None, quiet: false }.library("jitter")
    } else {
        Err(Error::new("only Linux can preload"))
    };
    let mut stress = Stress {
        cases: &cases,
        ways: allowed(&runner, &jitter),
        runner: &runner,
        options,
        jitter: jitter.ok(),
        seen: BTreeMap::new(),
        color,
        started: Instant::now(),
    };
    stress.run();
    Ok(stress.tell())
}

/// The ways that this machine and this user can have; says which it cannot.
fn allowed(runner: &Runner, jitter: &Result<PathBuf, Error>) -> Vec<Way> {
    let mut ways = Vec::new();
    for way in WAYS {
        let job = Job { program: "/bin/echo".into(), ..Job::default() };
        let library = jitter.as_deref();
        let tried = match (way, library) {
            (Way::RealTime, _) if suite::processors() < 2 => {
                Err("it takes two processors".to_owned())
            }
            (Way::Delays, Err(why)) => Err(why.to_string()),
            _ => runner
                .run(&way.apply(&job, 0, library.ok()), Duration::from_secs(60))
                .map_err(|fault| format!("{fault:?}"))
                .map(drop),
        };
        match tried {
            Ok(()) => ways.push(way),
            Err(why) => output::print(format!(
                "without the schedule `{}`: {why}\n",
                way.name()
            )),
        }
    }
    ways
}

struct Stress<'a> {
    cases: &'a [Case<'a>],
    ways: Vec<Way>,
    runner: &'a Runner,
    options: &'a Options,
    jitter: Option<PathBuf>,
    seen: BTreeMap<usize, Seen>,
    color: Color,
    started: Instant,
}

/// What was seen of one case.
#[derive(Default)]
struct Seen {
    runs: BTreeMap<Way, u64>,
    failures: BTreeMap<Way, u64>,
    orders: BTreeSet<Vec<usize>>,
    skipped: bool,
    reports: Vec<(Way, u64, Failure)>,
}

impl Seen {
    fn failed(&self) -> u64 {
        self.failures.values().sum()
    }
}

/// One run to do.
#[derive(Clone, Copy)]
struct Turn {
    case: usize,
    way: Way,
    nth: u64,
}

impl Stress<'_> {
    fn run(&mut self) {
        let total = match self.options.minutes {
            Some(_) => u64::MAX,
            None => self.options.runs,
        };
        let mut done = 0;
        // A round is one run for each way, so that a short stress and one that
        // is cut short have seen all ways alike.
        while done < total && !self.over() {
            let ways = self.ways.len() as u64;
            let rounds = if total == u64::MAX { 1 } else { total };
            let part = rounds.min(total - done).min(10 * ways);
            self.some(done, part);
            done += part;
        }
    }

    /// Whether the time is up, the user has had enough, or a failure was found
    /// that was asked to be the last.
    fn over(&self) -> bool {
        let minutes = self.options.minutes;
        let limit = minutes.map(|m| Duration::from_secs_f64(60.0 * m));
        self.runner.interrupted()
            || limit.is_some_and(|limit| self.started.elapsed() >= limit)
            || self.options.until_failure
                && self.seen.values().any(|seen| seen.failed() > 0)
    }

    /// Does the runs `first` to `first + count` of every case.
    fn some(&mut self, first: u64, count: u64) {
        for (ways, crowding) in PHASES {
            let mut turns = Vec::new();
            for nth in first..first + count {
                let way = self.ways[nth as usize % self.ways.len()];
                if ways.contains(&way) {
                    let nth = self.options.seed + nth;
                    let cases = 0..self.cases.len();
                    turns.extend(cases.map(|case| Turn { case, way, nth }));
                }
            }
            if self.over() || turns.is_empty() {
                continue;
            }
            let burners = ways.contains(&Way::Loaded);
            while_loaded(burners, || self.turns(&turns, crowding));
        }
    }

    fn turns(&mut self, turns: &[Turn], crowding: usize) {
        let bar = suite::progress(turns.len());
        bar.set_message(turns[0].way.name());
        let style = Style { color: self.color.on };
        let (cases, runner) = (self.cases, self.runner);
        let jitter = self.jitter.clone();
        suite::side_by_side(
            turns,
            crowding * suite::default_jobs(),
            |turn| {
                let case = cases[turn.case].rescheduled(|job| {
                    turn.way.apply(job, turn.nth, jitter.as_deref())
                });
                case.check(runner, PATIENCE, &style)
            },
            |index, verdict| {
                bar.inc(1);
                let turn = turns[index];
                if matches!(verdict, Verdict::Interrupted) {
                    return false;
                }
                let seen = self.seen.entry(turn.case).or_default();
                *seen.runs.entry(turn.way).or_default() += 1;
                match verdict {
                    Verdict::Passed { matched, .. } => {
                        seen.orders.insert(matched.order);
                    }
                    Verdict::Failed(failure) => {
                        *seen.failures.entry(turn.way).or_default() += 1;
                        if seen.reports.len() < REPORTS {
                            seen.reports.push((turn.way, turn.nth, failure));
                        }
                    }
                    Verdict::Skipped(_) => seen.skipped = true,
                    Verdict::Interrupted => {}
                }
                !self.over()
            },
        );
        bar.finish_and_clear();
    }

    fn tell(&self) -> Status {
        let mut text = String::new();
        let (mut counts, mut runs) = (Counts::default(), 0);
        for (index, seen) in &self.seen {
            let case = &self.cases[*index];
            let of_case: u64 = seen.runs.values().sum();
            runs += of_case;
            if seen.failed() == 0 {
                let count = match seen.skipped {
                    true => &mut counts.skipped,
                    false => &mut counts.passed,
                };
                *count += 1;
                continue;
            }
            counts.failed += 1;
            let _ = writeln!(
                text,
                "{} {}: {} of {of_case} runs",
                self.color.red("failed"),
                case.label(),
                seen.failed()
            );
            for (way, failures) in &seen.failures {
                let of_way = seen.runs.get(way).copied().unwrap_or(0);
                let name = way.name();
                let _ = writeln!(text, "  {name}: {failures} of {of_way}");
            }
            for (way, nth, Failure { headline, report, .. }) in &seen.reports {
                let name = way.name();
                let _ = writeln!(
                    text,
                    "\n{} [{name}, seed {nth}]\n{report}",
                    self.color.bold(headline)
                );
            }
        }
        self.tell_orders(&mut text);
        if self.runner.interrupted() {
            text += "interrupted; what was known by then:\n";
        }
        let _ = writeln!(
            text,
            "{runs} runs over {} schedules in {:.0} s",
            self.ways.len(),
            self.started.elapsed().as_secs_f64()
        );
        output::print(text + &counts.line(self.color));
        match (self.runner.interrupted(), counts.failed) {
            (true, _) => Status::Interrupted,
            (false, 0) => Status::Well,
            (false, _) => Status::Failed,
        }
    }

    /// How many orders were seen where the order is open.
    fn tell_orders(&self, text: &mut String) {
        let mut one = Vec::new();
        for (index, seen) in &self.seen {
            let case = &self.cases[*index];
            let open = |ready: &crate::catalogue::case::Ready| {
                ready.expectation.has_open_order()
            };
            if seen.skipped || !case.ready.as_ref().is_ok_and(open) {
                continue;
            }
            let (label, orders) = (case.label(), seen.orders.len());
            let _ = writeln!(text, "{label}: {orders} orders seen");
            if orders == 1 {
                one.push(label);
            }
        }
        if !one.is_empty() {
            let _ = writeln!(
                text,
                "only one order of an open block, so it may be too loose: {}",
                one.join(", ")
            );
        }
    }
}

/// Does `work`, where `load` asks so with every processor kept busy.
fn while_loaded(load: bool, work: impl FnOnce()) {
    let stop = AtomicBool::new(false);
    let burners = if load { suite::default_jobs() / 2 } else { 0 };
    thread::scope(|scope| {
        for _ in 0..burners {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            });
        }
        // Also when `work` panics: the scope waits for the burners.
        let _stop = StopBurners(&stop);
        work();
    });
}

struct StopBurners<'a>(&'a AtomicBool);

impl Drop for StopBurners<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
