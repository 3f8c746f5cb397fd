//! Bounded semaphore: what was not taken cannot be given back.
//!
//! Python: `threading.BoundedSemaphore(3)`, in `12_bounded_semaphore.py`.
//! Notes: N1:98.
//!
//! `release` on a plain semaphore adds a permit, whether or not one was taken.
//! One call too many, in some error path, and from then on one too many is let
//! in, far from the mistake. A bounded semaphore knows how many there were at
//! first and makes the call itself an error: in Python a ValueError, here an
//! `Err`.
//!
//! In Rust one rarely needs it: a permit that is a value gives itself back when
//! it is dropped, and cannot be dropped twice (`semaphore`). It is for permits
//! that are taken in one place and given back in another.
//!
//! ```text,expect
//! main: bounded: 3 permits out, no fourth
//! main: bounded: 3 given back, the fourth is an error
//! main: bounded: 3 of 4 get in
//! main: plain: 4 given back
//! main: plain: 4 of 4 get in
//! ```
//!
//! Break it: `BoundedSemaphore::new(3)` => `BoundedSemaphore::new(4)`

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sync_primitives::{BoundedSemaphore, Permit, Semaphore};

fn main() -> Result<(), Box<dyn Error>> {
    let bounded = BoundedSemaphore::new(3);
    for _ in 0..3 {
        bounded.acquire();
    }
    if !bounded.try_acquire() {
        println!("main: bounded: 3 permits out, no fourth");
    }
    for _ in 0..3 {
        bounded.release()?;
    }
    if bounded.release().is_err() {
        println!("main: bounded: 3 given back, the fourth is an error");
    }
    let inside = rush(|| bounded.try_acquire());
    println!("main: bounded: {inside} of 4 get in");

    let plain = Semaphore::new(3);
    for _ in 0..3 {
        plain.acquire().forget();
    }
    for _ in 0..4 {
        plain.release();
    }
    println!("main: plain: 4 given back");
    let inside = rush(|| plain.try_acquire().map(Permit::forget).is_some());
    println!("main: plain: {inside} of 4 get in");
    Ok(())
}

/// Four threads ask for a permit; nobody gives one back.
fn rush(enter: impl Fn() -> bool + Sync) -> usize {
    let inside = AtomicUsize::new(0);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                if enter() {
                    inside.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    inside.into_inner()
}
