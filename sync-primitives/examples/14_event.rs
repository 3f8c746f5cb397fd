//! Event: a flag that any number of threads can wait for.
//!
//! Python: `threading.Event()`, in `14_event.py`.
//! Notes: N1:104, N2:131, N4:1530.
//!
//! Nobody passes `wait` before somebody calls `set`; then all do who wait, and
//! all who come later, until `clear`. Reach for it when one thread gives leave
//! to others: start now, the data is loaded, please stop. An event remembers,
//! which a bare condition variable does not: who comes after `set` has missed
//! nothing.
//!
//! std has no event; this one is in `src/event.rs`, a bool on a mutex and a
//! condition variable. Where it is never cleared, std's `OnceLock<()>` is one:
//! `set` and `wait`, and it can carry a value (`deadlock` opens its gate so).
//! To tell a thread to stop, one often drops a channel's sender instead.
//!
//! ```text,expect
//! main: 3 at the line, 0 off
//! main: go
//! @any
//! ann: off
//! bob: off
//! cid: off
//! @end
//! main: the flag stays up
//! dan: off
//! main: the flag is down
//! main: 1 at the line, 4 off
//! main: go
//! eve: off
//! ```
//!
//! Break it: `flag.wait();` => ``
//! Break it: `flag.clear();` => ``

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use sync_primitives::Event;

fn main() {
    let flag = Event::new();
    let off = AtomicUsize::new(0);
    let run = |who: &str| {
        flag.wait();
        off.fetch_add(1, Ordering::Relaxed);
        println!("{who}: off");
    };
    // Returns when each of so many either waits or is off.
    let line_up = |runners: usize| {
        let seen = || (flag.waiting(), off.load(Ordering::Relaxed));
        while seen().0 + seen().1 < runners {
            thread::yield_now();
        }
        println!("main: {} at the line, {} off", seen().0, seen().1);
    };

    thread::scope(|s| {
        for who in ["ann", "bob", "cid"] {
            s.spawn(move || run(who));
        }
        line_up(3);
        println!("main: go");
        flag.set();
    });
    println!("main: the flag stays up");
    thread::scope(|s| {
        s.spawn(|| run("dan"));
    });
    flag.clear();
    println!("main: the flag is down");
    thread::scope(|s| {
        s.spawn(|| run("eve"));
        line_up(5);
        println!("main: go");
        flag.set();
    });
}
