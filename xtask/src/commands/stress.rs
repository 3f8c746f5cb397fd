//! `stress`: the same examples many times, over a portfolio of schedules.
//!
//! No schedule finds every fault (a test that relies on who prints first shows
//! under real-time priority, one that relies on a short sleep under injected
//! delays), so each example's runs are dealt out over all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use supervise::{Fault, Job, Priority, Runner};

use crate::Error;
use crate::catalogue::case::{self, Case};
use crate::catalogue::workspace::Workspace;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::results::{Cause, Checked, Counts, Failure, Verdict};
use crate::session::{self, Plan, Session};

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
    #[arg(value_parser = minutes, allow_negative_numbers = true)]
    minutes: Option<Duration>,
    /// Stop at the first failure
    #[arg(long)]
    until_failure: bool,
    /// Stress the Python siblings too
    #[arg(long)]
    python: bool,
    /// Where the injected delays begin; a failure names its own
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u64).range(..=u64::MAX / 2))]
    seed: u64,
}

/// Reads a number of minutes that a clock can count.
fn minutes(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map(|minutes: f64| 60.0 * minutes);
    seconds
        .ok()
        .filter(|seconds| *seconds > 0.0)
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "write a number of minutes above 0".to_owned())
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
    fn apply(self, job: &Job, nth: u64) -> Job {
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
                let seed = (supervise::SEED.into(), nth.to_string());
                job.environment.push(seed);
            }
        }
        job
    }
}

impl Options {
    /// Runs `stress`.
    ///
    /// # Errors
    /// When nothing can be run at all.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let examples = workspace.select(&self.names.names)?;
        let session = Session::new(workspace, output)?;
        let (cases, _) =
            case::build(workspace, &session.runner, &examples, self.python)?;
        let mut stress = Stress {
            cases: &cases,
            ways: allowed(&session)?,
            session: &session,
            options: self,
            seen: BTreeMap::new(),
            notices: BTreeSet::new(),
            started: Instant::now(),
        };
        stress.run();
        Ok(stress.tell())
    }
}

/// The ways that this machine and this user can have; says which it cannot.
///
/// # Errors
/// When it can have none, or the user stops.
fn allowed(session: &Session<'_>) -> Result<Vec<Way>, Error> {
    let mut ways = Vec::new();
    for way in WAYS {
        let tried = if way == Way::RealTime && session::processors() < 2 {
            Err("it takes two processors".to_owned())
        } else {
            try_way(&session.runner, way)?
        };
        match tried {
            Ok(()) => ways.push(way),
            Err(why) => session.output.print(format!(
                "without the schedule `{}`: {why}\n",
                way.name()
            )),
        }
    }
    if ways.is_empty() {
        let why = "this machine can have none of the schedules";
        return Err(Error::Usage(why.into()));
    }
    Ok(ways)
}

/// Runs this very program, which is there for certain, in that way.
fn try_way(runner: &Runner, way: Way) -> Result<Result<(), String>, Error> {
    let program = std::env::current_exe()
        .map_err(|e| Error::file("the path of xtask itself".as_ref(), e))?;
    let arguments = vec!["--version".to_owned()];
    let job = Job { program, arguments, ..Job::default() };
    match runner.run(&way.apply(&job, 0), PROBE) {
        // The library that sees who speaks is the one that delays.
        Ok(outcome) => Ok(match outcome.unseen {
            Some(why) if way == Way::Delays => Err(why),
            _ => Ok(()),
        }),
        Err(Fault::Interrupted) => Err(Error::Interrupted),
        Err(fault) => Ok(Err(fault.to_string())),
    }
}

/// How long the trial of a schedule may take.
const PROBE: Duration = Duration::from_secs(60);

struct Stress<'a> {
    cases: &'a [Case<'a>],
    ways: Vec<Way>,
    session: &'a Session<'a>,
    options: &'a Options,
    seen: BTreeMap<usize, Seen>,
    notices: BTreeSet<String>,
    started: Instant,
}

/// What was seen of one case.
#[derive(Default)]
struct Seen {
    runs: BTreeMap<Way, u64>,
    failures: BTreeMap<Way, u64>,
    orders: BTreeSet<Vec<usize>>,
    skipped: bool,
    /// One run did not end in its time.
    hung: bool,
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
        let limit = self.options.minutes;
        self.session.runner.interrupted()
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
                    let nth = self.options.seed.wrapping_add(nth);
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
        let plan = Plan {
            runs: turns.len() as u64,
            jobs: crowding * session::default_jobs(),
            what: turns[0].way.name(),
        };
        let (cases, session) = (self.cases, self.session);
        let runner = &session.runner;
        let notices = session.run(
            plan,
            |index| {
                let Turn { case, way, nth } = turns[index as usize];
                let apply = |job: &Job| way.apply(job, nth);
                cases[case].with_job(apply).check(runner, PATIENCE)
            },
            |index, checked| {
                self.add(turns[index as usize], checked);
                match self.over() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            },
        );
        self.notices.extend(notices);
    }

    fn add(&mut self, turn: Turn, checked: Checked) {
        let seen = self.seen.entry(turn.case).or_default();
        *seen.runs.entry(turn.way).or_default() += 1;
        match checked.verdict {
            Verdict::Passed(matched) => _ = seen.orders.insert(matched.order),
            Verdict::Failed(failure) => {
                *seen.failures.entry(turn.way).or_default() += 1;
                seen.hung |= matches!(failure.cause, Cause::Hung(_));
                if seen.reports.len() < REPORTS {
                    seen.reports.push((turn.way, turn.nth, failure));
                }
            }
            Verdict::Skipped(_) => seen.skipped = true,
            Verdict::Interrupted => {}
        }
    }

    fn tell(&self) -> Status {
        let output = self.session.output;
        let (mut counts, mut runs) = (Counts::default(), 0);
        for (index, seen) in &self.seen {
            let of_case: u64 = seen.runs.values().sum();
            runs += of_case;
            if seen.failed() > 0 {
                counts.failed += 1;
                self.tell_failures(&self.cases[*index], seen, of_case);
            } else if seen.skipped {
                counts.skipped += 1;
            } else {
                counts.passed += 1;
            }
        }
        let mut text = String::new();
        self.tell_orders(&mut text);
        for notice in &self.notices {
            let _ = writeln!(text, "{notice}");
        }
        let interrupted = self.session.runner.interrupted();
        if interrupted {
            text += "interrupted; what was known by then:\n";
        }
        let _ = writeln!(
            text,
            "{runs} runs over {} schedules in {:.0} s",
            self.ways.len(),
            self.started.elapsed().as_secs_f64()
        );
        output.print(text);
        output.counts(counts);
        Status::of(interrupted, counts.failed)
    }

    fn tell_failures(&self, case: &Case<'_>, seen: &Seen, of_case: u64) {
        let output = self.session.output;
        let (label, failed) = (case.label(), seen.failed());
        let word = output.red("failed");
        let mut text = format!("{word} {label}: {failed} of {of_case} runs\n");
        for (way, failures) in &seen.failures {
            let of_way = seen.runs.get(way).copied().unwrap_or(0);
            let _ = writeln!(text, "  {}: {failures} of {of_way}", way.name());
        }
        if seen.hung {
            let _ = writeln!(
                text,
                "  after the first that did not end, each was given {:?}",
                case::HUNG
            );
        }
        for (way, nth, failure) in &seen.reports {
            let _ = writeln!(
                text,
                "\n{} [{}, seed {nth}]\n{}",
                output.bold(failure.headline()),
                way.name(),
                failure.report(output.color()).unwrap_or_default()
            );
        }
        output.print(text);
    }

    /// How many orders were seen where the order is open.
    fn tell_orders(&self, text: &mut String) {
        let mut one = Vec::new();
        for (index, seen) in &self.seen {
            let case = &self.cases[*index];
            let open = |ready: &case::Ready| ready.expectation.has_open_order();
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
    let burners = if load { session::default_jobs() / 2 } else { 0 };
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
