//! Reference count: why CPython needs its lock, and `Arc` its atomics.
//!
//! Python: `sys.getrefcount`, in `28_refcount.py`.
//! Notes: N0:104, N0:108, N2:386, N2:471, N3:30, N4:292.
//!
//! An object that counts its owners is freed when the count falls to 0. To add
//! an owner is to load the count, add 1 and store it. Two threads that do so at
//! the same time both load 1 and both store 2: three owners, count 2, and when
//! two have gone the object is freed under the third. CPython counts on almost
//! every instruction, with plain additions that its lock keeps whole; one
//! thread alone gains by that. A free-threaded build counts plainly for the
//! thread that made the object and atomically for all others.
//!
//! Rust has two types. `Rc` counts plainly, and the compiler does not let it
//! leave its thread (E0277, not `Send`: see `src/lib.rs`). `Arc` counts by an
//! atomic addition. The torn count here is an atomic used as two plain steps,
//! because safe Rust has no plain variable that two threads write. Both threads
//! are made to load first; by luck it happens once in many thousands. The last
//! line is what a count costs in one thread: shown, not checked.
//!
//! In the notes: the lock is there to make programs with threads safe (N4:292).
//! It keeps the interpreter whole, not your data (`race_condition`).
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: plain, 3 owners, the count says 2
//! main: plain, 1 owner, the count says 0, freed too early
//! main: safe, 3 owners, the count says 3
//! main: safe, 1 owner, the count says 1
//! main: ns each: plain {:float 0..}, atomic {:float 0..}, mutex {:float 0..}
//! ```
//!
//! Break it: `count.store(seen + 1, Relaxed)` => `count.fetch_add(1, Relaxed)`
//! Break it: `drop(others);` => `std::mem::forget(others);`
//! Break it: `thread.join().unwrap_or_else(|panic| resume_unwind(panic))` =>
//! `drop(thread.join())`
//! Break it (Python): `self.count = seen + 1` => `self.count += 1`
//! Break it (Python): `others.clear()` => `pass`

use std::hint::black_box;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Instant;

/// Adds an owner as `count += 1` does.
fn add_owner(count: &AtomicUsize, both_loaded: &Barrier) {
    let seen = count.load(Relaxed);
    both_loaded.wait();
    count.store(seen + 1, Relaxed);
}

/// Nanoseconds for each call.
fn cost(mut count: impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..100_000).for_each(|_| count());
    start.elapsed().as_secs_f64() * 1e9 / 100_000.0
}

fn main() {
    let count = AtomicUsize::new(1);
    let both_loaded = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| add_owner(&count, &both_loaded));
        s.spawn(|| add_owner(&count, &both_loaded));
    });
    let count = count.into_inner();
    println!("main: plain, 3 owners, the count says {count}");
    let count = count - 2;
    let freed = if count == 0 { ", freed too early" } else { "" };
    println!("main: plain, 1 owner, the count says {count}{freed}");

    let first = Arc::new("shared");
    let both_here = Barrier::new(2);
    let add_owner = || {
        both_here.wait();
        Arc::clone(&first)
    };
    let others = thread::scope(|s| {
        [s.spawn(add_owner), s.spawn(add_owner)].map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let owners = 1 + others.len();
    let count = Arc::strong_count(&first);
    println!("main: safe, {owners} owners, the count says {count}");
    drop(others);
    let count = Arc::strong_count(&first);
    println!("main: safe, 1 owner, the count says {count}");

    let plain = Rc::new("mine");
    let locked = Mutex::new(0);
    let plain = cost(|| drop(black_box(Rc::clone(&plain))));
    let atomic = cost(|| drop(black_box(Arc::clone(&first))));
    let mutex = cost(|| *locked.lock().expect("no holder panics") += 1);
    println!(
        "main: ns each: plain {plain:.1}, atomic {atomic:.1}, \
         mutex {mutex:.1}"
    );
}
