//! Self-deadlock: a thread that waits for itself.
//!
//! Python: `threading.Lock()` taken twice, in `03_self_deadlock.py`.
//! Notes: N2:72.
//!
//! The outer method takes the lock and calls the inner one, which takes it
//! again. A plain lock does not know its owner, so the inner method waits for a
//! release that can come only after it has returned: never. It needs no second
//! thread and no bad luck, so it happens on the first run, in Python as in std,
//! whose `lock` may also panic.
//!
//! Here the inner method asks by `try_lock`, so it does not hang. Called alone
//! it gets the lock; called by the holder it finds it taken, and no other
//! thread has ever seen the counter. Two ways out: the outer method passes the
//! locked data to the inner one, as is usual in Rust; or the lock is one that
//! its owner may take again (`reentrant_lock`).
//!
//! In the notes: the program of N2:72 hangs. It prints its first line only.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! worker: the inner method has the lock
//! worker: the outer method has the lock
//! worker: the inner method would wait for ever
//! worker: the outer method counts, the lock is taken: true
//! worker: the inner method counts to 2
//! main: the worker has counted to 2
//! ```
//!
//! Break it: `let _held = self.lock();` => `drop(self.lock());`
//! Break it: `Self::count(&mut count);` => `self.inner_locks();`
//! Break it (Python): `with self.lock:  # for the whole call` => `if True:`
//! Break it (Python): `with self.lock:  # as the owner` => `if True:`
//! Break it (Python): `self._count()  # the lock is held` =>
//! `self.inner_locks()`

use std::sync::{Mutex, MutexGuard, TryLockError};
use std::thread;

#[derive(Default)]
struct Counter {
    count: Mutex<u32>,
}

impl Counter {
    fn outer_locks_inner_locks(&self) {
        let _held = self.lock();
        println!("worker: the outer method has the lock");
        self.inner_locks();
    }

    fn inner_locks(&self) {
        match self.count.try_lock() {
            Ok(mut count) => {
                *count += 1;
                println!("worker: the inner method has the lock");
            }
            Err(TryLockError::WouldBlock) => {
                println!("worker: the inner method would wait for ever");
            }
            Err(TryLockError::Poisoned(_)) => println!("worker: a panic"),
        }
    }

    fn outer_locks(&self) {
        let mut count = self.lock();
        let taken = self.count.try_lock().is_err();
        println!("worker: the outer method counts, the lock is taken: {taken}");
        Self::count(&mut count);
    }

    fn count(count: &mut u32) {
        *count += 1;
        println!("worker: the inner method counts to {count}");
    }

    fn lock(&self) -> MutexGuard<'_, u32> {
        self.count.lock().expect("counting does not panic")
    }
}

fn main() {
    let counter = Counter::default();
    thread::scope(|s| {
        s.spawn(|| {
            counter.inner_locks();
            counter.outer_locks_inner_locks();
            counter.outer_locks();
        });
    });
    println!("main: the worker has counted to {}", counter.lock());
}
