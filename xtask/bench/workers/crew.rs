//! Threads that live on and do their part of every slice.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
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
