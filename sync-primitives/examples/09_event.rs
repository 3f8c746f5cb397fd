//! Event: a flag that any number of threads can wait for.
//!
//! Python: `threading.Event()`, in `09_event.py`.
//! Notes: N0:545, N1:104, N2:129, N2:131, N3:45, N4:1530.
//!
//! Nobody passes `wait` before somebody calls `set`. After `set`, current and
//! future waiters pass until `clear`. Use it when one thread gives the word to
//! others: start now, the data is loaded, please stop. An event remembers, and
//! a condition variable does not: a thread that comes after `set` has missed
//! nothing.
//!
//! std has no event; this one is in `src/event.rs`, a flag on a mutex and a
//! condition variable. If the flag is never cleared, std's `OnceLock<()>` is
//! one, with `set` and `wait`, and it can carry a value. To tell a thread to
//! stop, Rust programs often drop a channel's sender instead.
//!
//! Main counts who waits and who is off before it gives the word, so a runner
//! that does not wait is seen on every run.
//!
//! ```text,expect
//! @threads
//! @peak 3..5 threads
//! main: 3 at the line, 0 off
//! main: go
//! @any
//! ann: off
//! bob: off
//! cid: off
//! @end
//! main: the flag stays up: true
//! dan: off
//! main: cleared, the flag is up: false
//! main: 1 at the line, 4 off
//! main: go
//! eve: off
//! main: 0 at the line, 5 off
//! ```
//!
//! Break it: `flag.wait();` => ``
//! Break it: `flag.clear();` => ``
//! Break it (Python): `flag.wait()` => `pass`
//! Break it (Python): `flag.clear()` => `pass`

use std::sync::{Mutex, MutexGuard};
use std::thread;

use sync_primitives::Event;

#[derive(Default)]
struct Race {
    flag: Event,
    off: Mutex<Vec<&'static str>>,
}

impl Race {
    fn run(&self, who: &'static str) {
        let Race { flag, .. } = self;
        flag.wait();
        self.off().push(who);
        println!("{who}: off");
    }

    fn off(&self) -> MutexGuard<'_, Vec<&'static str>> {
        self.off.lock().expect("no holder panics")
    }

    /// Returns when each of so many either waits or is off.
    fn line_up(&self, runners: usize) {
        loop {
            let (off, waiting) = (self.off().len(), self.flag.waiting());
            if off + waiting >= runners {
                return println!("main: {waiting} at the line, {off} off");
            }
            thread::yield_now();
        }
    }
}

fn main() {
    let race = Race::default();
    let flag = &race.flag;
    thread::scope(|s| {
        for who in ["ann", "bob", "cid"] {
            s.spawn(|| race.run(who));
        }
        race.line_up(3);
        println!("main: go");
        flag.set();
    });
    println!("main: the flag stays up: {}", flag.is_set());
    thread::scope(|s| {
        s.spawn(|| race.run("dan"));
    });
    flag.clear();
    println!("main: cleared, the flag is up: {}", flag.is_set());
    thread::scope(|s| {
        s.spawn(|| race.run("eve"));
        race.line_up(5);
        println!("main: go");
        flag.set();
    });
    race.line_up(5);
}
