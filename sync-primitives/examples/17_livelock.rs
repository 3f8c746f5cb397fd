//! Livelock: both give way, again and again, and nobody gets through.
//!
//! Python: `threading.Lock` and `random`, in `17_livelock.py`.
//! Notes: N0:696.
//!
//! This is `deadlock` with politeness: a thread that finds the second lock
//! taken releases the first one and starts again. If both do so in step,
//! neither makes progress, though both are busy; in a process list it looks
//! like work. In a real program the two fall out of step sooner or later, so it
//! passes for slowness. Here a barrier keeps them in step: both have their
//! first lock before either tries the second, and both have tried before either
//! gives way.
//!
//! The cure is chance: each tosses a coin to decide whether to try in this
//! round. As soon as one sits a round out, the other gets both locks. Ethernet
//! and clients that retry over a network use such a random back-off. std has no
//! random numbers; a `RandomState`, which gives every `HashMap` a key of its
//! own, serves as a coin.
//!
//! ```text,expect
//! @threads
//! @peak 2..4 threads
//! main: both polite, 10 rounds
//! @lanes
//! ann: tried in 10 of 10 rounds, got through: 0
//! bob: tried in 10 of 10 rounds, got through: 0
//! @end
//! main: both toss a coin first
//! @lanes
//! cid: tried in {:int 1..1000} of {rounds:int 2..1000} rounds, got through: 1
//! dan: tried in {:int 1..1000} of {rounds:int 2..1000} rounds, got through: 1
//! @end
//! main: got through in all: 2
//! ```
//!
//! Break it: `RandomState::new().hash_one(round) % 2 == 0` => `round > 0`
//! Break it: `pass(who[1], &right, &left)` => `pass(who[1], &left, &right)`
//! Break it (Python): `random.getrandbits(1) == 0` => `True`
//! Break it (Python): `(second, self.right, self.left)` =>
//! `(second, self.left, self.right)`

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

fn main() {
    println!("main: both polite, 10 rounds");
    meet(["ann", "bob"], 10, |_| true);
    println!("main: both toss a coin first");
    let served = meet(["cid", "dan"], 1000, |round| {
        RandomState::new().hash_one(round) % 2 == 0 // a coin
    });
    println!("main: got through in all: {served}");
}

/// Two threads need both locks, once each, and have so many rounds for it.
fn meet(who: [&str; 2], rounds: u32, tries: fn(u32) -> bool) -> u32 {
    let (left, right) = (Mutex::new(()), Mutex::new(()));
    let in_step = Barrier::new(2);
    let served = AtomicU32::new(0);
    let pass = |who: &str, first: &Mutex<()>, second: &Mutex<()>| {
        let (mut round, mut tried, mut through) = (0, 0, 0);
        while round < rounds && served.load(Ordering::Relaxed) < 2 {
            round += 1;
            let goes = through == 0 && tries(round);
            let held = if goes { first.try_lock().ok() } else { None };
            in_step.wait(); // both hold their first lock, or sit this out
            if held.is_some() {
                tried += 1;
                if second.try_lock().is_ok() {
                    through += 1;
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
            in_step.wait(); // both have tried; now they give way
            drop(held);
            in_step.wait();
        }
        println!(
            "{who}: tried in {tried} of {round} rounds, got through: {through}"
        );
    };
    thread::scope(|s| {
        s.spawn(|| pass(who[0], &left, &right));
        s.spawn(|| pass(who[1], &right, &left));
    });
    served.into_inner()
}
