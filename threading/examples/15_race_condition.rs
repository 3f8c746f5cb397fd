//! Race condition: one stale write undoes 100,000 updates; three cures.
//!
//! Python: `threading.Lock`, in `15_race_condition.py`.
//! Notes: N0:496, N0:527, N1:117, N2:271, N2:281, N4:633.
//!
//! `counter += 1` is three steps: read, add, write. A thread that is stopped
//! between its read and its write puts back an old value over all that the
//! others did meanwhile. The gap is some nanoseconds wide, so luck seldom shows
//! it: with 1000 updates a thread, 200 runs lost nothing; with 100,000, on two
//! cores, 123 of 200 did, and on one core none. Here a barrier stops ann in the
//! gap while bob works, so the update is lost on every run.
//!
//! The notes say that Python 3.10 and newer have no such race. Those only hide
//! it: CPython looks for a thread switch at calls and at jumps back, and this
//! loop has neither in the gap. That is an accident of one interpreter; a call
//! in the gap, as here, or a free-threaded build brings the loss back. Rust
//! does not compile the notes' version: a plain variable written by two threads
//! is refused, and a `static mut` needs `unsafe`. What remains is this: atomic
//! steps that do not make up one atomic whole.
//!
//! Longer than one screen, for it is four programs with one schedule. `Relaxed`
//! is enough: only the count itself is shared, and the scope's end orders the
//! rest. Python has no atomic integers; one call that is documented to be
//! thread-safe, `deque.append`, stands for them there.
//!
//! ```text,expect
//! main: expected 200000, read and write got 100000
//! bob: 0 updates while ann holds the lock
//! main: expected 200000, mutex got 200000
//! main: expected 200000, atomic got 200000
//! main: expected 200000, own counts got 200000
//! ```
//!
//! Break it: `counter.store(seen + 1, Relaxed);` =>
//! `counter.fetch_add(1, Relaxed);`
//! Break it: `let seen = *value;` => `let seen = *value; drop(value);`,
//! `*value = seen + 1;` => `let mut value = lock(&counter); *value = seen + 1;`
//! Break it: `counter.compare_exchange(seen, seen + 1, Relaxed, Relaxed)` =>
//! `Ok::<u32, u32>(counter.swap(seen + 1, Relaxed))`

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

const EACH: u32 = 100_000;

/// Ann waits here in the middle of an update, and again until bob is done.
static TURN: Barrier = Barrier::new(2);

fn run(ann: impl FnOnce() + Send, bob: impl FnOnce() + Send) {
    thread::scope(|s| {
        s.spawn(ann);
        s.spawn(bob);
    });
}

fn read_and_write() -> u32 {
    let counter = AtomicU32::new(0);
    let update = || counter.store(counter.load(Relaxed) + 1, Relaxed);
    let ann = || {
        let seen = counter.load(Relaxed);
        TURN.wait();
        TURN.wait();
        counter.store(seen + 1, Relaxed);
        (1..EACH).for_each(|_| update());
    };
    let bob = || {
        TURN.wait();
        (0..EACH).for_each(|_| update());
        TURN.wait();
    };
    run(ann, bob);
    counter.into_inner()
}

fn lock(counter: &Mutex<u32>) -> MutexGuard<'_, u32> {
    counter.lock().expect("no holder panics")
}

fn mutex() -> u32 {
    let counter = Mutex::new(0);
    let ann = || {
        let mut value = lock(&counter);
        let seen = *value;
        TURN.wait();
        TURN.wait();
        *value = seen + 1;
        drop(value);
        (1..EACH).for_each(|_| *lock(&counter) += 1);
    };
    let bob = || {
        TURN.wait();
        let mut done = 0;
        while done < EACH
            && let Ok(mut value) = counter.try_lock()
        {
            *value += 1;
            done += 1;
        }
        println!("bob: {done} updates while ann holds the lock");
        TURN.wait();
        (done..EACH).for_each(|_| *lock(&counter) += 1);
    };
    run(ann, bob);
    *lock(&counter)
}

fn atomic() -> u32 {
    let counter = AtomicU32::new(0);
    let update = || _ = counter.fetch_add(1, Relaxed);
    // `fetch_add` has no gap. Ann's first one is written out as what it does:
    // the exchange is refused if the counter is no longer what she has seen.
    let ann = || {
        let mut seen = counter.load(Relaxed);
        TURN.wait();
        TURN.wait();
        while let Err(now) =
            counter.compare_exchange(seen, seen + 1, Relaxed, Relaxed)
        {
            seen = now;
        }
        (1..EACH).for_each(|_| update());
    };
    let bob = || {
        TURN.wait();
        (0..EACH).for_each(|_| update());
        TURN.wait();
    };
    run(ann, bob);
    counter.into_inner()
}

fn own_counts() -> thread::Result<u32> {
    let count = || (0..EACH).fold(0, |own, _| own + 1);
    let (ann, bob) = (thread::spawn(count), thread::spawn(count));
    Ok(ann.join()? + bob.join()?)
}

fn main() -> Result<(), &'static str> {
    let expected = 2 * EACH;
    let got = read_and_write();
    println!("main: expected {expected}, read and write got {got}");
    println!("main: expected {expected}, mutex got {}", mutex());
    println!("main: expected {expected}, atomic got {}", atomic());
    let got = own_counts().map_err(|_| "a counting thread panicked")?;
    println!("main: expected {expected}, own counts got {got}");
    Ok(())
}
