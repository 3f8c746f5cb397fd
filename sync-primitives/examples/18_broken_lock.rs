//! Broken lock: a flag tested and then set lets two in.
//!
//! Python: `lock.acquire(blocking=False)`, in `18_broken_lock.py`.
//! Notes: N4:223.
//!
//! A lock made of a bool: go on if it is false, then make it true. Between the
//! test and the set another thread may test, too, and both are in. The window
//! is a few nanoseconds, so this works in nearly every run; here a barrier
//! stands in it, and it fails in every one. The pseudocode of the notes would
//! fail without: it tests `locked` and sets another variable, `lock`.
//!
//! From this the notes conclude that one cannot build a lock oneself. One can,
//! if test and set are one step: `compare_exchange` makes the bool true only if
//! it was false, and says whether it did. That is `SpinLock` in
//! `src/spin_lock.rs`, forty lines with their memory order: taking it is an
//! `Acquire`, releasing it a `Release`, so that the next holder sees what the
//! last one did. It burns the processor while it waits; programs take a mutex,
//! which sleeps.
//!
//! ```text,expect
//! main: test, then set: 2 inside
//! main: test and set in one step: 1 inside
//! bob: comes in while ann holds the spin lock: false
//! main: 2 additions under the spin lock: 2
//! ```
//!
//! Break it: `!taken.load(Acquire)` => `!taken.swap(true, Acquire)`
//! Break it: `taken.compare_exchange(false, true, Acquire, Relaxed)` =>
//! `Ok::<_, bool>(taken.swap(true, Acquire))`
//! Break it: `let _held = lock.lock(); // ann` => ``

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
        window.wait();
        if free {
            taken.store(true, Relaxed);
        }
        free
    });
    println!("main: test, then set: {inside} inside");

    let taken = AtomicBool::new(false);
    let inside = two_try(|| {
        let was = taken.compare_exchange(false, true, Acquire, Relaxed);
        window.wait();
        was.is_ok()
    });
    println!("main: test and set in one step: {inside} inside");

    let lock = SpinLock::new();
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

/// Two threads try to get in, and nobody leaves.
fn two_try(enter: impl Fn() -> bool + Sync) -> u32 {
    let inside = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..2 {
            s.spawn(|| inside.fetch_add(u32::from(enter()), Relaxed));
        }
    });
    inside.into_inner()
}
