//! Thread local: one name, and for each thread a value of its own.
//!
//! Python: `threading.local()`, in `14_thread_local.py`.
//! Notes: N2:585.
//!
//! A thread local spares passing a value through every call: the current user,
//! a connection, a buffer. Nothing is shared, so nothing is locked. In Rust
//! each thread's value begins with the initializer at its first use, and is
//! dropped when the thread ends; in Python an attribute that this thread never
//! set is an `AttributeError`. The value belongs to the thread, not to the
//! task: in a pool the next task on the same thread finds what the last one
//! left, and an async task that moves to another thread loses sight of it
//! (tokio has `task_local!`, Python has `contextvars`).
//!
//! All three have written before any of them reads: were there one variable,
//! they would all read the same.
//!
//! ```text,expect
//! main: user is admin
//! @any
//! worker 0: user is nobody, then ann
//! worker 1: user is nobody, then bob
//! worker 2: user is nobody, then cid
//! @end
//! main: user is still admin
//! ```
//!
//! Break it: `fn serve(` =>
//! `static ONE: std::sync::Mutex<&str> = std::sync::Mutex::new(""); fn serve(`,
//! `USER.replace(user)` =>
//! `std::mem::replace(&mut *ONE.lock().unwrap(), user)`,
//! `then {}", USER.get()` => `then {}", ONE.lock().unwrap()`

use std::cell::Cell;
use std::sync::Barrier;
use std::thread;

thread_local! {
    static USER: Cell<&'static str> = const { Cell::new("nobody") };
}

/// Passed when all three workers have written.
static WRITTEN: Barrier = Barrier::new(3);

fn serve(worker: usize, user: &'static str) {
    let before = USER.replace(user);
    WRITTEN.wait();
    println!("worker {worker}: user is {before}, then {}", USER.get());
}

fn main() {
    USER.set("admin");
    println!("main: user is {}", USER.get());
    thread::scope(|s| {
        for (worker, user) in ["ann", "bob", "cid"].into_iter().enumerate() {
            s.spawn(move || serve(worker, user));
        }
    });
    println!("main: user is still {}", USER.get());
}
