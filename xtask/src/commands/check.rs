//! `check-all`: build, run, compare.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use crate::Error;
use crate::catalogue::case::{self, Case, Failure, Verdict};
use crate::catalogue::workspace::Workspace;
use crate::cli::{Names, Partition, Status};
use crate::junit;
use crate::output::{self, Color, Counts};
use crate::suite::{self, Times};
use expect::Style;
use supervise::Runner;

/// How many full reports are shown before the rest is only counted.
const REPORTS: usize = 10;

/// What `check-all` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// Run the Python siblings too, against the same expectations
    #[arg(long)]
    python: bool,
    /// Run each example this many times; one failure is a failure
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// How many run at once [default: four for each processor]
    #[arg(long, value_name = "N")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Write the results to FILE as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Run only the Mth of N equal parts
    #[arg(long, value_name = "M/N")]
    partition: Option<Partition>,
}

/// One finished case, for the reports.
#[derive(Debug)]
pub struct Finished {
    /// Its topic.
    pub topic: String,
    /// Its name, with the language.
    pub label: String,
    /// How long it took.
    pub wall: Duration,
    /// What came of it.
    pub end: End,
}

/// What came of a case.
#[derive(Debug)]
pub enum End {
    /// It is as it should be.
    Passed,
    /// It is not.
    Failed(Failure),
    /// It cannot run here, for this reason.
    Skipped(String),
}

/// Runs `check-all`.
///
/// # Errors
/// When nothing can be run at all.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    color: Color,
) -> Result<Status, Error> {
    let mut examples = workspace.select(&options.names.names)?;
    if let Some(partition) = options.partition {
        examples = partition.take(&examples);
    }
    let runner = Runner::of_this_binary()?;
    let (cases, _) = case::build(workspace, &examples, options.python)?;
    let started = Instant::now();
    let summary = check(workspace, &cases, &runner, options, color);
    let elapsed = started.elapsed();
    if let Some(file) = &options.junit {
        junit::write(file, &summary.finished)?;
    }
    summary.tell(&runner, elapsed, color);
    Ok(summary.status(&runner))
}

/// The order that ends soonest: the longest first.
pub fn longest_first<'a, 'c>(
    cases: &'a [Case<'c>],
    times: &Times,
) -> Vec<&'a Case<'c>> {
    let mut order: Vec<(f64, &Case<'_>)> =
        cases.iter().map(|c| (times.of(&c.label()), c)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    order.into_iter().map(|(_, case)| case).collect()
}

/// The file that keeps the times of the last run.
pub fn times(workspace: &Workspace) -> Times {
    Times::load(workspace.root.join("target/xtask/times.json"))
}

fn check(
    workspace: &Workspace,
    cases: &[Case<'_>],
    runner: &Runner,
    options: &Options,
    color: Color,
) -> Summary {
    let times = times(workspace);
    let mut queue = Vec::new();
    for _ in 0..options.repeat {
        queue.extend(longest_first(cases, &times));
    }
    let jobs = options.jobs.map_or_else(suite::default_jobs, usize::from);
    let bar = suite::progress(queue.len());
    let style = Style { color: color.on };
    let mut summary = Summary::default();
    runner.announce(queue.len().saturating_sub(jobs));
    suite::side_by_side(
        &queue,
        jobs,
        |case| {
            let started = Instant::now();
            let verdict = case.check(runner, 1, &style);
            (verdict, started.elapsed())
        },
        |index, (verdict, wall)| {
            let case = queue[index];
            bar.inc(1);
            let end = match verdict {
                Verdict::Passed { wall, fallback, .. } => {
                    times.set(case.label(), wall);
                    summary.fallback = fallback.or(summary.fallback.take());
                    End::Passed
                }
                Verdict::Failed(failure) => {
                    let line = format!(
                        "{} {}\n",
                        color.red("failed"),
                        failure.headline
                    );
                    bar.suspend(|| output::print(line));
                    End::Failed(failure)
                }
                Verdict::Skipped(why) => {
                    let line = format!("skipped {}: {why}\n", case.label());
                    bar.suspend(|| output::print(line));
                    End::Skipped(why)
                }
                Verdict::Interrupted => return false,
            };
            summary.finished.push(Finished {
                topic: case.example.topic.clone(),
                label: case.label(),
                wall,
                end,
            });
            !runner.interrupted()
        },
    );
    bar.finish_and_clear();
    times.save();
    summary
}

#[derive(Default)]
struct Summary {
    finished: Vec<Finished>,
    fallback: Option<String>,
}

impl Summary {
    fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.finished.iter().filter_map(|finished| match &finished.end {
            End::Failed(failure) => Some(failure),
            _ => None,
        })
    }

    fn status(&self, runner: &Runner) -> Status {
        if runner.interrupted() {
            Status::Interrupted
        } else if self.failures().next().is_some() {
            Status::Failed
        } else {
            Status::Well
        }
    }

    fn tell(&self, runner: &Runner, elapsed: Duration, color: Color) {
        let told = self.failures().filter(|f| !f.report.is_empty());
        for failure in told.take(REPORTS) {
            output::print(format!(
                "\n{}\n\n{}",
                color.bold(&failure.headline),
                failure.report
            ));
        }
        let failed = self.failures().count();
        let is_skipped = |f: &&Finished| matches!(f.end, End::Skipped(_));
        let skipped = self.finished.iter().filter(is_skipped).count();
        let passed = self.finished.len() - failed - skipped;
        let mut end = String::from("\n");
        if failed > REPORTS {
            end += &format!(
                "{} more reports; `cargo xtask check-all NAME` shows one\n\n",
                failed - REPORTS
            );
        }
        if let Some(why) = &self.fallback {
            end += &format!(
                "namespaces are refused here ({why}): examples ran under a \
                 sub-reaper, which sees leaked processes and files, and leaked \
                 segments only by name\n"
            );
        }
        if runner.interrupted() {
            end += "interrupted; what had finished by then:\n";
        }
        if end == "\n" && failed == 0 {
            end.clear();
        }
        end += &format!("ran in {:.2} s\n", elapsed.as_secs_f64());
        end += &Counts { passed, failed, skipped }.line(color);
        output::print(end);
    }
}
