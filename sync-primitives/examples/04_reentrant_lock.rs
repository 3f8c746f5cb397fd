//! Reentrant lock: its holder may take it again.
//!
//! Python: `threading.RLock()`, in `04_reentrant_lock.py`.
//! Notes: N0:747, N2:94, N2:99, N4:188, N4:201, N4:1522.
//!
//! A reentrant lock knows its owner and counts: each `lock` by the owner adds a
//! hold, each release ends one, and the lock is free when none is left. Use it
//! for a function that locks and then calls itself, or another function that
//! locks too. A plain lock would wait for its own thread (`self_deadlock`).
//!
//! It is rare in Rust, as a guard can be passed to the inner function. It gives
//! shared access only, `&` and never `&mut`, because two holds exist at once.
//! std's `ReentrantLock` is not stable yet; programs use
//! `parking_lot::ReentrantMutex`. The one here, in `src/reentrant_lock.rs`,
//! shows its count. Python's shows none, so the sibling counts for itself.
//!
//! The console is the usual case. Each line is locked by itself, so lines stay
//! whole, but records of several lines mix. `write_record` keeps the lock for
//! the whole record, and `write_line` takes it again inside. Rust's stdout is
//! such a lock: `println!` holds it for one call, `io::stdout().lock()` for as
//! long as you like. Python's `print` holds none, and may even split a line.
//! Here bob writes whenever he finds the lock free between ann's two lines.
//!
//! In the notes: N2:94 says that it solves deadlock. It prevents only the
//! deadlock of a thread with itself. The code of N2:99 makes a plain `Lock`.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! worker: n=3, holds 1
//! worker: n=2, holds 2
//! worker: n=1, holds 3
//! worker: n=0, holds 4
//! visitor 1: busy
//! worker: back in n=1, holds 3
//! worker: back in n=2, holds 2
//! worker: back in n=3, holds 1
//! visitor 2: busy
//! main: the worker has ended, holds 0
//! visitor 3: in, holds 1
//! main: the lock is held for a line
//! ann: begins a record, holds 1
//! bob: begins a record, holds 1
//! bob: ends a record, holds 1
//! ann: ends a record, holds 1
//! main: the lock is held for a record
//! ann: begins a record, holds 2
//! ann: ends a record, holds 2
//! bob: begins a record, holds 2
//! bob: ends a record, holds 2
//! ```
//!
//! Break it: `let _hold = lock.lock();` => `drop(lock.lock());`
//! Break it: `let _hold = lock.lock();` => `std::mem::forget(lock.lock());`
//! Break it: `whole.then(|| console.lock());` =>
//! `whole.then(|| drop(console.lock()));`
//! Break it: `share_console(false);` => `share_console(true);`
//! Break it (Python): `with lock:` => `if lock:`
//! Break it (Python): `with console if whole else nullcontext():` => `if True:`
//! Break it (Python): `share_console(whole=False)` =>
//! `share_console(whole=True)`

use std::sync::Barrier;
use std::thread;

use sync_primitives::ReentrantLock;

fn main() {
    let lock = ReentrantLock::new();
    thread::scope(|s| {
        s.spawn(|| descend(&lock, 3));
    });
    println!("main: the worker has ended, holds {}", lock.hold_count());
    visit(&lock, 3);

    println!("main: the lock is held for a line");
    share_console(false);
    println!("main: the lock is held for a record");
    share_console(true);
}

fn descend(lock: &ReentrantLock, n: u32) {
    let _hold = lock.lock();
    println!("worker: n={n}, holds {}", lock.hold_count());
    if n > 0 {
        descend(lock, n - 1);
        println!("worker: back in n={n}, holds {}", lock.hold_count());
    }
    match n {
        0 => visit(lock, 1),
        3 => visit(lock, 2),
        _ => {}
    }
}

/// Another thread asks for the lock, and has gone when this returns.
fn visit(lock: &ReentrantLock, visitor: u32) {
    thread::scope(|s| {
        s.spawn(|| match lock.try_lock() {
            Some(_hold) => {
                println!("visitor {visitor}: in, holds {}", lock.hold_count())
            }
            None => println!("visitor {visitor}: busy"),
        });
    });
}

fn write_record(
    name: &str,
    console: &ReentrantLock,
    whole: bool,
    between: impl FnOnce(),
) {
    let _hold = whole.then(|| console.lock());
    write_line(name, console, "begins");
    between();
    write_line(name, console, "ends");
}

fn write_line(name: &str, console: &ReentrantLock, what: &str) {
    let _hold = console.lock();
    println!("{name}: {what} a record, holds {}", console.hold_count());
}

fn share_console(whole: bool) {
    let console = ReentrantLock::new();
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            write_record("ann", &console, whole, || {
                turn.wait(); // bob's turn, between her two lines
                turn.wait();
            });
        });
        s.spawn(|| {
            turn.wait();
            let free = console.try_lock().is_some();
            let write = || write_record("bob", &console, whole, || {});
            if free {
                write();
            }
            turn.wait();
            if !free {
                write();
            }
        });
    });
}
