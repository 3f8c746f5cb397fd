//! Concurrency is not parallelism: taking turns, or running at one instant.
//!
//! Python: `os.fork`, `mmap` and `os.sched_setaffinity`, in
//! `30_concurrency_vs_parallelism.py`.
//! Notes: N0:16, N0:27, N1:5, N4:75.
//!
//! Concurrent tasks are under way together; parallel ones run at the same
//! instant, which takes as many cores. Programs are written for the first, and
//! gain by the second where it is to be had. To tell them apart needs no clock:
//! the runner counts, the watcher looks at the count. If it moves while the
//! watcher has not left its core, then the runner was on another at that
//! instant; whether the watcher left is known to the kernel, which counts its
//! switches. On one core the count moves only while the watcher is away: a
//! turn.
//!
//! The same two are pinned first to one core, until five turns are seen, then
//! to a core each, until one common instant is seen. Python's threads would
//! take turns in both cases, as CPython has one lock; so there they are
//! processes. A machine with one core shows 1 in all three lines. Linux only;
//! elsewhere the program says so and ends.
//!
//! ```text,expect
//! main: cores used {cores:int 1..2}
//! on one core: turns {:int 5..}, running at one instant 1
//! on a core each: turns {:int}, running at one instant {cores:int 1..2}
//! ```
//!
//! Break it: `switches()? == before` => `true`

use std::hint;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;

use threading::kernel::{cores, pin_to, switches};

/// How many turns are seen, and how many run at one instant at most.
fn watch(count: &AtomicU64, enough: u32) -> io::Result<(u32, u32)> {
    for turns in 0..enough {
        let before = switches()?;
        let seen = count.load(Relaxed);
        while count.load(Relaxed) == seen {
            hint::spin_loop();
        }
        if switches()? == before {
            return Ok((turns, 2));
        }
    }
    Ok((enough, 1))
}

fn run_pinned(runner: usize, watcher: usize) -> io::Result<(u32, u32)> {
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

fn main() -> io::Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, pinning is Linux's own");
        return Ok(());
    }
    let cores = cores()?;
    println!("main: cores used {}", cores.len().min(2));
    let (one, other) = (cores[0], cores[cores.len() - 1]);
    let (turns, most) = run_pinned(one, one)?;
    println!("on one core: turns {turns}, running at one instant {most}");
    let (turns, most) = run_pinned(one, other)?;
    println!("on a core each: turns {turns}, running at one instant {most}");
    Ok(())
}
