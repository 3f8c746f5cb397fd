//! Starvation: the lock is always in use, and one thread never gets it.
//!
//! Python: a read-write lock built by hand, in `10_starvation.py`.
//! Notes: N0:671.
//!
//! Readers share a lock, a writer needs it alone. If readers may pass a writer
//! who waits, and one always comes in before the last one leaves, the lock is
//! never free: the writer starves while all others get on. A fair lock lets
//! nobody pass; the next reader queues up behind the writer. parking_lot has
//! both, by two types: `RecursiveRwLock` puts readers first, `RwLock` is fair.
//! Priorities starve in the same way: there is always somebody who may go
//! first.
//!
//! Plain mutexes are unfair, too: who unlocks and at once locks again is
//! quicker than one who has to wake up first. But that goes by chance, and is
//! not shown here. parking_lot's `FairMutex` and `unlock_fair` hand over
//! instead, which costs a switch of threads each time. Python promises no order
//! for its locks, and has no read-write lock; the sibling builds one with
//! either rule.
//!
//! ```text,expect
//! main: readers first
//! main: reading, a writer waits
//! main: 1000 more reads, 0 writes
//! writer: has the lock
//! main: nobody may pass
//! main: reading, a writer waits
//! writer: has the lock
//! main: 1000 more reads, 1 writes
//! ```
//!
//! Break it: `contend(&RecursiveRwLock::new(0))` => `contend(&RwLock::new(0))`
//! Break it: `contend(&RwLock::new(0))` => `contend(&RecursiveRwLock::new(0))`

use std::thread;

use parking_lot::lock_api::{self, RawRwLockUpgrade};
use parking_lot::{RecursiveRwLock, RwLock};

fn main() {
    println!("main: readers first");
    contend(&RecursiveRwLock::new(0));
    println!("main: nobody may pass");
    contend(&RwLock::new(0));
}

fn contend<R: RawRwLockUpgrade + Sync>(writes: &lock_api::RwLock<R, u32>) {
    thread::scope(|s| {
        let mut held = writes.read();
        s.spawn(|| {
            let mut writes = writes.write();
            *writes += 1;
            println!("writer: has the lock");
        });
        // An upgradable reader bears other readers, but no waiting writer.
        while writes.try_upgradable_read().is_some() {
            thread::yield_now();
        }
        println!("main: reading, a writer waits");
        for _ in 0..1000 {
            held = match writes.try_read() {
                Some(next) => next, // in again before the last one is out
                None => {
                    drop(held);
                    writes.read()
                }
            };
        }
        println!("main: 1000 more reads, {held} writes");
    });
}
