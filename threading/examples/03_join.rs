//! Join: after `join` the result is there, every time.
//!
//! Python: `Thread.join`, in `03_join.py`.
//! Notes: N0:385, N1:112, N4:539.
//!
//! `join` blocks the caller until the thread has ended. It also orders memory:
//! everything that the thread wrote happens before `join` returns. So a plain
//! `Relaxed` store is enough, and no lock is needed to read the result. Joining
//! a thread that has already ended returns at once. In Rust `join` takes the
//! handle, so it can be called only once; a Python thread may be joined many
//! times. Where the thread has just one value to report, let it return the
//! value instead: see `thread_result`.
//!
//! In each round the worker may write only after main's first look, and main
//! looks again right after the `join`. The last worker says what it writes.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: 200 threads, one after the other
//! worker: writes 200
//! main: before join, the result was there 0 times
//! main: after join, the result was there 200 times
//! ```
//!
//! Break it: `worker.join().unwrap_or_else(|panic| resume_unwind(panic));` =>
//! `drop(worker);`
//! Break it (Python): `worker.join()` => `pass`

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;

const ROUNDS: u32 = 200;

fn main() {
    println!("main: {ROUNDS} threads, one after the other");
    let [mut before, mut after] = [0, 0];
    for round in 1..=ROUNDS {
        let result = Arc::new(AtomicU32::new(0));
        let looked = Arc::new(Barrier::new(2));
        let worker = thread::spawn({
            let (result, looked) = (Arc::clone(&result), Arc::clone(&looked));
            move || {
                looked.wait();
                if round == ROUNDS {
                    println!("worker: writes {round}");
                }
                result.store(round, Relaxed);
            }
        });
        before += u32::from(result.load(Relaxed) == round);
        looked.wait();
        worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        after += u32::from(result.load(Relaxed) == round);
    }
    println!("main: before join, the result was there {before} times");
    println!("main: after join, the result was there {after} times");
}
