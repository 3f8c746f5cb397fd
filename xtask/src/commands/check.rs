//! `check-all`: build, run, compare.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use crate::Error;
use crate::catalogue::case::{self, Case};
use crate::catalogue::workspace::Workspace;
use crate::junit::Junit;
use crate::options::{Names, Partition, Status};
use crate::output::Output;
use crate::results::{Counts, Failure, Verdict};
use crate::session::{self, Plan, Session};

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

impl Options {
    /// Runs `check-all`.
    ///
    /// # Errors
    /// When nothing can be run at all, or the JUnit file cannot be written.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let mut examples = workspace.select(&self.names.names)?;
        if let Some(partition) = self.partition {
            examples = partition.take(&examples);
        }
        let junit = self.junit.as_deref().map(Junit::new).transpose()?;
        let session = Session::new(workspace, output)?;
        let (cases, _) =
            case::build(workspace, &session.runner, &examples, self.python)?;
        let mut summary = Summary { junit, ..Summary::default() };
        let started = Instant::now();
        self.check(&session, &cases, &mut summary);
        let interrupted = session.runner.interrupted();
        summary.tell(output, interrupted, started.elapsed());
        if let Some(junit) = summary.junit {
            junit.write(interrupted)?;
        }
        Ok(Status::of(interrupted, summary.counts.failed))
    }

    fn check(
        &self,
        session: &Session<'_>,
        cases: &[Case<'_>],
        summary: &mut Summary,
    ) {
        let order = session.times.longest_first(cases, Case::label);
        let at = |nth: u64| order[(nth % order.len() as u64) as usize];
        let plan = Plan {
            runs: u64::from(self.repeat) * order.len() as u64,
            jobs: self.jobs.map_or_else(session::default_jobs, usize::from),
            what: "",
        };
        let (output, runner) = (session.output, &session.runner);
        summary.notices = session.run(
            plan,
            |nth| at(nth).check(runner, 1),
            |nth, checked| {
                let (case, verdict) = (at(nth), checked.verdict);
                if let Verdict::Passed(_) = verdict {
                    session.times.set(case.label(), checked.wall);
                }
                if let Some(junit) = &mut summary.junit {
                    let topic = &case.example.topic;
                    junit.add(topic, &case.label(), checked.wall, &verdict);
                }
                summary.add(output, case, verdict);
                ControlFlow::Continue(())
            },
        );
        session.times.save();
    }
}

#[derive(Default)]
struct Summary {
    counts: Counts,
    /// The first that failed with a report.
    failures: Vec<Failure>,
    /// How many more did.
    more: usize,
    notices: BTreeSet<String>,
    junit: Option<Junit>,
}

impl Summary {
    fn add(&mut self, output: &Output, case: &Case<'_>, verdict: Verdict) {
        match verdict {
            Verdict::Passed(_) => self.counts.passed += 1,
            Verdict::Failed(failure) => {
                self.counts.failed += 1;
                output.failed(&failure);
                if failure.ran() && self.failures.len() < REPORTS {
                    self.failures.push(failure);
                } else {
                    self.more += 1;
                }
            }
            Verdict::Skipped(why) => {
                self.counts.skipped += 1;
                output.print(format!("skipped {}: {why}\n", case.label()));
            }
            Verdict::Interrupted => {}
        }
    }

    fn tell(&self, output: &Output, interrupted: bool, elapsed: Duration) {
        for failure in &self.failures {
            let headline = output.bold(failure.headline());
            let report = failure.report(output.color()).unwrap_or_default();
            output.print(format!("\n{headline}\n\n{report}"));
        }
        if self.counts.failed > 0 {
            output.print("\n");
        }
        if self.more > 0 && self.failures.len() == REPORTS {
            output.print(format!(
                "{} more reports; `cargo xtask check-all NAME` shows one\n\n",
                self.more
            ));
        }
        for notice in &self.notices {
            output.print(format!("{notice}\n"));
        }
        if interrupted {
            output.print("interrupted; what had finished by then:\n");
        }
        output.print(format!("ran in {:.2} s\n", elapsed.as_secs_f64()));
        output.counts(self.counts);
    }
}
