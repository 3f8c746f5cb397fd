//! Try lock: take it if it is free, else do something else.
//!
//! Python: `lock.acquire(blocking=False)`, in `03_try_lock.py`.
//! Notes: N4:710.
//!
//! `try_lock` never waits: it returns a guard, or says that the lock is busy.
//! Reach for it where there is other work to do meanwhile, or where waiting
//! could close a circle (`deadlock`).
//!
//! The notes' version is wrong. When the lock is busy it says so, but then goes
//! on into the critical section as if it had it, and at the end releases a lock
//! that somebody else holds. The first half shows it on a lock that permits
//! this, as Python's does: a semaphore with one permit. Two are inside, and
//! after the false release a third could be. The second half does it right: who
//! does not get the lock leaves the deposit alone. `Mutex::try_lock` leaves no
//! other choice, since without a guard there is neither a way to the data nor
//! anything to release.
//!
//! ```text,expect
//! main: inside
//! bob: Resource is busy
//! bob: inside all the same
//! bob: released it
//! main: still inside, and the lock is free
//! main: holds the deposit
//! bob: Resource is busy, washes up
//! main: lets go
//! bob: adds 10, 110
//! ```
//!
//! Break it: `println!("bob: Resource is busy");` =>
//! `return println!("bob: Resource is busy");`
//! Break it: `let held = deposit.try_lock();` =>
//! `let held = drop(deposit.try_lock());`

use std::sync::{Mutex, TryLockError};
use std::thread;

use sync_primitives::BoundedSemaphore;

fn main() {
    as_in_the_notes();
    right();
}

fn as_in_the_notes() {
    let lock = BoundedSemaphore::new(1);
    lock.acquire();
    println!("main: inside");
    thread::scope(|s| {
        s.spawn(|| {
            if !lock.try_acquire() {
                println!("bob: Resource is busy");
            }
            println!("bob: inside all the same");
            if lock.release().is_ok() {
                println!("bob: released it");
            }
        });
    });
    if lock.try_acquire() {
        println!("main: still inside, and the lock is free");
    }
}

fn right() {
    let deposit = Mutex::new(100);
    let work = || match deposit.try_lock() {
        Ok(mut deposit) => {
            *deposit += 10;
            println!("bob: adds 10, {deposit}");
        }
        Err(TryLockError::WouldBlock) => {
            println!("bob: Resource is busy, washes up");
        }
        Err(TryLockError::Poisoned(_)) => println!("bob: a holder panicked"),
    };
    let held = deposit.try_lock();
    println!("main: holds the deposit");
    thread::scope(|s| {
        s.spawn(work);
    });
    println!("main: lets go");
    drop(held);
    thread::scope(|s| {
        s.spawn(work);
    });
}
