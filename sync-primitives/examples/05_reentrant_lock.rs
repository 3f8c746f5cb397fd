//! Reentrant lock: its holder may take it again.
//!
//! Python: `threading.RLock()`, in `05_reentrant_lock.py`.
//! Notes: N0:747, N2:99, N4:1522.
//!
//! A reentrant lock knows its owner and counts: each `lock` by the owner adds a
//! hold, each release ends one, and it is free when none is left. It serves a
//! function that locks and calls itself, or another one that locks too (a plain
//! lock would wait for its own thread, as in `self_deadlock`). It does not help
//! against two threads that wait for each other, as the notes may be read; and
//! the piece of code there makes a plain `Lock` by mistake.
//!
//! In Rust it is rare, since a guard can be passed on to the inner function;
//! and it gives shared access only, `&` and never `&mut`, for two holds exist
//! at once. std's is not stable yet, programs use
//! `parking_lot::ReentrantMutex`. This one is in `src/reentrant_lock.rs` and
//! shows its count, which Python's does in its repr.
//!
//! ```text,expect
//! worker: n=3, holds 1
//! worker: n=2, holds 2
//! worker: n=1, holds 3
//! worker: n=0, holds 4
//! visitor: busy
//! worker: back in n=1, holds 3
//! worker: back in n=2, holds 2
//! worker: back in n=3, holds 1
//! visitor: busy
//! worker: out, holds 0
//! visitor: in, holds 1
//! ```
//!
//! Break it: `let _hold = lock.lock();` => `drop(lock.lock());`

use std::thread;

use sync_primitives::ReentrantLock;

fn main() {
    let lock = ReentrantLock::new();
    thread::scope(|s| {
        s.spawn(|| {
            descend(&lock, 3);
            println!("worker: out, holds {}", lock.hold_count());
            visit(&lock);
        });
    });
}

fn descend(lock: &ReentrantLock, n: u32) {
    let _hold = lock.lock();
    println!("worker: n={n}, holds {}", lock.hold_count());
    if n > 0 {
        descend(lock, n - 1);
        println!("worker: back in n={n}, holds {}", lock.hold_count());
    }
    if n == 0 || n == 3 {
        visit(lock);
    }
}

/// Another thread asks for the lock, and has gone when this returns.
fn visit(lock: &ReentrantLock) {
    thread::scope(|s| {
        s.spawn(|| match lock.try_lock() {
            Some(_hold) => println!("visitor: in, holds {}", lock.hold_count()),
            None => println!("visitor: busy"),
        });
    });
}
