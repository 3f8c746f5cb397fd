//! Creation cost: a process, a thread, an asynchronous task.
//!
//! Python: `Process`, `Thread` and `asyncio.create_task`, in
//! `16_creation_cost.py`.
//! Notes: N0:127, N0:224, N1:49, N2:3, N2:27, N4:135.
//!
//! Each is started, does nothing, and is waited for. A process is dearest: the
//! kernel copies its page tables and its list of files, and takes them down
//! again. A thread needs a stack and a place with the scheduler. A task is a
//! small object on the heap that an event loop calls; the kernel does not know
//! of it. Expect some hundred, some ten and one microsecond (a few, in a debug
//! build), and ten times as much in Python. A process that starts a program
//! costs far more again. Where that matters start them once and give them work:
//! that is a pool.
//!
//! The three take turns, and of each the fastest round counts: what else runs
//! on the machine makes a round longer, never shorter. A task is too short for
//! the clock, so a round has a hundred of them.
//!
//! ```text,expect
//! main: a process takes {:float 1..} µs
//! main: a thread takes {:float 1..} µs
//! main: a task takes {:float 0.01..} µs
//! main: a process costs {:float 1.5..} threads
//! main: a thread costs {:float 1.5..} tasks
//! ```
//!
//! Break it: `in_process()?` => `()`
//! Break it: `tokio::spawn(async {}).await?` => `in_thread()`

#![allow(unsafe_code)]

use std::error::Error;
use std::process::exit;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};
use tokio::runtime::Builder;
use tokio::task::JoinError;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().build()?;
    let mut best = [Duration::MAX; 3];
    for _ in 0..20 {
        let start = Instant::now();
        in_process()?;
        best[0] = best[0].min(start.elapsed());

        let start = Instant::now();
        in_thread();
        best[1] = best[1].min(start.elapsed());

        let start = Instant::now();
        runtime.block_on(async {
            for _ in 0..100 {
                tokio::spawn(async {}).await?;
            }
            Ok::<_, JoinError>(())
        })?;
        best[2] = best[2].min(start.elapsed() / 100);
    }
    let [process, thread, task] = best.map(|time| time.as_secs_f64() * 1e6);
    println!("main: a process takes {process:.1} µs");
    println!("main: a thread takes {thread:.1} µs");
    println!("main: a task takes {task:.1} µs");
    println!("main: a process costs {:.1} threads", process / thread);
    println!("main: a thread costs {:.1} tasks", thread / task);
    Ok(())
}

fn in_thread() {
    thread::scope(|s| {
        s.spawn(|| ());
    });
}

fn in_process() -> nix::Result<()> {
    // SAFETY: every thread started has been joined, so this process has one.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => waitpid(child, None)?,
        ForkResult::Child => exit(0),
    };
    Ok(())
}
