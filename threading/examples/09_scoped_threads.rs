//! Scoped threads: they borrow the caller's data and cannot outlive it.
//!
//! Python: leaving `with ThreadPoolExecutor()`, in `09_scoped_threads.py`.
//! Notes: none.
//!
//! `thread::scope` does not return before all threads started in it have ended,
//! joined or not. So they may borrow locals: many threads the same value by
//! `&`, or each a part of it by `&mut`, with no `Arc`, no clone and no lock.
//! Reach for a scope first; `spawn` is for threads that outlive the function
//! which starts them. The compiler refuses what would be unsound (see
//! `threading/src/lib.rs`): `spawn` with a borrowed local (E0373), two threads
//! with the same `&mut` (E0499). If a thread panicked and nobody joined it, the
//! scope panics when it ends.
//!
//! In Python every thread reaches every object, and nothing checks who writes.
//! The end of the `with` block waits as the scope does, but an exception stays
//! in its future until somebody asks for the result.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: scores [31, 5, 12, 44, 2, 27]
//! @lanes
//! left: has 3 of them
//! left: sorted  #left
//! right: has 3 of them
//! right: sorted  #right
//! main: at the end of the scope, both are still busy  #end
//! @end
//! @before end left
//! @before end right
//! main: after the scope [5, 12, 31, 2, 27, 44]
//! ```
//!
//! Break it: `sort("left", left, &gate)` =>
//! `sort("left", &mut left.to_vec(), &gate)`
//! Break it: `Barrier::new(3)` => `Barrier::new(1)`,
//! `s.spawn(|| sort("left", left, &gate));` => `sort("left", left, &gate);`
//! Break it (Python): `scores[half] = sorted(scores[half])` =>
//! `sorted(scores[half])`

use std::sync::Barrier;
use std::thread;

fn sort(name: &str, half: &mut [u32], gate: &Barrier) {
    println!("{name}: has {} of them", half.len());
    gate.wait();
    half.sort_unstable();
    println!("{name}: sorted");
}

fn main() {
    let mut scores = [31, 5, 12, 44, 2, 27];
    println!("main: scores {scores:?}");

    let gate = Barrier::new(3);
    let (left, right) = scores.split_at_mut(3);
    thread::scope(|s| {
        s.spawn(|| sort("left", left, &gate));
        s.spawn(|| sort("right", right, &gate));
        println!("main: at the end of the scope, both are still busy");
        gate.wait();
    });
    println!("main: after the scope {scores:?}");
}
