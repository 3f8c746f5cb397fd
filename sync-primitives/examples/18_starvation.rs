//! Starvation: the lock is always in use, and one thread never gets it.
//!
//! Python: a read-write lock built by hand, in `18_starvation.py`.
//! Notes: N0:712.
//!
//! Readers share the lock; a writer needs it alone. If new readers may pass a
//! waiting writer, and each comes in before the last one leaves, the lock is
//! never free: the writer starves while everybody else makes progress. The cure
//! is a rule: new readers queue behind a waiting writer. parking_lot has both
//! rules: `RecursiveRwLock` lets readers pass, `RwLock` puts waiting writers
//! first. std's `RwLock` leaves the rule to the platform, and Python's standard
//! library has no read-write lock, so the sibling builds one.
//!
//! Such a rule is not yet fairness. A plain unlock lets a running thread retake
//! the lock before the woken one arrives, in parking_lot, in std, and in
//! Python, which promises no order. `unlock_fair` and `FairMutex` of
//! parking_lot hand the lock over to a waiter, at the price of a thread switch.
//!
//! ```text,expect
//! @threads
//! @peak 1..2 threads
//! main: readers pass a waiting writer
//! main: reading, a writer waits: true
//! main: 1000 more reads, 0 of them waited, 0 writes
//! writer 1: has the lock
//! main: a waiting writer goes first
//! main: reading, a writer waits: true
//! writer 2: has the lock
//! main: 1000 more reads, 1 of them waited, 1 writes
//! ```
//!
//! Break it: `contend(1, &RecursiveRwLock::new(0))` =>
//! `contend(1, &RwLock::new(0))`
//! Break it: `contend(2, &RwLock::new(0))` =>
//! `contend(2, &RecursiveRwLock::new(0))`
//! Break it (Python): `ReadWriteLock(writers_first=False)` =>
//! `ReadWriteLock(writers_first=True)`
//! Break it (Python): `return not self.writing and not must_queue` =>
//! `return not self.writing`

use std::thread;

use parking_lot::lock_api::{self, RawRwLockUpgrade};
use parking_lot::{RecursiveRwLock, RwLock};

fn main() {
    println!("main: readers pass a waiting writer");
    contend(1, &RecursiveRwLock::new(0));
    println!("main: a waiting writer goes first");
    contend(2, &RwLock::new(0));
}

fn contend<R: RawRwLockUpgrade + Sync>(
    writer: u32,
    writes: &lock_api::RwLock<R, u32>,
) {
    thread::scope(|s| {
        let mut held = writes.read();
        s.spawn(|| {
            let mut writes = writes.write();
            *writes += 1;
            println!("writer {writer}: has the lock");
        });
        // Refused only while a writer waits: readers do not mind each other.
        while writes.try_upgradable_read().is_some() {
            thread::yield_now();
        }
        let waits = writes.try_upgradable_read().is_none();
        println!("main: reading, a writer waits: {waits}");
        let (mut reads, mut waited) = (0, 0);
        while reads < 1000 {
            held = match writes.try_read() {
                Some(next) => next, // in again before the last one is out
                None => {
                    waited += 1;
                    drop(held);
                    writes.read()
                }
            };
            reads += 1;
        }
        println!(
            "main: {reads} more reads, {waited} of them waited, {held} writes"
        );
    });
}
