//! Concurrency is not parallelism: taking turns, or running at one instant.
//!
//! Python: `os.fork`, `mmap` and `os.sched_setaffinity`, in
//! `16_concurrency_vs_parallelism.py`.
//! Notes: N0:16, N0:27, N1:5, N4:76.
//!
//! Concurrent tasks are under way together; parallel ones run at the same
//! instant, which takes as many cores. Programs are written for the first, and
//! gain by the second where there are cores for it. Telling them apart needs no
//! clock. The runner counts, the watcher looks at the count. If the count moves
//! while the watcher has not left its core, the runner was on another core at
//! that instant; the kernel counts the watcher's switches, so it knows. On one
//! core the count moves only while the watcher is away: a turn.
//!
//! The same two are pinned first to one core, until five turns are seen, then
//! to a core each, until one common instant is seen. Under CPython's lock
//! Python's threads would take turns in both cases (`cpu_bound` shows that), so
//! there they are processes. A machine with one core shows 1 in all three
//! lines. Linux only; elsewhere the program says so and ends. Threads in Rust
//! and processes in Python, so only main speaks.
//!
//! ```text,expect
//! @threads
//! main: cores used {cores:int 1..2}
//! main: on one core, turns {:int 5..}, at one instant 1
//! main: on a core each, turns {:int 0..}, at one instant {cores:int 1..2}
//! ```
//!
//! Break it: `run_pinned(one, one)` => `run_pinned(one, other)`
//! Break it: `run_pinned(one, other)` => `run_pinned(one, one)`
//! Break it (Python): `if switches() == before:` => `if True:`
//! Break it (Python): `memory, one, other` => `memory, one, one`

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;

use threading::kernel::{Seen, cores, pin_to, watch};

fn run_pinned(runner: usize, watcher: usize) -> io::Result<Seen> {
    let enough = if runner == watcher { 5 } else { u32::MAX };
    let count = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    pin_to(runner)?;
    thread::scope(|s| {
        s.spawn(|| {
            while !stop.load(Relaxed) {
                count.fetch_add(1, Relaxed);
            }
        });
        // The runner has inherited its core; now the watcher goes to its own.
        let seen = pin_to(watcher).and_then(|()| watch(&count, enough));
        stop.store(true, Relaxed);
        seen
    })
}

fn report(name: &str, seen: Seen) {
    let Seen { turns, at_one_instant } = seen;
    println!("main: {name}, turns {turns}, at one instant {at_one_instant}");
}

fn main() -> io::Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, pinning is Linux's own");
        return Ok(());
    }
    let cores = cores()?;
    println!("main: cores used {}", cores.len().min(2));
    let (one, other) = (cores[0], cores[cores.len() - 1]);
    report("on one core", run_pinned(one, one)?);
    report("on a core each", run_pinned(one, other)?);
    Ok(())
}
