//! `measure`: what supervising and comparing cost, beside bare spawning.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};

use expect::{Expectation, SourceLine};
use supervise::{Job, Runner};

use crate::Error;
use crate::catalogue::case::{self, Case, Ready};
use crate::catalogue::workspace::Workspace;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::results::Verdict;
use crate::session::{self, Session, side_by_side};
use crate::times::Times;

/// What `measure` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// Rounds of either kind, one after the other in turn
    #[arg(long, value_name = "N", default_value_t = 7)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Run each example this many times in a round
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// How many run at once [default: four for each processor]
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// In place of examples, measure so many programs that sleep for 20 ms
    #[arg(long, value_name = "N", conflicts_with_all = ["names", "repeat"])]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    sleep: Option<u16>,
}

impl Options {
    /// Runs `measure`.
    ///
    /// # Errors
    /// When nothing can be run at all, or an example does not pass.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        if let Some(count) = self.sleep {
            let (label, ready) = ("sleep".into(), &sleeper()?);
            let program = Program { label, ready, case: None };
            let programs = vec![program; count.into()];
            self.measure(workspace, output, &programs)?;
            return Ok(Status::Well);
        }
        let examples = workspace.select(&self.names.names)?;
        let (cases, cargo) = {
            let session = Session::new(workspace, output)?;
            let build =
                || case::build(workspace, &session.runner, &examples, false);
            build()?;
            build()?
        };
        let programs: Result<Vec<_>, _> =
            cases.iter().map(Program::of).collect();
        let programs = vec![programs?; self.repeat as usize].concat();
        self.measure(workspace, output, &programs)?;
        output.print(format!(
            "cargo's check that nothing is to build: {:.0} ms\n",
            ms(cargo),
        ));
        Ok(Status::Well)
    }

    /// Runs `programs` both ways, in turn, and tells what that cost.
    fn measure(
        &self,
        workspace: &Workspace,
        output: &Output,
        programs: &[Program<'_>],
    ) -> Result<(), Error> {
        let jobs = self.jobs.map_or_else(session::default_jobs, usize::from);
        let (mut bare, mut checked) = (Vec::new(), Vec::new());
        // What is slow one way need not be so the other: each is run in the
        // order that the first round, which does not count, has taught.
        let times = [(); 2].map(|()| Times::default());
        for _ in 0..=self.rounds {
            let [bare_times, checked_times] = &times;
            bare.push(cost(|| {
                all(programs, jobs, bare_times, |one| one.spawn_bare())
            })?);
            // As in `check-all`, where cargo takes longer than the runner's
            // start.
            let runner = Session::new(workspace, output)?.runner;
            checked.push(cost(|| {
                runner.announce(programs.len().saturating_sub(jobs));
                let check = |program: &Program<'_>| program.check(&runner);
                all(programs, jobs, checked_times, check)?;
                drop(runner); // waits for its processes, whose time then counts
                Ok(())
            })?);
        }
        let count = programs.len();
        let [bare, checked] = [bare, checked].map(|all| median(&all[1..]));
        let ratio = checked.wall.as_secs_f64() / bare.wall.as_secs_f64();
        let extra = ms(checked.cpu) - ms(bare.cpu);
        output.print(format!(
            "{count} runs, {jobs} at a time, medians of {} rounds\n\
             bare spawning: {:.0} ms wall, {:.0} ms CPU\n\
             check-all:     {:.0} ms wall, {:.0} ms CPU\n\
             ratio of the walls {ratio:.2}; {:.1} ms CPU more for each run\n",
            self.rounds,
            ms(bare.wall),
            ms(bare.cpu),
            ms(checked.wall),
            ms(checked.cpu),
            extra / count as f64,
        ));
        Ok(())
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// What is run both ways.
#[derive(Clone)]
struct Program<'c> {
    label: String,
    ready: &'c Ready,
    /// The case that it is of; none where it is no example.
    case: Option<&'c Case<'c>>,
}

/// Tells what is wrong with a program in place of its cost.
fn only_what_passes(why: &str) -> Error {
    Error::Usage(format!("{why}; only what passes is measured"))
}

impl<'c> Program<'c> {
    fn of(case: &'c Case<'c>) -> Result<Program<'c>, Error> {
        let ready = case.ready.as_ref().map_err(|e| only_what_passes(e))?;
        Ok(Program { label: case.label(), ready, case: Some(case) })
    }

    fn check(&self, runner: &Runner) -> Result<(), String> {
        let Some(case) = self.case else { return self.run(runner) };
        match case.check(runner, 1).verdict {
            Verdict::Passed(_) | Verdict::Skipped(_) => Ok(()),
            Verdict::Failed(failure) => Err(failure.headline()),
            Verdict::Interrupted => Err("interrupted".into()),
        }
    }

    fn run(&self, runner: &Runner) -> Result<(), String> {
        let Ready { job, expectation } = self.ready;
        let outcome = runner.run(job, self.ready.timeout());
        let outcome = outcome.map_err(|fault| fault.to_string())?;
        let matched = expectation.compare(&outcome.observed);
        matched.map(drop).map_err(|_| format!("{} fails", self.label))
    }

    /// The same program as the check runs, with nothing around it.
    fn spawn_bare(&self) -> Result<(), String> {
        // Its own folder, for those that leave their files to it; in memory, as
        // those of the runner.
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let folder = folder.map_err(|e| e.to_string())?;
        let job = &self.ready.job;
        Command::new(&job.program)
            .args(&job.arguments)
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .env_remove("RUST_BACKTRACE")
            .stdin(Stdio::null())
            .output() // read from pipes
            .map(drop)
            .map_err(|e| e.to_string())
    }
}

/// A program that sleeps for 20 ms.
fn sleeper() -> Result<Ready, Error> {
    let (program, arguments) = ("sleep".into(), vec!["0.02".into()]);
    let job = Job { program, arguments, ..Job::default() };
    let line = SourceLine { number: 1, text: "@exit 0".into() };
    let expectation = Expectation::parse(&[line])
        .map_err(|_| only_what_passes("a sleep has no expectation"))?;
    Ok(Ready { job, expectation })
}

#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    cpu: Duration,
}

fn cost(work: impl FnOnce() -> Result<(), Error>) -> Result<Cost, Error> {
    let (started, before) = (Instant::now(), cpu()?);
    work()?;
    Ok(Cost { wall: started.elapsed(), cpu: cpu()? - before })
}

fn all(
    programs: &[Program<'_>],
    jobs: usize,
    times: &Times,
    work: impl Fn(&Program<'_>) -> Result<(), String> + Sync,
) -> Result<(), Error> {
    let queue = times.longest_first(programs, |p| p.label.clone());
    let mut failed = None;
    side_by_side(
        queue.len() as u64,
        jobs,
        |nth| {
            let program = queue[nth as usize];
            let started = Instant::now();
            let result = work(program);
            times.set(program.label.clone(), started.elapsed());
            result
        },
        |_, result| {
            failed = failed.take().or(result.err());
            ControlFlow::Continue(())
        },
    );
    failed.map_or(Ok(()), |why: String| Err(only_what_passes(&why)))
}

/// The processor time of this process and of all that it waited for.
#[allow(clippy::useless_conversion, reason = "microseconds are i32 on macOS")]
fn cpu() -> Result<Duration, Error> {
    let mut sum = Duration::ZERO;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)
            .map_err(|e| Error::file("getrusage".as_ref(), e.into()))?;
        for time in [usage.user_time(), usage.system_time()] {
            sum += Duration::from_micros(
                (time.tv_sec() * 1_000_000 + i64::from(time.tv_usec()))
                    .cast_unsigned(),
            );
        }
    }
    Ok(sum)
}

fn median(costs: &[Cost]) -> Cost {
    let of = |part: fn(&Cost) -> Duration| {
        let mut parts: Vec<_> = costs.iter().map(part).collect();
        parts.sort();
        parts[parts.len() / 2]
    };
    Cost { wall: of(|cost| cost.wall), cpu: of(|cost| cost.cpu) }
}
