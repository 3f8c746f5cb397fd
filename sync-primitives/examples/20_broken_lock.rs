//! Broken lock: a flag tested and then set lets two in.
//!
//! Python: `lock.acquire(blocking=False)`, in `20_broken_lock.py`.
//! Notes: N4:221, N4:223.
//!
//! A lock made of a bool: go on if it is false, then make it true. Between the
//! test and the set another thread may test, too, and both are in. The window
//! is a few nanoseconds, so this works in nearly every run. Here a barrier
//! stands in the window, so it fails in every one.
//!
//! The cure is one step for test and set: `compare_exchange` makes the bool
//! true only if it was false, and says whether it did. `SpinLock`, in
//! `src/spin_lock.rs`, is built on it, with its memory order: taking it is an
//! `Acquire` and releasing it a `Release`, so that the next holder sees what
//! the last one did. It burns the processor while it waits, so programs use a
//! mutex, which sleeps. No run can prove that two steps have no gap between
//! them; loom looks into it in `tests/model.rs`.
//!
//! In the notes: N4:221 concludes that one cannot build a lock oneself. One can,
//! with one atomic step. The code of N4:223 would fail without any race, as it
//! tests `locked` and sets `lock`. It also does not run: `global` after a use of
//! the name is a SyntaxError.
//!
//! ```text,expect
//! @threads
//! @peak 2..6 threads
//! main: test, then set: 2 of 2 inside, a third finds it free: false
//! main: test and set in one step: 1 of 2 inside
//! bob: comes in while ann holds the spin lock: false
//! main: 2 additions under the spin lock: 2
//! ```
//!
//! Break it: `!taken.load(Acquire)` => `!taken.swap(true, Acquire)`
//! Break it: `taken.store(true, Relaxed);` => ``
//! Break it: `let guard = lock.try_lock();` => `let guard = Some(());`
//! Break it: `let _held = lock.lock(); // ann` => ``
//! Break it (Python): `free = not self.taken` =>
//! `free, self.taken = not self.taken, True`
//! Break it (Python): `taken = lock.acquire(blocking=False)` =>
//! `taken = (lock := threading.Lock()).acquire(blocking=False)`
//! Break it (Python): `self.taken = True` => `pass`
//! Break it (Python): `with lock:  # ann` => `if True:`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::Ordering::{Acquire, Relaxed};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::thread;

use sync_primitives::SpinLock;

fn main() {
    let window = Barrier::new(2);
    let taken = AtomicBool::new(false);
    let inside = two_try(|| {
        let free = !taken.load(Acquire);
        window.wait(); // both have tested
        if free {
            taken.store(true, Relaxed);
        }
        free
    });
    let free = !taken.into_inner();
    println!(
        "main: test, then set: {inside} inside, a third finds it free: {free}"
    );

    let lock = SpinLock::new();
    let inside = two_try(|| {
        let guard = lock.try_lock();
        window.wait(); // both have tried
        guard.is_some()
    });
    println!("main: test and set in one step: {inside} inside");

    let sum = AtomicU32::new(0);
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let _held = lock.lock(); // ann
            let seen = sum.load(Relaxed);
            turn.wait(); // bob's turn, in the middle of ann's addition
            turn.wait();
            sum.store(seen + 1, Relaxed);
        });
        s.spawn(|| {
            turn.wait();
            let came_in = lock.try_lock().is_some();
            println!("bob: comes in while ann holds the spin lock: {came_in}");
            turn.wait();
            let _held = lock.lock(); // spins until ann is done
            sum.store(sum.load(Relaxed) + 1, Relaxed);
        });
    });
    let sum = sum.into_inner();
    println!("main: 2 additions under the spin lock: {sum}");
}

/// Two threads try to get in; says how many of them did.
fn two_try(enter: impl Fn() -> bool + Sync) -> String {
    let entered = thread::scope(|s| {
        let threads = [(); 2].map(|()| s.spawn(&enter));
        threads.map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let inside = entered.iter().filter(|entered| **entered).count();
    format!("{inside} of {}", entered.len())
}
