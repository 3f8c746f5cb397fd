//! Join: after `join` the result is there, every time.
//!
//! Python: `Thread.join`, in `06_join.py`.
//! Notes: N0:385, N1:112, N4:539.
//!
//! `join` blocks the caller until the thread has ended. It also orders memory:
//! all that the thread wrote happens before `join` returns, so a plain
//! `Relaxed` store is enough and no lock is needed to read the result. Joining
//! a thread that has ended already returns at once. In Rust `join` takes the
//! handle, so it can be done only once; a Python thread may be joined many
//! times. Where one value is all that the thread has to say, let it return it
//! instead: see `thread_result`.
//!
//! ```text,expect
//! main: 200 threads, one after the other
//! main: the result was there 200 times of 200
//! ```
//!
//! Break it: `worker.join().map_err(|_| "a worker panicked")?;` =>
//! `drop(worker);`

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

const ROUNDS: u32 = 200;

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: {ROUNDS} threads, one after the other");
    let mut there = 0;
    for round in 1..=ROUNDS {
        let result = Arc::new(AtomicU32::new(0));
        let shared = Arc::clone(&result);
        let worker = thread::spawn(move || shared.store(round, Relaxed));
        worker.join().map_err(|_| "a worker panicked")?;
        if result.load(Relaxed) == round {
            there += 1;
        }
    }
    println!("main: the result was there {there} times of {ROUNDS}");
    Ok(())
}
