//! Many tasks: 100,000 wait in one thread, beside 500 threads.
//!
//! Python: `asyncio.create_task` beside `threading.Thread`, in
//! `39_many_tasks.py`.
//! Notes: N1:168, N2:703, N2:707, N4:294.
//!
//! A task that waits is one allocation: its future, which holds what the task
//! still needs, and a header for the scheduler. A thread that waits has a stack
//! (2 MiB of addresses, of which only the touched pages take memory) and its
//! part of the kernel, which is not even counted here. So a program can have
//! thousands of threads, but hundreds of thousands of tasks. The figures are
//! this run's: memory is what the process has more of while all of them wait,
//! time is from the first start to the last one waiting. Linux only, for
//! `/proc`; elsewhere the program says so and ends.
//!
//! In Python a task is a coroutine object with its frame, a `Task`, a future
//! to wait on and its callbacks. That is 2.5 times a Rust task in memory. In
//! time it is 4 times that of this build, and 30 times that of an optimised
//! one: a Rust task costs next to nothing only with `--release`. Longer than a
//! screen: tasks and threads are measured in the same way.
//!
//! In the notes: coroutines share one thread because of the GIL (N2:703). A
//! loop is made for one thread, whatever the interpreter; tokio's can have a
//! thread for each core.
//!
//! ```text,expect
//! @peak 500 threads
//! main: 100000 tasks alive, the kernel sees 1 thread
//! main: a task takes {:int 100..20000} bytes, {:float} us to start
//! main: 100000 tasks went on
//! main: 0 tasks alive, the kernel sees 1 thread
//! main: 500 threads wait, the kernel sees 501
//! main: a thread takes {:int 4000..200000} bytes, {:float} us to start
//! main: in memory a thread is {:float 2..} tasks
//! ```
//!
//! Break it: `gate.notified().await; // all wait here` => `;`
//! Break it: `flavor = "current_thread"` =>
//! `flavor = "multi_thread", worker_threads = 2`
//! Break it: `drop(gate.read()); // all wait here` => `();`
//! Break it (Python): `await gate.wait()  # all wait here` => `pass`
//! Break it (Python): `gate.wait()  # the threads too` => `pass`

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::thread::Builder;
use std::time::Instant;
use std::{fs, io, thread};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::yield_now;

const TASKS: usize = 100_000;
const THREADS: usize = 500;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let gate = Arc::new(Notify::new());
    let waiting = Arc::new(AtomicUsize::new(0));
    let (before, start) = (resident_bytes()?, Instant::now());
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| tokio::spawn(wait(Arc::clone(&gate), Arc::clone(&waiting))))
        .collect();
    while waiting.load(Ordering::Relaxed) < TASKS {
        yield_now().await;
    }
    let micros = start.elapsed().as_secs_f64() * 1e6 / TASKS as f64;
    let per_task = (resident_bytes()? - before) / TASKS;
    report_alive()?;
    println!("main: a task takes {per_task} bytes, {micros:.1} us to start");
    gate.notify_waiters();
    let mut went_on = 0;
    for task in tasks {
        went_on += task.await?;
    }
    println!("main: {went_on} tasks went on");
    report_alive()?;

    let gate = RwLock::new(());
    let closed = gate.write().unwrap_or_else(PoisonError::into_inner);
    let (tell, waiting) = mpsc::channel();
    let (before, start) = (resident_bytes()?, Instant::now());
    thread::scope(|s| {
        // Opened also on an error, or those that wait would wait for ever.
        let closed = closed;
        for _ in 0..THREADS {
            let (tell, gate) = (tell.clone(), &gate);
            Builder::new().spawn_scoped(s, move || {
                let _ = tell.send(()); // main has given up, if it fails
                drop(gate.read()); // all wait here
            })?;
        }
        let waiting = waiting.iter().take(THREADS).count();
        let micros = start.elapsed().as_secs_f64() * 1e6 / THREADS as f64;
        let (after, seen) = (resident_bytes()?, threads_seen_by_the_kernel()?);
        drop(closed);
        let per_thread = (after - before) / THREADS;
        println!("main: {waiting} threads wait, the kernel sees {seen}");
        println!(
            "main: a thread takes {per_thread} bytes, {micros:.1} us to start"
        );
        let times = per_thread as f64 / per_task as f64;
        println!("main: in memory a thread is {times:.1} tasks");
        Ok(())
    })
}

fn report_alive() -> io::Result<()> {
    let alive = Handle::current().metrics().num_alive_tasks();
    let seen = threads_seen_by_the_kernel()?;
    println!("main: {alive} tasks alive, the kernel sees {seen} thread");
    Ok(())
}

async fn wait(gate: Arc<Notify>, waiting: Arc<AtomicUsize>) -> usize {
    waiting.fetch_add(1, Ordering::Relaxed);
    gate.notified().await; // all wait here
    1
}

fn threads_seen_by_the_kernel() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}

fn resident_bytes() -> io::Result<usize> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes = kilobytes.and_then(|number| number.parse().ok());
    kilobytes
        .map(|kb: usize| kb * 1024)
        .ok_or(io::ErrorKind::InvalidData.into())
}
