//! Threads that live on and do their part of every slice.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;

use super::spread;

/// So many threads that wait for a number.
pub(crate) struct Crew {
    ask: Vec<Sender<u64>>,
    answers: Receiver<u64>,
}

impl Crew {
    /// Each thread runs `work` with its own number and its part.
    pub(crate) fn new(
        threads: u64,
        work: impl Fn(u64, u64) -> u64 + Send + Sync + 'static,
    ) -> Crew {
        let work = Arc::new(work);
        let (answer, answers) = channel();
        let start = |me| {
            let (ask, asked) = channel();
            let (work, answer) = (Arc::clone(&work), answer.clone());
            thread::spawn(move || {
                spread(me);
                for part in asked {
                    if answer.send(work(me, part)).is_err() {
                        break;
                    }
                }
            });
            ask
        };
        Crew { ask: (0..threads).map(start).collect(), answers }
    }

    /// Gives each its part of `n`, and sums what they answer.
    pub(crate) fn run(&self, n: u64) -> u64 {
        for ask in &self.ask {
            ask.send(n / self.ask.len() as u64).expect("it waits");
        }
        self.answers.iter().take(self.ask.len()).fold(0, u64::wrapping_add)
    }
}

/// Where threads begin a slice together.
///
/// A wake-up on another core takes long: a thread that began before the others are
/// awake would have the lock, or an empty queue, to itself for that time.
pub(crate) struct Meeting {
    threads: usize,
    asleep: Barrier,
    awake: AtomicUsize,
}

impl Meeting {
    pub(crate) fn new(threads: usize) -> Arc<Meeting> {
        let (asleep, awake) = (Barrier::new(threads), AtomicUsize::new(0));
        Arc::new(Meeting { threads, asleep, awake })
    }

    /// Waits for all: asleep first, so that nobody spins between slices, then awake.
    pub(crate) fn meet(&self) {
        self.asleep.wait();
        let number = self.awake.fetch_add(1, Ordering::AcqRel);
        let last = (number / self.threads + 1) * self.threads;
        for round in 0_u32.. {
            if self.awake.load(Ordering::Acquire) >= last {
                return;
            }
            // More threads than cores: the others need this one to come.
            if round % 100 == 99 { thread::yield_now() } else { spin_loop() }
        }
    }
}
