//! Equations: data parallelism over a hundred of them, and within each.
//!
//! Python: `ThreadPoolExecutor`, in `24_equations.py`, where it gains nothing.
//! Notes: N2:640, N4:99.
//!
//! What can run at once is what does not need each other's results. The hundred
//! equations are independent: `par_iter` deals them out to the workers of a
//! pool and keeps the answers in order. Within one, both roots need the
//! discriminant, so it comes first; the roots do not need each other, and
//! `join` may run them at the same time (on this worker alone when no other is
//! idle).
//!
//! The notes say: not in threads, there is no I/O in it. That is so under the
//! interpreter lock of CPython. In Rust threads are the tool for it, once there
//! is enough to do: a hundred equations are microseconds of work, less than it
//! costs to wake a worker. Each worker's first equation waits until both
//! workers have one, which shows that both took part.
//!
//! ```text,expect
//! main: 64 with two roots, 4 with one, 32 with none
//! pool: the same answers: true
//! pool: 2 workers took part, 100 equations solved
//! ```
//!
//! Break it: `WORKERS: usize = 2` => `WORKERS: usize = 1`
//! Break it: `.par_iter()` => `.par_iter().rev()`

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};

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

fn solve_by_join(e: &Equation) -> Option<(f64, f64)> {
    let d = e.discriminant();
    let roots = || rayon::join(|| e.root(-d.sqrt()), || e.root(d.sqrt()));
    (d >= 0.0).then(roots)
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
    let both_at_work = Barrier::new(WORKERS);
    let solved: [AtomicU32; WORKERS] = Default::default();
    let together: Vec<_> = pool.install(|| {
        equations
            .par_iter()
            .map(|e| {
                let worker =
                    rayon::current_thread_index().expect("in the pool");
                if solved[worker].fetch_add(1, Ordering::Relaxed) == 0 {
                    both_at_work.wait();
                }
                solve_by_join(e)
            })
            .collect()
    });
    println!("pool: the same answers: {}", together == alone);
    let solved = solved.map(AtomicU32::into_inner);
    let workers = solved.iter().filter(|&&count| count > 0).count();
    let solved: u32 = solved.iter().sum();
    println!("pool: {workers} workers took part, {solved} equations solved");
    Ok(())
}
