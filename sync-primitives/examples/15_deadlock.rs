//! Deadlock: two threads, two locks, opposite order.
//!
//! Python: `threading.Lock` and daemon threads, in `15_deadlock.py`.
//! Notes: N0:612, N0:624, N0:685, N4:252.
//!
//! Each thread holds the lock that the other one waits for, so neither ever
//! goes on. Left to chance this is rare: one thread must be stopped in the few
//! nanoseconds between its two locks. So it passes every test and happens in
//! production. Here a gate between the first and the second lock opens when
//! both threads have made their first request, which makes it certain.
//!
//! No plain lock notices: `join` would wait forever, in Rust as in Python. The
//! locks here tell a graph who holds what and who waits for what. A cycle in it
//! is a deadlock, however long one waits. The detector is in
//! `src/wait_graph.rs`; parking_lot has one, the feature `deadlock_detection`.
//! The two threads end with the process, as nobody joins them. The cure is one
//! order for all locks (`lock_ordering`).
//!
//! In the notes: N4:258 says that only killing the task ends a deadlock. That
//! holds for a plain `lock`. A thread that waits by `try_lock`, or for a
//! limited time, can release what it holds (`livelock`, `lock_timeout`).
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! @lanes
//! ann: holds left
//! ann: waits for right  #second
//! bob: holds right
//! bob: waits for left  #second
//! main: opens the gate  #gate
//! @end
//! @before gate second
//! main: deadlock of 2 threads
//! main: ann waits for right, held by bob
//! main: bob waits for left, held by ann
//! ```
//!
//! Break it: `("bob", &RIGHT, &LEFT)` => `("bob", &LEFT, &RIGHT)`
//! Break it: `let _first = take(first, who);` => `drop(take(first, who));`
//! Break it (Python): `("bob", right, left)` => `("bob", left, right)`
//! Break it (Python): `with taken(first, who):` => `if taken(first, who):`

use std::sync::LazyLock;
use std::thread;

use sync_primitives::{Event, WaitGraph, WatchedGuard, WatchedLock};

static GRAPH: WaitGraph = WaitGraph::new();
static LEFT: WatchedLock = WatchedLock::new("left", &GRAPH);
static RIGHT: WatchedLock = WatchedLock::new("right", &GRAPH);
static GATE: LazyLock<Event> = LazyLock::new(Event::new);

fn main() {
    let tasks = [("ann", &LEFT, &RIGHT), ("bob", &RIGHT, &LEFT)];
    for (who, first, second) in tasks {
        thread::spawn(move || {
            {
                let _first = take(first, who);
                GATE.wait();
                let _second = take(second, who);
            }
            GRAPH.ended();
        });
    }
    GRAPH.after_requests(2);
    println!("main: opens the gate");
    GATE.set();
    match GRAPH.cycle_or_end(tasks.len()) {
        None => println!("main: no deadlock"),
        Some(mut cycle) => {
            println!("main: deadlock of {} threads", cycle.len());
            cycle.sort_by_key(|wait| wait.who);
            for wait in cycle {
                println!(
                    "main: {} waits for {}, held by {}",
                    wait.who, wait.lock, wait.holder
                );
            }
        }
    }
}

fn take(
    lock: &'static WatchedLock,
    who: &'static str,
) -> WatchedGuard<'static> {
    let guard = lock.try_lock(who).unwrap_or_else(|| {
        println!("{who}: waits for {}", lock.name());
        lock.lock(who)
    });
    println!("{who}: holds {}", lock.name());
    guard
}
