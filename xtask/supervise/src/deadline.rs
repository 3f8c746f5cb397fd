//! A time-out that does not count what the machine withholds.
//!
//! Time is counted in ticks. A tick that took longer than it was asked for counts
//! as asked: then this process was not let run, or all were stopped for a while.
//! And of a tick in which the program could have run and was not let, that part
//! does not count. So a program that hangs or spins is ended in its time, and one
//! that only waits for the machine is not. It is ended all the same when many
//! times its time has passed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use nix::unistd::Pid;

use crate::processes::{Processes, Share};

/// How often the program is looked at. Most have ended by then.
const TICK: Duration = Duration::from_millis(250);

/// After so many times its time a program is ended in any case.
const PATIENCE: u32 = 30;

/// A time-out, being counted.
#[derive(Debug)]
pub(crate) struct Deadline {
    limit: Duration,
    counted: Duration,
    begun: Instant,
    last: Instant,
    /// What each thread had at the last tick.
    shares: HashMap<i32, Share>,
}

impl Deadline {
    /// Ends after `limit` from now.
    pub(crate) fn new(limit: Duration) -> Deadline {
        let now = Instant::now();
        let shares = HashMap::new();
        Deadline {
            limit,
            counted: Duration::ZERO,
            begun: now,
            last: now,
            shares,
        }
    }

    /// How long to wait until [`Deadline::is_over`] is to be asked again.
    pub(crate) fn next(&self) -> Duration {
        let left = self.limit.saturating_sub(self.counted).min(TICK);
        // Rounded up: a wait that ends a little early would spin.
        left.saturating_sub(self.last.elapsed()) + Duration::from_millis(1)
    }

    /// Counts the time since the last tick, if it is time for one; `root` is the
    /// supervisor, below which all runs.
    pub(crate) fn is_over(
        &mut self,
        root: Option<Pid>,
        processes: Option<&Processes>,
    ) -> bool {
        let asked = self.limit.saturating_sub(self.counted).min(TICK);
        let passed = self.last.elapsed();
        if passed >= asked {
            self.last += passed;
            let shares = root.zip(processes).map(|(root, processes)| {
                let mut all = processes.below(root);
                // Whoever looks runs at this moment.
                if root != Pid::this() {
                    all.push(root);
                }
                (processes.shares(&all), processes.now())
            });
            let (shares, now) = shares.unwrap_or_default();
            let counts = self.count(asked, passed, shares, now);
            self.counted += counts;
        }
        self.counted >= self.limit
            || self.begun.elapsed() >= self.limit * PATIENCE
    }

    /// How much of a tick counts, after which the threads are at `shares`.
    fn count(
        &mut self,
        asked: Duration,
        passed: Duration,
        shares: Vec<Share>,
        now: u64,
    ) -> Duration {
        let whole = passed.as_secs_f64() * 1e9;
        let (mut ran, mut waited) = (0.0, 0.0);
        let mut next = HashMap::new();
        for mut share in shares {
            let last = self.shares.get(&share.thread).copied();
            let last = last.unwrap_or(Share { ran: 0, waited: 0, ..share });
            // It may be younger than the tick.
            let age = now.saturating_sub(share.started) as f64 * 1e7;
            let there = whole.min(age);
            let its_run = share.ran.saturating_sub(last.ran) as f64;
            // The kernel adds a wait when it is over; one that goes on is known
            // by the state alone.
            if share.runnable {
                let on = last.waited + (there - its_run).max(0.0) as u64;
                share.waited = share.waited.max(on);
            }
            share.waited = share.waited.max(last.waited);
            ran += its_run.min(whole);
            waited += (share.waited - last.waited) as f64;
            next.insert(share.thread, share);
        }
        self.shares = next;
        asked.mul_f64(granted(ran / whole, waited / whole))
    }
}

/// The part of a tick in which the program got what it could take, from what its
/// threads ran and waited for in sum, in ticks.
fn granted(ran: f64, waited: f64) -> f64 {
    let wanted = ran + waited;
    let part = if wanted <= 1.0 {
        // One after the other: the rest it slept.
        1.0 - waited
    } else {
        // Side by side: beside what the machine has for all of them.
        let processors = std::thread::available_parallelism();
        let processors = processors.map_or(1.0, |n| n.get() as f64);
        ran / wanted.min(processors)
    };
    part.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(deadline: &mut Deadline, passed: u64, shares: &[Share]) -> u64 {
        let (asked, passed) = (TICK, Duration::from_millis(passed));
        let counted = deadline.count(asked, passed, shares.to_vec(), 1_000_000);
        counted.as_millis() as u64
    }

    fn share(ran: u64, waited: u64, runnable: bool) -> Share {
        let (ran, waited) = (ran * 1_000_000, waited * 1_000_000);
        Share { thread: 7, ran, waited, runnable, started: 0 }
    }

    #[test]
    fn what_sleeps_or_spins_is_counted_whole() {
        let mut deadline = Deadline::new(Duration::from_secs(1));
        assert_eq!(tick(&mut deadline, 250, &[share(1, 0, false)]), 250);
        assert_eq!(tick(&mut deadline, 250, &[share(1, 0, false)]), 250);
        assert_eq!(tick(&mut deadline, 250, &[share(251, 0, true)]), 250);
        assert_eq!(tick(&mut deadline, 250, &[]), 250);
    }

    #[test]
    fn what_is_not_let_run_is_not_counted() {
        let mut deadline = Deadline::new(Duration::from_secs(1));
        tick(&mut deadline, 250, &[share(0, 0, false)]);
        // It waits, and the kernel has not yet said how long.
        assert_eq!(tick(&mut deadline, 250, &[share(25, 0, true)]), 25);
        // The kernel says it now: it is not taken off twice.
        assert_eq!(tick(&mut deadline, 250, &[share(275, 225, false)]), 250);
        // It slept a part, and waited a part.
        assert_eq!(tick(&mut deadline, 250, &[share(300, 325, false)]), 150);
    }

    #[test]
    fn a_pause_counts_as_one_tick() {
        let mut deadline = Deadline::new(Duration::from_secs(1));
        assert_eq!(tick(&mut deadline, 15_000, &[share(1, 0, false)]), 250);
    }

    #[test]
    fn many_that_spin_are_counted_by_what_the_machine_has() {
        let processors = std::thread::available_parallelism();
        let processors = processors.map_or(1, |n| n.get() as u64);
        let mut deadline = Deadline::new(Duration::from_secs(1));
        let threads = |ran: u64| -> Vec<Share> {
            let of = |thread| Share { thread, ..share(ran, 0, true) };
            (0..100).map(of).collect()
        };
        tick(&mut deadline, 250, &threads(0));
        let alone = 250 * processors / 100;
        let counted = tick(&mut deadline, 250, &threads(alone));
        assert!(counted >= 200, "{counted}");
        let counted = tick(&mut deadline, 250, &threads(alone + alone / 5));
        assert!(counted <= 100, "{counted}");
    }
}
