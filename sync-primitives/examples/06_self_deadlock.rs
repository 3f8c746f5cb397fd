//! Self-deadlock: a thread that waits for itself.
//!
//! Python: `threading.Lock()` taken twice, in `06_self_deadlock.py`.
//! Notes: N2:72.
//!
//! `outer` takes the lock and calls `inner`, which takes it again. A plain lock
//! does not know its owner, so `inner` would wait for a release that can only
//! come after `inner` has returned: never. The notes' program does wait, and
//! hangs with nothing but its first line printed. It needs no second thread and
//! no bad luck, so it happens on the first run, in std as in Python (std may
//! also panic).
//!
//! Here `inner` asks by `try_lock`. The lock is busy, and no other thread has
//! ever seen it; who waits now waits for himself. Two ways out: the inner
//! method is given the data that the outer one has locked, which is the usual
//! one in Rust; or the lock is one that its owner may take again
//! (`reentrant_lock`).
//!
//! ```text,expect
//! worker: the outer method has the lock
//! worker: the inner method would wait for ever
//! worker: the outer method has the lock
//! worker: the inner method counts to 1
//! ```
//!
//! Break it: `let _count = self.lock();` => ``

use std::sync::{Mutex, MutexGuard};
use std::thread;

struct Counter {
    count: Mutex<u32>,
}

impl Counter {
    fn outer_locks_inner_locks(&self) {
        let _count = self.lock();
        println!("worker: the outer method has the lock");
        self.inner_locks();
    }

    fn inner_locks(&self) {
        match self.count.try_lock() {
            Ok(_) => println!("worker: the inner method has it too"),
            Err(_) => println!("worker: the inner method would wait for ever"),
        }
    }

    fn outer_locks(&self) {
        let mut count = self.lock();
        println!("worker: the outer method has the lock");
        Self::inner(&mut count);
    }

    fn inner(count: &mut u32) {
        *count += 1;
        println!("worker: the inner method counts to {count}");
    }

    fn lock(&self) -> MutexGuard<'_, u32> {
        self.count.lock().expect("counting does not panic")
    }
}

fn main() {
    thread::scope(|s| {
        s.spawn(|| {
            let counter = Counter { count: Mutex::new(0) };
            counter.outer_locks_inner_locks();
            counter.outer_locks();
        });
    });
}
