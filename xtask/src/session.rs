//! The one loop that all commands run examples in: side by side, with a bar,
//! until the user stops it.

use std::collections::BTreeSet;
use std::io;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

use supervise::Runner;

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::output::Output;
use crate::results::{Checked, Verdict};
use crate::times::Times;

/// A command at its work: the workspace, the runner, and where it tells.
#[derive(Debug)]
pub struct Session<'w> {
    /// The workspace.
    pub workspace: &'w Workspace,
    /// Runs the programs.
    pub runner: Runner,
    /// Where it tells.
    pub output: &'w Output,
    /// How long each case took.
    pub times: Times,
}

/// What one loop does.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'p> {
    /// How many runs.
    pub runs: u64,
    /// How many at once, as far as the machine allows.
    pub jobs: usize,
    /// What is shown beside the bar.
    pub what: &'p str,
}

impl<'w> Session<'w> {
    /// Starts the runner.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn new(
        workspace: &'w Workspace,
        output: &'w Output,
    ) -> Result<Session<'w>, Error> {
        let runner = Runner::of_this_binary()?;
        let file = workspace.target.join("xtask/times.json");
        Ok(Session { workspace, runner, output, times: Times::load(file) })
    }

    /// Does `check` for each number of the plan, and hands what came of it to
    /// `each`, on this thread and as it comes, until `each` breaks off or the
    /// user stops. Returns what is to be told once, whatever came of the runs.
    pub fn run(
        &self,
        plan: Plan<'_>,
        check: impl Fn(u64) -> Checked + Sync,
        mut each: impl FnMut(u64, Checked) -> ControlFlow<()>,
    ) -> BTreeSet<String> {
        let Plan { runs, jobs, what } = plan;
        let ahead = usize::try_from(runs).unwrap_or(usize::MAX);
        self.runner.announce(ahead.saturating_sub(jobs));
        let bar = self.output.progress(runs, what);
        let mut notices = BTreeSet::new();
        side_by_side(runs, jobs, check, |nth, mut checked| {
            bar.step();
            if matches!(checked.verdict, Verdict::Interrupted) {
                return ControlFlow::Break(());
            }
            notices.extend(checked.notices.drain(..));
            each(nth, checked)?;
            match self.runner.interrupted() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        notices
    }
}

/// How many processors there are for us.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// How many run at once: examples mostly wait, so more than there are
/// processors.
pub fn default_jobs() -> usize {
    4 * processors()
}

/// As many of `jobs` as the limits leave room for: each holds three descriptors,
/// and twice that while it starts; and each is a thread, a supervisor, a program,
/// and a supervisor that waits for the next.
fn affordable(jobs: usize) -> usize {
    use nix::sys::resource::{Resource, getrlimit};
    let limit = |resource| match getrlimit(resource) {
        Ok((soft, _)) => usize::try_from(soft).unwrap_or(usize::MAX),
        Err(_) => usize::MAX,
    };
    let files = limit(Resource::RLIMIT_NOFILE).saturating_sub(24) / 8;
    let processes = limit(Resource::RLIMIT_NPROC) / 5;
    jobs.min(files).min(processes).max(1)
}

/// Does `work` on every number below `runs`, `jobs` at a time, in order, and
/// hands each result to `done` on the calling thread as it comes. With fewer
/// threads where the system gives no more; with none, one after the other here.
pub fn side_by_side<R: Send>(
    runs: u64,
    jobs: usize,
    work: impl Fn(u64) -> R + Sync,
    mut done: impl FnMut(u64, R) -> ControlFlow<()>,
) {
    let next = AtomicU64::new(0);
    let take = || {
        let more = |n: u64| (n < runs).then(|| n + 1);
        next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()
    };
    let stop = || next.store(runs, Ordering::Relaxed);
    let (sender, results) = mpsc::sync_channel(jobs);
    thread::scope(|scope| {
        let jobs = affordable(jobs).min(usize::try_from(runs).unwrap_or(jobs));
        for started in 0..jobs {
            let (take, work, sender) = (&take, &work, sender.clone());
            let worker = move || {
                while let Some(nth) = take() {
                    if sender.send((nth, work(nth))).is_err() {
                        return;
                    }
                }
            };
            let spawned: io::Result<_> =
                thread::Builder::new().spawn_scoped(scope, worker);
            if spawned.is_err() && started > 0 {
                break;
            }
            if spawned.is_err() {
                while let Some(nth) = take() {
                    if done(nth, work(nth)).is_break() {
                        stop();
                    }
                }
            }
        }
        drop(sender);
        for (nth, result) in results {
            if done(nth, result).is_break() {
                stop();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_however_many_work() {
        for jobs in [1, 3, 50] {
            let mut seen = BTreeSet::new();
            side_by_side(
                100,
                jobs,
                |nth| nth,
                |nth, same| {
                    assert_eq!(nth, same);
                    assert!(seen.insert(nth));
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(seen.len(), 100);
        }
    }

    #[test]
    fn breaking_off_starts_nothing_more() {
        let mut last = 0;
        side_by_side(
            u64::MAX,
            2,
            |nth| nth,
            |nth, _| {
                last = nth;
                match nth < 10 {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }
            },
        );
        assert!(last < 20);
    }
}
