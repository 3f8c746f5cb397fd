//! `measure`: what supervising and comparing cost, beside bare spawning.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use nix::sys::resource::{UsageWho, getrusage};

use crate::Error;
use crate::catalogue::case::{self, Case, Verdict};
use crate::catalogue::workspace::Workspace;
use crate::cli::{Names, Status};
use crate::commands::check;
use crate::output;
use crate::suite;
use expect::Style;
use supervise::Runner;

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

/// Runs `measure`.
///
/// # Errors
/// When nothing can be run at all.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Status, Error> {
    let examples = workspace.select(&options.names.names)?;
    case::build(workspace, &examples, false)?;
    let (cases, cargo) = case::build(workspace, &examples, false)?;
    let jobs = options.jobs.map_or_else(suite::default_jobs, usize::from);
    // Both kinds run in the order that `check-all` has learnt.
    let order = check::longest_first(&cases, &check::times(workspace));
    let queue = order.repeat(options.repeat as usize);
    let (mut bare, mut checked) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        // As in `check-all`, where cargo takes longer than the runner's start.
        let runner = Runner::of_this_binary()?;
        bare.push(cost(|| all(&queue, jobs, spawn_bare))?);
        checked.push(cost(|| {
            runner.announce(queue.len().saturating_sub(jobs));
            all(&queue, jobs, |case| check_one(case, &runner))?;
            drop(runner); // waits for its processes, whose time then counts
            Ok(())
        })?);
    }
    let (bare, checked) = (median(bare), median(checked));
    let count = queue.len();
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    let ratio = checked.wall.as_secs_f64() / bare.wall.as_secs_f64();
    let extra = checked.cpu.saturating_sub(bare.cpu) / count as u32;
    output::print(format!(
        "{count} runs, {jobs} at a time, medians of {} rounds\n\
         bare spawning: {:.0} ms wall, {:.0} ms CPU\n\
         check-all:     {:.0} ms wall, {:.0} ms CPU\n\
         ratio of the walls {ratio:.2}; {:.1} ms CPU more for each run\n\
         cargo's check that nothing is to build: {:.0} ms\n",
        options.rounds,
        ms(bare.wall),
        ms(bare.cpu),
        ms(checked.wall),
        ms(checked.cpu),
        ms(extra),
        ms(cargo),
    ));
    Ok(Status::Well)
}

fn check_one(case: &Case<'_>, runner: &Runner) -> Result<(), String> {
    match case.check(runner, 1, &Style { color: false }) {
        Verdict::Passed { .. } | Verdict::Skipped(_) => Ok(()),
        Verdict::Failed(failure) => Err(failure.headline),
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
    suite::side_by_side(
        queue,
        jobs,
        |case| work(case),
        |_, result| {
            failed = failed.take().or(result.err());
            true
        },
    );
    match failed {
        None => Ok(()),
        Some(why) => {
            let why = format!("{why}; only what passes is measured");
            Err(Error::new(why))
        }
    }
}

/// The processor time of this process and of all that it waited for.
#[allow(clippy::useless_conversion, reason = "microseconds are i32 on macOS")]
fn cpu() -> Result<Duration, Error> {
    let mut sum = Duration::ZERO;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)
            .map_err(|e| Error::new(format!("getrusage: {e}")))?;
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
