//! Three ways: the same jobs by threads, by processes and by tasks.
//!
//! Python: `threading`, `multiprocessing`, `asyncio`, in `22_three_ways.py`.
//! Notes: N0:50, N0:228, N1:168, N2:685, N4:58, N4:300.
//!
//! A job waits (for a network, a disk, a person) or computes, and most do some
//! of both. While it waits, others go on by all three ways. While it computes
//! it holds a core, and tasks of one loop share one core. Below: how many of
//! four jobs were under way at the same moment, then the time for jobs that
//! wait for 10, 50 and 90 % of theirs.
//!
//! The rule: many jobs that mostly wait, tasks. Some that wait, or code that
//! blocks, threads. Jobs that compute need cores: in Rust threads; in Python
//! processes, unless the build is free-threaded (supported since 3.14) or the
//! threads run C code that lets the lock go. Processes also where a crash must
//! stay alone.
//!
//! All four meet before they go on, so "at once" is no matter of luck. A time
//! is proved from below alone; the rest depends on the machine. Longer than a
//! screen, because each of the three ways is shown.
//!
//! ```text,expect
//! @peak 4.. threads
//! @peak 4 processes
//! main: 4 jobs that wait: threads 4 at once, processes 4 at once, tasks 4 at once
//! main: 4 jobs that compute: threads 4 at once, processes 4 at once, tasks 1 at once
//! main: ms for 4 jobs of 10 ms, one by one, threads, processes, tasks
//! main: 10 % waiting: {:int 40..}, {:int 10..}, {:int 10..}, {:int 37..}
//! main: 50 % waiting: {:int 40..}, {:int 10..}, {:int 10..}, {:int 25..}
//! main: 90 % waiting: {:int 40..}, {:int 10..}, {:int 10..}, {:int 13..}
//! ```
//!
//! Break it: `multiprocessing::Barrier::new(JOBS)?` => `multiprocessing::Barrier::new(1)?`
//! Break it: `keep_busy(busy); // holds up the loop` => `tokio::task::yield_now().await;`
//! Break it: `keep_busy(part); // and so does this` => `sleep(part).await;`
//! Break it (Python): `context.Process(target=job, daemon=True)` => `threading.Thread(target=job, daemon=True)`
//! Break it (Python): `compute(BUSY)  # on the loop` => `await asyncio.sleep(BUSY)`

use std::sync;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use ipc::Result;
use multiprocessing::{Peak, keep_busy};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

const JOBS: u32 = 4;

fn main() -> Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    at_once(&runtime, "wait", Duration::ZERO)?;
    at_once(&runtime, "compute", Duration::from_millis(1))?;
    println!(
        "main: ms for {JOBS} jobs of 10 ms, \
         one by one, threads, processes, tasks"
    );
    for waiting in [10, 50, 90] {
        let idle = Duration::from_millis(waiting / 10);
        let part = Duration::from_millis(10) - idle;
        let job = || {
            keep_busy(part);
            thread::sleep(idle);
            Ok(())
        };
        let alone = millis(|| (0..JOBS).try_for_each(|_| job()))?;
        let threads = millis(|| by_threads(job))?;
        let processes = millis(|| by_processes(job))?;
        let tasks = millis(|| {
            by_tasks(&runtime, || async move {
                keep_busy(part); // and so does this
                sleep(idle).await;
            })
        })?;
        println!(
            "main: {waiting} % waiting: \
             {alone}, {threads}, {processes}, {tasks}"
        );
    }
    Ok(())
}

/// Shows how many jobs are under way at the same moment, each of the three ways.
fn at_once(runtime: &Runtime, name: &str, busy: Duration) -> Result<()> {
    let count = Peak::new()?;
    let here = sync::Barrier::new(JOBS as usize);
    by_threads(|| {
        count.enter();
        here.wait();
        keep_busy(busy);
        count.leave();
        Ok(())
    })?;
    let threads = count.most();

    let count = Peak::new()?;
    let here = multiprocessing::Barrier::new(JOBS)?;
    by_processes(|| {
        count.enter();
        here.wait()?;
        keep_busy(busy);
        count.leave();
        Ok(())
    })?;
    let processes = count.most();

    let count = Arc::new(Peak::new()?);
    let here = Arc::new(tokio::sync::Barrier::new(JOBS as usize));
    by_tasks(runtime, || {
        let (count, here) = (count.clone(), here.clone());
        async move {
            count.enter();
            if busy.is_zero() {
                here.wait().await;
            }
            keep_busy(busy); // holds up the loop
            count.leave();
        }
    })?;
    let tasks = count.most();
    println!(
        "main: {JOBS} jobs that {name}: threads {threads} at once, \
         processes {processes} at once, tasks {tasks} at once"
    );
    Ok(())
}

fn by_threads(job: impl Fn() -> Result<()> + Sync) -> Result<()> {
    thread::scope(|s| {
        for _ in 0..JOBS {
            s.spawn(|| job().expect("a job in a thread cannot fail"));
        }
    });
    Ok(())
}

fn by_processes(job: impl Fn() -> Result<()>) -> Result<()> {
    let mut children = Vec::new();
    for _ in 0..JOBS {
        children.push(ipc::fork(&job)?);
    }
    ipc::wait_all(children)?;
    Ok(())
}

fn by_tasks<J>(runtime: &Runtime, job: impl Fn() -> J) -> Result<()>
where
    J: Future<Output = ()> + Send + 'static,
{
    runtime.block_on(async {
        let tasks: Vec<_> = (0..JOBS).map(|_| tokio::spawn(job())).collect();
        for task in tasks {
            task.await?;
        }
        Ok(())
    })
}

fn millis(work: impl FnOnce() -> Result<()>) -> Result<u128> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_millis())
}
