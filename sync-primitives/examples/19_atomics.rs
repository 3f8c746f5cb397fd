//! Atomics: one step that no other thread can interrupt.
//!
//! Python: `next(itertools.count())`, and a lock where that does not do, in
//! `19_atomics.py`.
//! Notes: N0:552, N2:359.
//!
//! `fetch_add` reads, adds and writes in one step, so each caller gets a number
//! of its own; a load and a store would give some numbers twice, if not in
//! every run. `compare_exchange` writes only if the value is still the one that
//! was read; otherwise it says what the value is now, and the caller starts
//! again (`update` has that loop inside). No lock and no waiting, but one
//! variable at a time.
//!
//! The memory order says what else a thread must see. A counter needs nothing
//! but itself: `Relaxed`. A flag publishes the data written before it: the
//! writer stores it with `Release`, the reader loads it with `Acquire`, and a
//! reader that sees the flag sees the data. With `Relaxed` it may see the flag
//! and the old data: on x86 only if the compiler reorders the two, on ARM also
//! if the processor does. `tests/model.rs` has loom look for both, and loom
//! finds them. loom misses some behaviour that the memory model allows: it
//! tries no load buffering, and takes `SeqCst` for `AcqRel`.
//!
//! Python has no atomic integers. `next` on `itertools.count` is one step in
//! CPython: the GIL sees to that, and free-threaded builds do since 3.13. The
//! sibling's `compare_exchange` takes a lock. Under a GIL it would look right
//! without the lock: no thread switch falls between its two lines.
//!
//! In the notes: `multiprocessing.Value` is named as atomic. Its `value += 1`
//! is a read and a write, and needs `with value.get_lock()`.
//!
//! ```text,expect
//! @threads
//! @peak 4..8 threads
//! main: 4 workers drew 200000 tickets, 200000 different
//! ann: reads 5, wants to write 10
//! bob: adds 1
//! ann: finds 6, starts again
//! ann: wrote 12
//! reader: not ready
//! writer: has written the data, not yet the flag
//! reader: still not ready
//! reader: ready, the answer is 42
//! ```
//!
//! Break it: `next.fetch_add(1, Relaxed)` => `{ let seen = next.load(Relaxed);
//! thread::yield_now(); next.store(seen + 1, Relaxed); seen }`
//! Break it: `number.compare_exchange(seen, 2 * seen, Relaxed, Relaxed)` =>
//! `Ok::<_, u32>(number.swap(2 * seen, Relaxed))`
//! Break it: `answer.store(42, Relaxed);` => `ready.store(true, Release);`,
//! `ready.store(true, Release); // publishes` => `answer.store(42, Relaxed);`
//! Break it (Python): `next(tickets)` =>
//! `(lambda seen: tickets.__setitem__(0, seen + 1) or seen)(tickets[0])`,
//! `tickets = itertools.count()` => `tickets = [0]`
//! Break it (Python): `if self.value == expected:` => `if True:`
//! Break it (Python): `answer = 42` => `ready.set()`,
//! `ready.set()  # publishes` => `answer = 42`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::thread;

fn main() {
    draw_tickets();
    double_while_another_adds();
    publish();
}

fn draw_tickets() {
    let next = AtomicU32::new(0);
    let all_here = Barrier::new(4);
    let draw = || {
        all_here.wait();
        (0..50_000).map(|_| next.fetch_add(1, Relaxed)).collect::<Vec<_>>()
    };
    let mut tickets: Vec<u32> = thread::scope(|s| {
        let workers = [(); 4].map(|()| s.spawn(draw));
        let drawn = workers.map(|worker| {
            worker.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        drawn.concat()
    });
    let drawn = tickets.len();
    tickets.sort_unstable();
    tickets.dedup();
    let different = tickets.len();
    println!("main: 4 workers drew {drawn} tickets, {different} different");
}

fn double_while_another_adds() {
    let number = AtomicU32::new(5);
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut seen = number.load(Relaxed);
            println!("ann: reads {seen}, wants to write {}", 2 * seen);
            turn.wait(); // bob's turn, between ann's read and her write
            turn.wait();
            while let Err(now) =
                number.compare_exchange(seen, 2 * seen, Relaxed, Relaxed)
            {
                println!("ann: finds {now}, starts again");
                seen = now;
            }
            println!("ann: wrote {}", number.load(Relaxed));
        });
        s.spawn(|| {
            turn.wait();
            number.fetch_add(1, Relaxed);
            println!("bob: adds 1");
            turn.wait();
        });
    });
}

fn publish() {
    let answer = AtomicU32::new(0);
    let ready = AtomicBool::new(false);
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let look = |not_ready| match ready.load(Acquire) {
                true => println!("reader: too early, {answer:?}"),
                false => println!("reader: {not_ready}"),
            };
            look("not ready");
            turn.wait(); // the writer's turn
            turn.wait();
            look("still not ready");
            turn.wait();
            while !ready.load(Acquire) {
                thread::yield_now();
            }
            println!("reader: ready, the answer is {}", answer.load(Relaxed));
        });
        s.spawn(|| {
            turn.wait();
            answer.store(42, Relaxed);
            println!("writer: has written the data, not yet the flag");
            turn.wait(); // the reader's turn, between data and flag
            turn.wait();
            ready.store(true, Release); // publishes
        });
    });
}
