//! Bounded semaphore: only what was taken can be given back.
//!
//! Python: `threading.BoundedSemaphore(3)`, in `08_bounded_semaphore.py`.
//! Notes: N1:98.
//!
//! `release` on a plain semaphore adds a permit, whether or not one was taken.
//! A single call too many, in some error path, and from then on one thread too
//! many is let in, far from the mistake. A bounded semaphore knows its first
//! value and makes that call an error: a `ValueError` in Python, an `Err` here.
//!
//! Rust rarely needs it. A permit that is a value gives itself back when it is
//! dropped, and cannot be dropped twice (`semaphore`). Use it for permits that
//! are taken in one place and given back in another.
//!
//! ```text,expect
//! @threads
//! @peak 6..12 threads
//! main: bounded: 3 permits taken, a fourth: false
//! main: bounded: 3 given back, the next is an error: true
//! main: bounded: 3 of 6 get in
//! main: plain: 3 permits taken, 4 given back
//! main: plain: 4 of 6 get in
//! ```
//!
//! Break it: `BoundedSemaphore::new(3)` => `BoundedSemaphore::new(4)`
//! Break it: `taken + 1` => `taken`
//! Break it (Python): `threading.BoundedSemaphore(3)` =>
//! `threading.Semaphore(3)`
//! Break it (Python): `taken + 1` => `taken`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

use sync_primitives::{BoundedSemaphore, Permit, Semaphore};

fn main() -> Result<(), Box<dyn Error>> {
    bounded()?;
    plain();
    Ok(())
}

fn bounded() -> Result<(), Box<dyn Error>> {
    let semaphore = BoundedSemaphore::new(3);
    let mut taken = 0;
    while taken < 3 {
        semaphore.acquire();
        taken += 1;
    }
    let fourth = semaphore.try_acquire();
    println!("main: bounded: {taken} permits taken, a fourth: {fourth}");
    for _ in 0..taken {
        semaphore.release()?;
    }
    let error = semaphore.release().is_err();
    println!(
        "main: bounded: {taken} given back, the next is an error: {error}"
    );
    rush("bounded", || semaphore.try_acquire());
    Ok(())
}

fn plain() {
    let semaphore = Semaphore::new(3);
    let mut taken = 0;
    while let Some(permit) = semaphore.try_acquire() {
        permit.forget();
        taken += 1;
    }
    let mut given_back = 0;
    while given_back < taken + 1 {
        semaphore.release();
        given_back += 1;
    }
    println!("main: plain: {taken} permits taken, {given_back} given back");
    rush("plain", || semaphore.try_acquire().map(Permit::forget).is_some());
}

/// Six threads ask for a permit at once; nobody gives one back.
fn rush(semaphore: &str, enter: impl Fn() -> bool + Sync) {
    let all_here = Barrier::new(6);
    let ask = || {
        all_here.wait();
        enter()
    };
    let got_in = thread::scope(|s| {
        let threads = [(); 6].map(|()| s.spawn(ask));
        threads.map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let inside = got_in.iter().filter(|got_in| **got_in).count();
    println!("main: {semaphore}: {inside} of {} get in", got_in.len());
}
