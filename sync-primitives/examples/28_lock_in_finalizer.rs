//! Lock in a finalizer: cleaning up wants the lock that its own thread holds.
//!
//! Python: `__del__`, run by `gc.collect()` or by any allocation, in
//! `28_lock_in_finalizer.py`.
//! Reported: getsentry/sentry-python#803, Delgan/loguru#712.
//! Symptom: it hangs: acquire in `__del__` or drop never returns, on one
//! thread.
//!
//! A finalizer runs where the object dies. If that is under a lock, and the
//! finalizer takes the same lock, to write to the log or to leave a registry,
//! the thread waits for itself.
//!
//! In Python the garbage collector runs finalizers at almost any moment. A
//! signal handler has the same problem: it runs between two bytecodes of the
//! main thread, which may hold the lock. Rust has no collector: a `Drop` runs
//! at a place that can be read from the code. But the compiler does not compare
//! that place with the locks, and `clear`, an assignment, or the end of a block
//! may hide it. The cure is not to lock in a finalizer: hand the work over
//! through a queue that never blocks (`SimpleQueue.put` is reentrant for this
//! purpose), and do it where no lock is held.
//!
//! ```text,expect
//! @threads
//! @peak 0 threads
//! main: locks in the finalizer
//! main: a session dies, the lock is free
//! main: finalizer on the holder's thread: true, gets the lock: true
//! main: a session dies under the lock
//! main: finalizer on the holder's thread: true, gets the lock: false
//! main: entries in the log: 1
//! main: hands over in the finalizer
//! main: a session dies under the lock
//! main: entries handed over: 1, in the log: 1
//! main: entries in the log: 2
//! ```
//!
//! Break it: `Session(&hand_over)` => `Session(&log_now)`
//! Break it: `let held = log.lock().expect(FINE); // log` => `let held = ();`
//! Break it (Python): `Session(hand_over)` => `Session(log_now)`
//! Break it (Python): `with log.lock:  # log` => `if True:`

use std::sync::{Mutex, mpsc};
use std::thread;

const FINE: &str = "no holder panics";

/// Does something when it dies.
struct Session<'a>(&'a dyn Fn());

impl Drop for Session<'_> {
    fn drop(&mut self) {
        (self.0)();
    }
}

fn main() {
    let log = Mutex::new(Vec::new());
    let main_thread = thread::current().id();
    let log_now = || {
        let here = thread::current().id() == main_thread;
        let held = log.try_lock(); // `lock` might never return
        println!(
            "main: finalizer on the holder's thread: {here}, \
             gets the lock: {}",
            held.is_ok()
        );
        if let Ok(mut log) = held {
            log.push("session closed");
        }
    };
    println!("main: locks in the finalizer");
    let mut sessions = vec![Session(&log_now), Session(&log_now)];
    println!("main: a session dies, the lock is free");
    sessions.pop();
    println!("main: a session dies under the lock");
    let held = log.lock().expect(FINE); // log
    sessions.clear();
    drop(held);
    println!("main: entries in the log: {}", log.lock().expect(FINE).len());

    println!("main: hands over in the finalizer");
    let (handed_over, entries) = mpsc::channel();
    let hand_over = || handed_over.send("session closed").expect("read below");
    let mut sessions = vec![Session(&hand_over)];
    println!("main: a session dies under the lock");
    let mut held = log.lock().expect(FINE);
    sessions.clear();
    let entries: Vec<&str> = entries.try_iter().collect();
    println!(
        "main: entries handed over: {}, in the log: {}",
        entries.len(),
        held.len()
    );
    held.extend(entries);
    println!("main: entries in the log: {}", held.len());
}
