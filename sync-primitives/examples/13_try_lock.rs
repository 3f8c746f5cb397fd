//! Try lock: take it if it is free, or else do something else.
//!
//! Python: `lock.acquire(blocking=False)`, in `13_try_lock.py`.
//! Notes: N4:707, N4:710.
//!
//! `try_lock` never waits: it returns a guard, or reports that the lock is
//! busy. Use it when there is other work to do meanwhile, or when waiting could
//! close a circle of threads that wait for each other (`deadlock`).
//!
//! A caller that ignores the answer is worse off than with no lock at all: it
//! enters a critical section while the holder is inside, and then releases a
//! lock that it never had. `Mutex` allows neither: without a guard there is no
//! way to the data, and nothing to release. The second half therefore needs a
//! lock that anybody can release, as Python's `Lock` is: a semaphore with one
//! permit. A `BoundedSemaphore` or `Lock` reports a release too many, but only
//! to the holder, whose own release is now the one too many.
//!
//! In the notes: the code of N4:710 has this bug. It prints "Resource is busy"
//! and then enters all the same.
//!
//! ```text,expect
//! @threads
//! main: holds the deposit
//! bob: Resource is busy, does the dishes
//! main: lets go
//! bob: adds 10, 110
//! main: ignoring the answer
//! main: inside
//! eve: Resource is busy
//! eve: inside all the same
//! eve: released it
//! main: still inside, and the lock is free: true
//! main: its own release is refused: true
//! ```
//!
//! Break it: `Ok(held) => held,` => `Ok(held) => drop(held),`,
//! `drop(held); // main lets go` => ``
//! Break it: `println!("eve: Resource is busy");` =>
//! `return println!("eve: Resource is busy");`
//! Break it (Python): `deposit.lock.acquire()  # main` => `pass`,
//! `deposit.lock.release()  # main` => `pass`
//! Break it (Python): `print("eve: Resource is busy")` =>
//! `return print("eve: Resource is busy")`

use std::error::Error;
use std::sync::{Barrier, Mutex, TryLockError};
use std::thread;

use sync_primitives::BoundedSemaphore;

fn main() -> Result<(), Box<dyn Error>> {
    something_else_meanwhile()?;
    println!("main: ignoring the answer");
    ignoring_the_answer();
    Ok(())
}

fn something_else_meanwhile() -> Result<(), Box<dyn Error>> {
    let deposit = Mutex::new(100);
    let turn = Barrier::new(2);
    let ask = || match deposit.try_lock() {
        Ok(mut deposit) => {
            *deposit += 10;
            println!("bob: adds 10, {deposit}");
        }
        Err(TryLockError::WouldBlock) => {
            println!("bob: Resource is busy, does the dishes");
        }
        Err(TryLockError::Poisoned(_)) => println!("bob: a holder panicked"),
    };
    let held = match deposit.try_lock() {
        Ok(held) => held,
        Err(_) => return Err("nobody else has the deposit yet".into()),
    };
    println!("main: holds the deposit");
    thread::scope(|s| {
        s.spawn(|| {
            ask();
            turn.wait(); // main's turn
            turn.wait();
            ask();
        });
        turn.wait();
        println!("main: lets go");
        drop(held); // main lets go
        turn.wait();
    });
    Ok(())
}

fn ignoring_the_answer() {
    let lock = BoundedSemaphore::new(1);
    lock.acquire();
    println!("main: inside");
    thread::scope(|s| {
        s.spawn(|| {
            if !lock.try_acquire() {
                println!("eve: Resource is busy");
            }
            println!("eve: inside all the same");
            if lock.release().is_ok() {
                println!("eve: released it");
            }
        });
    });
    let free = lock.try_acquire();
    println!("main: still inside, and the lock is free: {free}");
    if free && lock.release().is_ok() {
        let refused = lock.release().is_err();
        println!("main: its own release is refused: {refused}");
    }
}
