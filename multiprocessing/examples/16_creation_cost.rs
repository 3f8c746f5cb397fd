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
//! Measured is the processor time that the kernel charges to this process and
//! its children: what else runs on the machine lengthens the wait, not that.
//! The three take turns, and of each the cheapest round counts. A task is too
//! short to be measured alone, so a round has a hundred of them.
//!
//! ```text,expect
//! main: a process takes {:float 1..} µs
//! main: a thread takes {:float 1..} µs
//! main: a task takes {:float 0.01..} µs
//! main: a process costs {:float 1.5..} threads
//! main: a thread costs {:float 3..} tasks
//! ```
//!
//! Break it: `in_process()?` => `()`
//! Break it: `tokio::spawn(async {}).await?` => `in_thread()`

#![allow(unsafe_code)]

use std::error::Error;
use std::process::exit;
use std::thread;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};
use tokio::runtime::Builder;
use tokio::task::JoinError;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().build()?;
    let mut best = [f64::INFINITY; 3];
    for _ in 0..20 {
        let start = cpu_time()?;
        in_process()?;
        best[0] = best[0].min(cpu_time()? - start);

        let start = cpu_time()?;
        in_thread();
        best[1] = best[1].min(cpu_time()? - start);

        let start = cpu_time()?;
        runtime.block_on(async {
            for _ in 0..100 {
                tokio::spawn(async {}).await?;
            }
            Ok::<_, JoinError>(())
        })?;
        best[2] = best[2].min((cpu_time()? - start) / 100.0);
    }
    let [process, thread, task] = best;
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

/// Processor time in µs; a child's counts once it has been waited for.
fn cpu_time() -> nix::Result<f64> {
    let mut sum = 0;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who)?;
        sum += (usage.user_time() + usage.system_time()).num_microseconds();
    }
    Ok(sum as f64)
}
