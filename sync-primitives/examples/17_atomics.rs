//! Atomics: one step that nobody can come between.
//!
//! Python: what the interpreter does in one step, in `17_atomics.py`.
//! Notes: N0:549, N2:366.
//!
//! `fetch_add` reads, adds and writes as one step, so each caller gets a number
//! of its own. `compare_exchange` writes only if nobody has written meanwhile,
//! so of many callers one wins. No lock, no waiting; but one variable at a
//! time.
//!
//! The memory order says what else must be seen. A counter needs nothing but
//! itself: `Relaxed`. A flag that says "the data is ready" publishes what was
//! written before it: the writer stores it with `Release`, the reader loads it
//! with `Acquire`, and who sees the flag sees the data. With `Relaxed` he may
//! see the flag and the old data; on x86 that hardly happens, on ARM it does.
//! No run can prove its absence, so `tests/model.rs` goes through all that the
//! memory model allows, and finds it. `SeqCst` is for orders over several
//! flags, and rare.
//!
//! Python has no atomic integers. `next` on a counter and `dict.setdefault` are
//! one step while there is a GIL. The notes name `multiprocessing.Value`, but
//! its `value += 1` is two steps, and needs `with value.get_lock()`.
//!
//! ```text,expect
//! @any
//! worker: ticket 0
//! worker: ticket 1
//! worker: ticket 2
//! worker: ticket 3
//! @end
//! main: 4 tickets, 1 winner
//! reader: not ready
//! reader: ready, the answer is 42
//! ```
//!
//! Break it: `next.fetch_add(1, Relaxed);` => `next.load(Relaxed);
//! all_there.wait(); next.store(ticket + 1, Relaxed);`
//! Break it: `winner.compare_exchange(NOBODY, ticket, Relaxed, Relaxed)` =>
//! `Ok::<_, u32>(winner.swap(ticket, Relaxed))`

use std::sync::Barrier;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::thread;

const NOBODY: u32 = u32::MAX;

fn main() {
    let all_there = Barrier::new(4);
    let next = AtomicU32::new(0);
    let winner = AtomicU32::new(NOBODY);
    let wins = AtomicU32::new(0);
    thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| {
                all_there.wait();
                let ticket = next.fetch_add(1, Relaxed);
                println!("worker: ticket {ticket}");
                let first =
                    winner.compare_exchange(NOBODY, ticket, Relaxed, Relaxed);
                wins.fetch_add(u32::from(first.is_ok()), Relaxed);
            });
        }
    });
    let (tickets, wins) = (next.into_inner(), wins.into_inner());
    println!("main: {tickets} tickets, {wins} winner");

    let asked = Barrier::new(2);
    let answer = AtomicU32::new(0);
    let ready = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            if !ready.load(Acquire) {
                println!("reader: not ready");
            }
            asked.wait();
            while !ready.load(Acquire) {
                thread::yield_now();
            }
            println!("reader: ready, the answer is {}", answer.load(Relaxed));
        });
        asked.wait();
        answer.store(42, Relaxed);
        ready.store(true, Release);
    });
}
