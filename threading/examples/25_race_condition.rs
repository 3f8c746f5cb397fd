//! Race condition: one stale write undoes 100,000 updates; three cures.
//!
//! Python: `threading.Lock`, in `25_race_condition.py`.
//! Notes: N0:496, N0:524, N1:117, N2:271, N2:281, N4:633.
//!
//! `counter += 1` is three steps: read, add, write. A thread that is stopped
//! between its read and its write puts an old value back over everything that
//! the others did meanwhile. The gap is some nanoseconds wide, so luck seldom
//! shows it: with 1000 updates a thread, 200 runs lost nothing; with 100,000,
//! on two cores, 123 of 200 did. Here ann stops in the gap of her first update
//! while bob makes his, so the loss happens on every run, and each cure faces
//! the same gap. A mutex keeps bob out of it. An atomic `update` notices that
//! the value has moved, and starts again (`fetch_add` does so in one
//! instruction). Counts of one's own, added at the end, have nothing to lose.
//!
//! Rust refuses a plain variable that two threads write, and a `static mut`
//! needs `unsafe`; what remains is this: atomic steps that do not make up one
//! atomic whole. Python has no atomic integers; one call that is documented to
//! be thread-safe, `deque.append`, stands for them there.
//!
//! In the notes: "Python 3.10 and newer have no such race". They only hide it.
//! CPython switches threads at calls and backward jumps, and this loop has
//! neither in the gap. A call in the gap, as here, or a free-threaded build
//! brings the loss back.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: read and write: 100000 updates in the gap, 100000 of 200000 counted
//! main: mutex: 0 updates in the gap, 200000 of 200000 counted
//! main: atomic: 100000 updates in the gap, 200000 of 200000 counted
//! main: own counts: by 2 threads, 200000 of 200000 counted
//! ```
//!
//! Break it: `counter.store(seen + 1, Relaxed);` =>
//! `counter.fetch_add(1, Relaxed);`
//! Break it: `let seen = *value;` => `let seen = *value; drop(value);`,
//! `*value = seen + 1;` => `*counter.lock().unwrap() = seen + 1;`
//! Break it: `counter.update(Relaxed, Relaxed, |seen| {` =>
//! `let seen = counter.load(Relaxed); counter.store({`, `}); // again, if` =>
//! `}, Relaxed); // again, if`
//! Break it (Python): `self.stale = seen + 1` => `self.stale += 1`
//! Break it (Python): `with self.lock:` => `if True:`

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, Once};
use std::thread;

const EACH: u32 = 100_000;

/// Ann stops once between her read and her write, until bob has done what he
/// can: all his updates, or none if the counter is locked. How many he did.
fn race(
    add: impl Fn(&dyn Fn()) + Sync,
    is_locked: impl Fn() -> bool + Sync,
) -> u32 {
    let turn = Barrier::new(2);
    let stopped = Once::new();
    let gap = || {
        stopped.call_once(|| {
            turn.wait();
            turn.wait();
        });
    };
    let ann = || (0..EACH).for_each(|_| add(&gap));
    let bob = || {
        turn.wait();
        let add_one = |_| add(&|| ());
        let done = if is_locked() { 0 } else { EACH };
        (0..done).for_each(add_one);
        turn.wait();
        (done..EACH).for_each(add_one);
        done
    };
    thread::scope(|s| {
        s.spawn(ann);
        s.spawn(bob).join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn report(name: &str, in_the_gap: u32, got: u32) {
    let of = 2 * EACH;
    println!(
        "main: {name}: {in_the_gap} updates in the gap, {got} of {of} counted"
    );
}

fn own_counts() {
    let both = Barrier::new(2);
    let count = || {
        both.wait();
        ((0..EACH).fold(0, |own, _| own + 1), thread::current().id())
    };
    let counts = thread::scope(|s| {
        [s.spawn(count), s.spawn(count)].map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let threads = HashSet::from(counts.map(|(_, thread)| thread)).len();
    let got: u32 = counts.iter().map(|(own, _)| own).sum();
    let of = 2 * EACH;
    println!("main: own counts: by {threads} threads, {got} of {of} counted");
}

fn main() {
    let counter = AtomicU32::new(0);
    let add = |gap: &dyn Fn()| {
        let seen = counter.load(Relaxed);
        gap();
        counter.store(seen + 1, Relaxed);
    };
    let in_the_gap = race(add, || false);
    report("read and write", in_the_gap, counter.into_inner());

    let counter = Mutex::new(0);
    let add = |gap: &dyn Fn()| {
        let mut value = counter.lock().expect("no holder panics");
        let seen = *value;
        gap();
        *value = seen + 1;
    };
    let in_the_gap = race(add, || counter.try_lock().is_err());
    report("mutex", in_the_gap, *counter.lock().expect("no holder panics"));

    let counter = AtomicU32::new(0);
    let add = |gap: &dyn Fn()| {
        counter.update(Relaxed, Relaxed, |seen| {
            gap();
            seen + 1
        }); // again, if another thread came in between
    };
    let in_the_gap = race(add, || false);
    report("atomic", in_the_gap, counter.into_inner());

    own_counts();
}
