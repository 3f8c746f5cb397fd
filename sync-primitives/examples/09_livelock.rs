//! Livelock: both give way, again and again, and nobody gets through.
//!
//! Python: `threading.Lock`, `random`, in `09_livelock.py`.
//! Notes: N0:671.
//!
//! Like `deadlock`, but nobody waits: who finds the second lock taken is
//! polite, gives the first one back and starts again. If both do so in step,
//! neither gets on, though both are busy; in a process list it looks like work.
//! In real programs the two get out of step sooner or later, so that it passes
//! for mere slowness. Here a barrier keeps them in step: both have their first
//! lock before either tries the second, and both have tried before either gives
//! way.
//!
//! What frees them is chance: each tosses a coin whether to try this time at
//! all. As soon as one sits out a round, the other gets both locks. That is the
//! random back-off of Ethernet and of retries over a network. std has no random
//! numbers; a `RandomState`, which keys every `HashMap` anew, serves for a
//! coin.
//!
//! ```text,expect
//! main: both polite, 10 rounds
//! @lanes
//! ann: tried 10 times, got through: 0
//! bob: tried 10 times, got through: 0
//! @end
//! main: both toss a coin first
//! @lanes
//! ann: tried {:int 1..} times, got through: 1
//! bob: tried {:int 1..} times, got through: 1
//! @end
//! ```
//!
//! Break it: `RandomState::new().hash_one(round) % 2 == 0` => `round > 0`
//! Break it: `("bob", &right, &left)` => `("bob", &left, &right)`

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    println!("main: both polite, 10 rounds");
    meet(10, |_| true);
    println!("main: both toss a coin first");
    meet(1000, |round| RandomState::new().hash_one(round) % 2 == 0);
}

/// Two threads need both locks, once each, and have so many rounds for it.
fn meet(rounds: u32, tries: fn(u32) -> bool) {
    let (left, right) = (Mutex::new(()), Mutex::new(()));
    let in_step = Barrier::new(2);
    let served = AtomicU32::new(0);
    let pass = |who, first: &Mutex<()>, second: &Mutex<()>| {
        let (mut tried, mut through) = (0, 0);
        for round in 1..=rounds {
            let goes = through == 0 && tries(round);
            let held = if goes { first.try_lock().ok() } else { None };
            in_step.wait();
            if held.is_some() {
                tried += 1;
                if second.try_lock().is_ok() {
                    through += 1;
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
            in_step.wait();
            if served.load(Ordering::Relaxed) == 2 {
                break;
            }
        }
        println!("{who}: tried {tried} times, got through: {through}");
    };
    thread::scope(|s| {
        for (who, first, second) in
            [("ann", &left, &right), ("bob", &right, &left)]
        {
            s.spawn(move || pass(who, first, second));
        }
    });
}
