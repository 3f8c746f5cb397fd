//! CPU-bound work: two threads compute at the same time on two cores.
//!
//! Python: `threading`, in `17_cpu_bound.py`, one at a time under the GIL.
//! Notes: N0:56, N0:89, N1:19, N2:617, N3:11.
//!
//! The sum of the squares below 10,000,000, once alone, then in two threads at
//! once. A Rust thread needs no interpreter lock: on two free cores the work is
//! doubled and the time is not. In CPython one thread at a time runs bytecode,
//! so the two take turns. There such work goes to processes, to interpreters of
//! their own (`InterpreterPoolExecutor`, 3.14), or to the free-threaded build,
//! which is supported since 3.14 and computes in parallel as Rust does.
//!
//! The speed-up depends on cores and load; it is shown, not checked. What is
//! checked needs no clock (see `concurrency_vs_parallelism`): a thread counts
//! on, and main sees the count move while it has not left its own core. Under
//! the GIL that never happens, and five turns are enough. The sum does not fit
//! into 64 bits: Python's integers grow; in Rust you choose, and a debug build
//! panics where an optimised one wraps around. Linux only; elsewhere the
//! program says so and ends.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: 333333283333335000000
//! @any
//! left: 333333283333335000000
//! right: 333333283333335000000
//! @end
//! main: they met 1 time, speed-up {:float 0..}
//! main: {n:int 1..2} could compute at one instant, {n:int 1..2} did
//! ```
//!
//! Break it: `type Sum = u128` => `type Sum = u64`
//! Break it: `thread.spawn_scoped(s, left_or_right)?;` => `sum_squares();`
//! Break it: `Barrier::new(2)` => `Barrier::new(1)`
//! Break it: `let stop =` =>
//! `threading::kernel::pin_to(cores()?[0])?; let stop =`,
//! `u32::MAX` => `5`
//! Break it (Python): `thread.start()` => `sum_squares()`,
//! `thread.join()` => `pass`
//! Break it (Python): `gil_enabled() else` => `not gil_enabled() else`

use std::io;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use threading::kernel::{Seen, cores, watch};

type Sum = u128;

fn sum_squares() {
    let mut sum: Sum = 0;
    let mut n: u64 = 0;
    // Not `for` or `sum()`: they are as fast only in an optimised build.
    while n < 10_000_000 {
        sum += Sum::from(n * n);
        n += 1;
    }
    println!("{}: {sum}", thread::current().name().unwrap_or("unnamed"));
}

/// Main watches a thread that counts, each on a core of its own if it can.
fn watch_a_thread(possible: usize) -> io::Result<Seen> {
    let enough = if possible == 1 { 5 } else { u32::MAX };
    let count = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            while !stop.load(Relaxed) {
                count.fetch_add(1, Relaxed);
            }
        });
        let seen = watch(&count, enough);
        stop.store(true, Relaxed);
        seen
    })
}

fn main() -> io::Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, the counts are Linux's own");
        return Ok(());
    }
    let start = Instant::now();
    sum_squares();
    let alone = start.elapsed();

    let both = Barrier::new(2);
    let met = AtomicU64::new(0);
    let left_or_right = || {
        met.fetch_add(both.wait().is_leader().into(), Relaxed);
        sum_squares();
    };
    let start = Instant::now();
    thread::scope(|s| -> io::Result<()> {
        for name in ["left", "right"] {
            let thread = thread::Builder::new().name(name.to_string());
            thread.spawn_scoped(s, left_or_right)?;
        }
        Ok(())
    })?;
    let together = start.elapsed();
    let speed_up = 2.0 * alone.div_duration_f64(together);
    let met = met.into_inner();
    println!("main: they met {met} time, speed-up {speed_up:.2}");

    let possible = cores()?.len().min(2);
    let did = watch_a_thread(possible)?.at_one_instant;
    println!("main: {possible} could compute at one instant, {did} did");
    Ok(())
}
