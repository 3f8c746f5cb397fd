//! Temporary guard: a lock taken in the head of a loop is held in the body.
//!
//! Python: a generator that yields inside `with lock:`, in
//! `27_temporary_guard.py`.
//! Reported: rust-lang/rust#37612, #69868, rust-lang/rust-clippy#16889.
//! Symptom: it hangs: a second lock in the body never returns, or one worker of
//! many is busy.
//!
//! In `while let Some(job) = jobs.lock().unwrap().pop()` the guard is a
//! temporary, and a temporary in the head of `while let`, `if let` or `match`
//! lives to the end of the body. Nothing in the line shows it, and the compiler
//! does not mind. The cure is a `let` of its own: its temporaries end with the
//! statement, so the lock is free in the body.
//!
//! Edition 2024 ends the temporaries of `if let` before `else`, and no more:
//! the bodies of all three still hold the lock. The tests in `src/lib.rs` show
//! each form in both editions. Clippy's `significant_drop_in_scrutinee` warns,
//! if it is switched on.
//!
//! In Python `with` shows where a lock is held, except in a generator: it is
//! suspended inside `with` while the body of the `for` runs.
//!
//! ```text,expect
//! @threads
//! @peak 1..3 threads
//! main: the lock is taken in the head
//! main: works on job 1
//! helper 1: the queue is locked
//! main: works on job 2
//! helper 2: the queue is locked
//! main: did 2 of 2 jobs
//! main: the lock is taken before
//! main: works on job 3
//! helper 3: takes job 4
//! main: did 1 of 2 jobs
//! ```
//!
//! Break it: `= jobs.lock().expect(FINE).pop_front() {` =>
//! `= { let job = jobs.lock().expect(FINE).pop_front(); job } {`
//! Break it: `let job = jobs.lock().expect(FINE).pop_front(); // unlocked` =>
//! `let mut held = jobs.lock().expect(FINE); let job = held.pop_front(); //`
//! Break it (Python): `yield jobs.popleft()  # held` =>
//! `job = jobs.popleft(); lock.release(); yield job; lock.acquire()`
//! Break it (Python): `job = jobs.popleft()  # released` =>
//! `yield jobs.popleft(); continue`

use std::collections::VecDeque;
use std::sync::{Mutex, TryLockError};
use std::thread;

const FINE: &str = "no holder panics";

fn main() {
    println!("main: the lock is taken in the head");
    let jobs = Mutex::new(VecDeque::from([1, 2]));
    let mut done = 0;
    while let Some(job) = jobs.lock().expect(FINE).pop_front() {
        println!("main: works on job {job}");
        ask_for_help(job, &jobs);
        done += 1;
    }
    println!("main: did {done} of 2 jobs");

    println!("main: the lock is taken before");
    let jobs = Mutex::new(VecDeque::from([3, 4]));
    let mut done = 0;
    loop {
        let job = jobs.lock().expect(FINE).pop_front(); // unlocked
        let Some(job) = job else { break };
        println!("main: works on job {job}");
        ask_for_help(job, &jobs);
        done += 1;
    }
    println!("main: did {done} of 2 jobs");
}

/// Another thread tries to take a job, while main works.
fn ask_for_help(helper: u32, jobs: &Mutex<VecDeque<u32>>) {
    thread::scope(|s| {
        s.spawn(|| match jobs.try_lock() {
            Ok(mut jobs) => match jobs.pop_front() {
                Some(job) => println!("helper {helper}: takes job {job}"),
                None => println!("helper {helper}: nothing left"),
            },
            Err(TryLockError::WouldBlock) => {
                println!("helper {helper}: the queue is locked");
            }
            Err(TryLockError::Poisoned(_)) => {
                println!("helper {helper}: a panic");
            }
        });
    });
}
