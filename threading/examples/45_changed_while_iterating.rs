//! Changed while iterating: a writer comes in the middle of a loop.
//!
//! Python: a dict and a thread, in `45_changed_while_iterating.py`.
//! Reported: xacrimon/dashmap#74.
//! Symptom: it dies: dictionary changed size during iteration.
//!
//! A loop over a collection relies on it staying as it is. In Python another
//! thread can insert between any two turns, and the loop raises `RuntimeError`
//! at the next one; a list silently skips or repeats. Rust's compiler refuses
//! to change what a loop borrows (E0502, see `threading/src/lib.rs`), and
//! shared maps need a lock. A concurrent map moves the question to run time:
//! `DashMap` keeps a part of the map locked for as long as a reference into it
//! lives. A writer in another thread waits for that; in the loop's own thread
//! `insert` would wait for itself, forever.
//!
//! Two cures: loop over a copy, and accept that it is a moment old; or hold one
//! lock around the whole loop, and make writers wait. In each round the writer
//! comes when the loop is at its first entry, and the loop waits until it has
//! written, or has seen that it cannot.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: the live map: disturbed: true, by {:text}
//! main: a copy: disturbed: false, 3 of 4 seen
//! main: a lock: the writer waited: true, 3 of 4 seen
//! ```
//!
//! Break it: `count(copy.iter(), turn)` => `count(stock.iter(), turn)`
//! Break it: `let held = plain.lock().expect("no holder panics");` =>
//! `let held = plain.lock().expect("no holder panics").clone();`
//! Break it: `count(stock.iter(), turn)` => `count(KEYS.iter(), turn)`
//! Break it (Python): `count(list(stock), turn)` => `count(stock, turn)`
//! Break it (Python): `with lock:  # around the loop` => `if True:`

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Barrier, Mutex};
use std::thread;

use dashmap::DashMap;

const KEYS: [&str; 3] = ["ann", "bob", "cid"];

/// The writer comes when the loop calls what it is given, and the loop goes on
/// when the writer calls what that is given.
fn race<R: Send>(
    writer: impl FnOnce(&dyn Fn()) -> R + Send,
    read: impl FnOnce(&dyn Fn()) -> usize,
) -> (R, usize) {
    let turn = Barrier::new(2);
    let turn_over = || _ = turn.wait();
    thread::scope(|s| {
        let writer = s.spawn(|| {
            turn.wait();
            writer(&turn_over)
        });
        let seen = read(&|| {
            turn.wait();
            turn.wait();
        });
        let said = writer.join().unwrap_or_else(|panic| resume_unwind(panic));
        (said, seen)
    })
}

/// Whether a writer of one of the keys would have to wait.
fn is_locked(stock: &DashMap<&str, u32>) -> bool {
    KEYS.iter().any(|key| stock.try_entry(key).is_none())
}

/// A loop that lets the writer come at its first entry; how many it has seen.
fn count<T>(entries: impl Iterator<Item = T>, turn: &dyn Fn()) -> usize {
    let mut seen = 0;
    for _entry in entries {
        if seen == 0 {
            turn();
        }
        seen += 1;
    }
    seen
}

fn main() {
    let stock: DashMap<&str, u32> = KEYS.into_iter().zip(1..).collect();
    let writer = |go_on: &dyn Fn()| {
        let locked = is_locked(&stock);
        go_on();
        locked
    };
    let (disturbed, _) = race(writer, |turn| count(stock.iter(), turn));
    let by = "a reference that locks its part";
    println!("main: the live map: disturbed: {disturbed}, by {by}");

    let writer = |go_on: &dyn Fn()| {
        let locked = is_locked(&stock);
        if !locked {
            stock.insert("dan", 4);
        }
        go_on();
        locked
    };
    let (disturbed, seen) = race(writer, |turn| {
        let copy: Vec<_> = stock.iter().map(|entry| *entry.key()).collect();
        count(copy.iter(), turn)
    });
    let left = stock.len();
    println!("main: a copy: disturbed: {disturbed}, {seen} of {left} seen");

    let plain: HashMap<&str, u32> = KEYS.into_iter().zip(1..).collect();
    let plain = Mutex::new(plain);
    let writer = |go_on: &dyn Fn()| {
        let waits = plain.try_lock().is_err();
        go_on();
        plain.lock().expect("no holder panics").insert("dan", 4);
        waits
    };
    let (waited, seen) = race(writer, |turn| {
        let held = plain.lock().expect("no holder panics");
        count(held.keys(), turn)
    });
    let left = plain.lock().expect("no holder panics").len();
    println!(
        "main: a lock: the writer waited: {waited}, {seen} of {left} seen"
    );
}
