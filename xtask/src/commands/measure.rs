//! `measure`: what supervising and comparing cost, beside bare spawning.

use std::ops::ControlFlow;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};

use supervise::Runner;

use crate::Error;
use crate::catalogue::case::{self, Case};
use crate::catalogue::workspace::Workspace;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::results::Verdict;
use crate::session::{self, Session, side_by_side};

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
        let examples = workspace.select(&self.names.names)?;
        let session = Session::new(workspace, output)?;
        let build =
            || case::build(workspace, &session.runner, &examples, false);
        build()?;
        let (cases, cargo) = build()?;
        let jobs = self.jobs.map_or_else(session::default_jobs, usize::from);
        let (mut bare, mut checked) = (Vec::new(), Vec::new());
        let count = cases.len() * self.repeat as usize;
        for _ in 0..self.rounds {
            // As in `check-all`, where cargo takes longer than the runner's
            // start.
            let session = Session::new(workspace, output)?;
            // Both kinds run in the order that `check-all` has learnt.
            let order = session.times.longest_first(&cases, Case::label);
            let queue = order.repeat(self.repeat as usize);
            bare.push(cost(|| all(&queue, jobs, spawn_bare))?);
            checked.push(cost(|| {
                let runner = session.runner;
                runner.announce(queue.len().saturating_sub(jobs));
                all(&queue, jobs, |case| check_one(case, &runner))?;
                drop(runner); // waits for its processes, whose time then counts
                Ok(())
            })?);
        }
        let (bare, checked) = (median(bare), median(checked));
        let ms = |d: Duration| d.as_secs_f64() * 1e3;
        let ratio = checked.wall.as_secs_f64() / bare.wall.as_secs_f64();
        let extra = checked.cpu.saturating_sub(bare.cpu) / count as u32;
        output.print(format!(
            "{count} runs, {jobs} at a time, medians of {} rounds\n\
             bare spawning: {:.0} ms wall, {:.0} ms CPU\n\
             check-all:     {:.0} ms wall, {:.0} ms CPU\n\
             ratio of the walls {ratio:.2}; {:.1} ms CPU more for each run\n\
             cargo's check that nothing is to build: {:.0} ms\n",
            self.rounds,
            ms(bare.wall),
            ms(bare.cpu),
            ms(checked.wall),
            ms(checked.cpu),
            ms(extra),
            ms(cargo),
        ));
        Ok(Status::Well)
    }
}

fn check_one(case: &Case<'_>, runner: &Runner) -> Result<(), String> {
    match case.check(runner, 1).verdict {
        Verdict::Passed(_) | Verdict::Skipped(_) => Ok(()),
        Verdict::Failed(failure) => Err(failure.headline()),
        Verdict::Interrupted => Err("interrupted".into()),
    }
}

/// The same program as the check runs, with nothing around it.
fn spawn_bare(case: &Case<'_>) -> Result<(), String> {
    let ready = case.ready.as_ref().map_err(Clone::clone)?;
    // Its own folder, for those that leave their files to it.
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    Command::new(&ready.job.program)
        .current_dir(folder.path())
        .env("TMPDIR", folder.path())
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map(drop)
        .map_err(|e| e.to_string())
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
    queue: &[&Case<'_>],
    jobs: usize,
    work: impl Fn(&Case<'_>) -> Result<(), String> + Sync,
) -> Result<(), Error> {
    let mut failed = None;
    side_by_side(
        queue.len() as u64,
        jobs,
        |nth| work(queue[nth as usize]),
        |_, result| {
            failed = failed.take().or(result.err());
            ControlFlow::Continue(())
        },
    );
    match failed {
        None => Ok(()),
        Some(why) => {
            Err(Error::Usage(format!("{why}; only what passes is measured")))
        }
    }
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

fn median(mut costs: Vec<Cost>) -> Cost {
    let middle = costs.len() / 2;
    costs.sort_by_key(|cost| cost.wall);
    let wall = costs[middle].wall;
    costs.sort_by_key(|cost| cost.cpu);
    Cost { wall, cpu: costs[middle].cpu }
}
