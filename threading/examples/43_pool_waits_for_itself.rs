//! Pool waits for itself: every worker waits for a task queued behind it.
//!
//! Python: `ThreadPoolExecutor`, in `43_pool_waits_for_itself.py`.
//! Reported: tokio-rs/tokio#2802, delta-io/delta-kernel-rs#3202.
//! Symptom: it hangs: tasks of a pool wait for other tasks of the same pool.
//!
//! A task submits another task to its own pool and blocks until that one has
//! its result. With an idle worker all is well, so tests pass. Once every
//! worker holds such a task, the inner tasks stay in the queue, and nobody is
//! left to run them. The same happens with tokio's `spawn_blocking` and with
//! asyncio's default executor. Neither compiler nor API prevents it.
//!
//! Two cures. Run the inner task in the outer one: rayon's `join` does so when
//! no other worker is idle, in Python that is a plain call. Or let the outer
//! tasks wait for a pool of another kind. In each round all outer tasks are at
//! work before any of them submits, and none leaves its worker before all have
//! their answer or have given up.
//!
//! ```text,expect
//! @threads
//! @peak 3.. threads
//! main: the same pool: 2 outer tasks at work, 0 got an answer
//! main: in place: 2 outer tasks at work, 2 got an answer
//! main: another pool: 2 outer tasks at work, 2 got an answer
//! ```
//!
//! Break it: `submit_and_wait(&pool, SHORT)` => `submit_and_wait(&other, LONG)`
//! Break it: `submit_and_wait(&other, LONG)` =>
//! `submit_and_wait(&pool, Duration::from_millis(50))`
//! Break it: `rayon::join(|| (), || 42).1 == 42` =>
//! `submit_and_wait(&pool, Duration::from_millis(50))`
//! Break it (Python): `submit_and_wait(other, LONG)` =>
//! `submit_and_wait(pool, 0.05)`
//! Break it (Python): `lambda: answer() == 42` =>
//! `lambda: submit_and_wait(pool, 0.05)`

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use crossbeam_channel::bounded;
use rayon::{ThreadPool, ThreadPoolBuilder};

const WORKERS: usize = 2;
const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(5);

/// Submits the inner task; whether its answer came in time.
fn submit_and_wait(pool: &ThreadPool, limit: Duration) -> bool {
    let (tell, told) = bounded(1);
    pool.spawn(move || {
        let _ = tell.send(42); // whoever asked may have given up
    });
    told.recv_timeout(limit).is_ok()
}

/// Gives every worker an outer task, which asks for an answer.
fn run(name: &str, pool: &ThreadPool, ask: impl Fn() -> bool + Sync) {
    let [all_at_work, all_asked] = [(); 2].map(|()| Barrier::new(WORKERS));
    let [at_work, answered] = [(); 2].map(|()| AtomicUsize::new(0));
    pool.in_place_scope(|s| {
        for _ in 0..WORKERS {
            s.spawn(|_| {
                at_work.fetch_add(1, Relaxed);
                all_at_work.wait();
                let got = ask();
                all_asked.wait(); // or one that gave up would run the rest
                answered.fetch_add(got.into(), Relaxed);
            });
        }
    });
    let (at_work, answered) = (at_work.into_inner(), answered.into_inner());
    println!(
        "main: {name}: {at_work} outer tasks at work, {answered} got an answer"
    );
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    let other = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    run("the same pool", &pool, || submit_and_wait(&pool, SHORT));
    run("in place", &pool, || rayon::join(|| (), || 42).1 == 42);
    run("another pool", &pool, || submit_and_wait(&other, LONG));
    Ok(())
}
