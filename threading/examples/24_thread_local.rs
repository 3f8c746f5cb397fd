//! Thread local: one name, and for each thread a value of its own.
//!
//! Python: `threading.local()`, in `24_thread_local.py`.
//! Notes: N2:572, N2:583, N2:585.
//!
//! A thread local saves passing a value through every call: the current user, a
//! buffer, a connection (Django and SQLAlchemy keep one for each thread).
//! Nothing is shared, so nothing is locked. In Rust each thread's value begins
//! with the initializer at its first use; in Python an attribute that this
//! thread never set is an `AttributeError`. The value is dropped when its
//! thread ends: `join` waits for that, the end of a `thread::scope` need not.
//! It belongs to the thread, not to the task. In a pool the next task on the
//! same thread finds what the last one left, and an async task that moves to
//! another thread loses sight of it (tokio has `task_local!`, Python
//! `contextvars`).
//!
//! All three workers have written before any of them reads: if there were one
//! variable, they would all read the same.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: user is admin
//! @lanes
//! worker 0: user was nobody, is ann
//! worker 0: closes the session of ann
//! worker 1: user was nobody, is bob
//! worker 1: closes the session of bob
//! worker 2: user was nobody, is cid
//! worker 2: closes the session of cid
//! @end
//! main: the workers met 1 time, user is still admin
//! main: closes the session of admin
//! ```
//!
//! Break it: `Barrier::new(3)` => `Barrier::new(1)`
//! Break it: `SESSION.replace(session)` =>
//! `std::mem::replace(&mut *ONE.lock().unwrap(), session)`,
//! `let now_is = SESSION.with_borrow(user);` =>
//! `let now_is = user(&*ONE.lock().unwrap());`,
//! `fn serve(` => `static ONE: std::sync::Mutex<Option<Session>> =
//! std::sync::Mutex::new(None); fn serve(`
//! Break it (Python): `threading.local()` => `type("Local", (), {})()`
//! Break it (Python): `Barrier(3)` => `Barrier(1)`

use std::cell::RefCell;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

struct Session {
    thread: String,
    user: &'static str,
}

impl Drop for Session {
    fn drop(&mut self) {
        println!("{}: closes the session of {}", self.thread, self.user);
    }
}

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Passed when all three workers have written.
static WRITTEN: Barrier = Barrier::new(3);

fn user(session: &Option<Session>) -> &'static str {
    session.as_ref().map_or("nobody", |session| session.user)
}

fn serve(worker: usize, name: &'static str) -> bool {
    let thread = format!("worker {worker}");
    let session = Some(Session { thread, user: name });
    let before = SESSION.replace(session);
    let leads = WRITTEN.wait().is_leader();
    let before = user(&before);
    let now_is = SESSION.with_borrow(user);
    println!("worker {worker}: user was {before}, is {now_is}");
    leads
}

fn main() {
    SESSION.set(Some(Session { thread: "main".into(), user: "admin" }));
    println!("main: user is {}", SESSION.with_borrow(user));
    let workers = ["ann", "bob", "cid"].into_iter().enumerate();
    let workers: Vec<_> = workers
        .map(|(worker, name)| thread::spawn(move || serve(worker, name)))
        .collect();
    let mut met = 0;
    for worker in workers {
        let leads = worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        met += u32::from(leads);
    }
    let now = SESSION.with_borrow(user);
    println!("main: the workers met {met} time, user is still {now}");
    SESSION.take(); // otherwise at the end of main, or not at all
}
