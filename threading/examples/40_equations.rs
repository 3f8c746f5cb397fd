//! Equations: data parallelism over a hundred of them, and within each.
//!
//! Python: `ThreadPoolExecutor`, in `40_equations.py`.
//! Notes: N2:640, N2:642, N4:98.
//!
//! What can run at once is what does not need each other's results. The hundred
//! equations are independent: `par_iter` deals them out to the workers of a
//! pool and keeps the answers in order. Within one equation both roots need the
//! discriminant, so it comes first. The roots do not need each other, and
//! `rayon::join` may run them at the same time, or on this worker alone when no
//! other is idle. A worker that waits in `join` runs other tasks meanwhile, so
//! it cannot starve the pool; but do not hold a lock across it (see
//! `stolen_reentry`). In Python a task that waits for a task of the same pool
//! can block all workers (see `pool_waits_for_itself`), so it has two pools.
//!
//! The roots of the first equation wait for each other, to show that they run
//! at once. Then each worker keeps its first equation until both have one.
//!
//! In the notes: "not in threads, there is no I/O in it". That holds under the
//! interpreter lock of CPython. In Rust, and in a free-threaded Python, threads
//! are the tool for it, once there is enough to do: a hundred equations are
//! microseconds of work, less than it costs to wake a worker.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: 64 with two roots, 4 with one, 32 with none
//! main: the roots -8 and 3 found on 2 workers, which met 1 time
//! main: the same answers: true, 136 roots found by tasks
//! main: 100 equations solved on 2 workers, which met 1 time
//! ```
//!
//! Break it: `WORKERS: usize = 2` => `WORKERS: usize = 1`,
//! `Barrier::new(2)` => `Barrier::new(1)`
//! Break it: `.par_iter()` => `.par_iter().rev()`
//! Break it: `rayon::join(|| root(-d.sqrt()), || root(d.sqrt()))` =>
//! `(root(-d.sqrt()), root(d.sqrt()))`, `Barrier::new(2)` => `Barrier::new(1)`
//! Break it: `solve_by_join(e, &|| _ = roots.fetch_add(1, Relaxed))` =>
//! `solve(e)`
//! Break it (Python): `WORKERS = 2` => `WORKERS = 1`,
//! `Barrier(2)` => `Barrier(1)`
//! Break it (Python): `other.result()` => `root(math.sqrt(d))`,
//! `helpers.submit(root, math.sqrt(d))` => `None`, `Barrier(2)` => `Barrier(1)`
//! Break it (Python): `return solve_by_join(equation, helpers, count)` =>
//! `return solve(equation)`

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const WORKERS: usize = 2;

/// x² + bx + c = 0
struct Equation {
    b: f64,
    c: f64,
}

impl Equation {
    fn discriminant(&self) -> f64 {
        self.b * self.b - 4.0 * self.c
    }

    fn root(&self, signed_sqrt: f64) -> f64 {
        (signed_sqrt - self.b) / 2.0
    }
}

fn solve(e: &Equation) -> Option<(f64, f64)> {
    let d = e.discriminant();
    (d >= 0.0).then(|| (e.root(-d.sqrt()), e.root(d.sqrt())))
}

/// The same; `at_root` is called once for each root, in its task.
fn solve_by_join(
    e: &Equation,
    at_root: &(impl Fn() + Sync),
) -> Option<(f64, f64)> {
    let d = e.discriminant();
    let root = |signed_sqrt| {
        at_root();
        e.root(signed_sqrt)
    };
    (d >= 0.0).then(|| rayon::join(|| root(-d.sqrt()), || root(d.sqrt())))
}

/// Enters this worker into the set; whether it was not there yet.
fn is_new_to(workers: &AtomicUsize) -> bool {
    let bit = 1 << rayon::current_thread_index().expect("in the pool");
    workers.fetch_or(bit, Relaxed) & bit == 0
}

fn main() -> Result<(), Box<dyn Error>> {
    let equations: Vec<Equation> = (0..100)
        .map(|n| Equation { b: f64::from(n % 13), c: f64::from(n % 10) })
        .collect();
    let alone: Vec<_> = equations.iter().map(solve).collect();
    let none = alone.iter().filter(|roots| roots.is_none()).count();
    let one = alone.iter().flatten().filter(|(x, y)| x == y).count();
    let two = 100 - one - none;
    println!("main: {two} with two roots, {one} with one, {none} with none");

    let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    let workers = AtomicUsize::new(0);
    let meeting = Barrier::new(2);
    let met = AtomicUsize::new(0);
    let at_root = || {
        is_new_to(&workers);
        met.fetch_add(meeting.wait().is_leader().into(), Relaxed);
    };
    let first = Equation { b: 5.0, c: -24.0 };
    let (x, y) = pool
        .install(|| solve_by_join(&first, &at_root))
        .ok_or("the discriminant is positive")?;
    let on = workers.into_inner().count_ones();
    let met = met.into_inner();
    println!(
        "main: the roots {x} and {y} found on {on} workers, which met {met} time"
    );

    let workers = AtomicUsize::new(0);
    let all_have_one = Barrier::new(WORKERS);
    let met = AtomicUsize::new(0);
    let roots = AtomicUsize::new(0);
    let together: Vec<_> = pool.install(|| {
        let solve_one = |e| {
            if is_new_to(&workers) {
                met.fetch_add(all_have_one.wait().is_leader().into(), Relaxed);
            }
            solve_by_join(e, &|| _ = roots.fetch_add(1, Relaxed))
        };
        equations.par_iter().map(solve_one).collect()
    });
    let (same, roots) = (together == alone, roots.into_inner());
    println!("main: the same answers: {same}, {roots} roots found by tasks");
    let on = workers.into_inner().count_ones();
    let (count, met) = (together.len(), met.into_inner());
    println!(
        "main: {count} equations solved on {on} workers, which met {met} time"
    );
    Ok(())
}
