//! Reference count: why CPython needs its lock, and `Arc` its atomics.
//!
//! Python: `sys.getrefcount`, in `28_refcount.py`.
//! Notes: N0:89, N2:471, N3:30.
//!
//! An object that counts its owners is freed when the count falls to 0. To add
//! an owner is to load the count, add 1 and store it; two threads that do so at
//! the same time both load 1 and both store 2. Three owners, count 2: when two
//! have gone the object is freed under the third. (The other way round it is
//! never freed.) CPython counts on almost every instruction, with plain
//! additions, and the lock of the interpreter is what keeps them whole.
//!
//! Rust has two types for it. `Rc` counts plainly, and the compiler does not
//! let it leave its thread (E0277, not `Send`: see `src/lib.rs`). `Arc` counts
//! by an atomic addition. The torn count here is an atomic used as two plain
//! steps, a load and a store, as safe Rust has no plain variable that two
//! threads write; both are made to load first, for by luck it happens once in
//! many thousands.
//!
//! ```text,expect
//! plain: 3 owners, the count says 2
//! plain: 1 owner, the count says 0, freed too early
//! safe: 3 owners, the count says 3
//! safe: 1 owner, the count says 1
//! ```
//!
//! Break it: `count.store(seen + 1, Relaxed)` => `count.fetch_add(1, Relaxed)`

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread;

/// Adds an owner as `count += 1` does.
fn add_owner(count: &AtomicUsize, both_loaded: &Barrier) {
    let seen = count.load(Relaxed);
    both_loaded.wait();
    count.store(seen + 1, Relaxed);
}

fn main() {
    let count = AtomicUsize::new(1);
    let both_loaded = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| add_owner(&count, &both_loaded));
        s.spawn(|| add_owner(&count, &both_loaded));
    });
    let count = count.into_inner();
    println!("plain: 3 owners, the count says {count}");
    let count = count - 2;
    let freed = if count == 0 { ", freed too early" } else { "" };
    println!("plain: 1 owner, the count says {count}{freed}");

    let first = Arc::new("shared");
    let both_here = Barrier::new(2);
    let add_owner = || {
        both_here.wait();
        Arc::clone(&first)
    };
    let others = thread::scope(|s| {
        let threads = [s.spawn(add_owner), s.spawn(add_owner)];
        threads.map(|thread| thread.join().expect("it only clones"))
    });
    println!("safe: 3 owners, the count says {}", Arc::strong_count(&first));
    drop(others);
    println!("safe: 1 owner, the count says {}", Arc::strong_count(&first));
}
