//! Creation cost: a program, a process, a thread, an asynchronous task.
//!
//! Python: `subprocess`, `Process`, `Thread` and `asyncio.create_task`, in
//! `20_creation_cost.py`.
//! Notes: N0:135, N0:145, N0:862, N1:52, N1:57, N2:21, N2:676, N4:137.
//!
//! Each is started, does nothing, and is waited for. A new program is dearest:
//! the kernel loads it, and the dynamic linker and the runtime start up. A forked
//! process costs a copy of the page tables and of the list of open files. A
//! thread costs a stack and a place with the scheduler. A task is a small object
//! on the heap that the runtime calls; the kernel does not know of it. Expect
//! about a thousand, some hundred, some ten and one microsecond (a few, in a debug
//! build), and ten times as much in Python. Where the price matters, start once
//! and hand out work: a pool.
//!
//! Measured is the processor time that the kernel charges to this process and to
//! the children it has waited for. Other work on the machine makes the wait
//! longer, but not that time. Of several rounds the cheapest counts. A task is too
//! short to be measured alone, so a round starts a hundred.
//!
//! ```text,expect
//! @peak 1 processes
//! @peak 1.. threads
//! main: a program takes {:float 100..} µs
//! main: a process takes {:float 10..} µs
//! main: a thread takes {:float 1..} µs
//! main: a task takes {:float 0.01..} µs
//! main: a program costs {:float 1.2..} processes
//! main: a process costs {:float 1.5..} threads
//! main: a thread costs {:float 3..} tasks
//! ```
//!
//! Break it: `Command::new(&program).arg("nothing").status()?` => `std::process::ExitStatus::default()`
//! Break it: `ipc::fork(|| Ok(()))?.join()?` => `()`
//! Break it: `tokio::spawn(async {}).await?` => `thread::spawn(|| ()).join().expect("it does nothing")`
//! Break it: `thread::spawn(nothing).join()` => `Ok::<_, Box<dyn std::any::Any + Send>>(nothing())`
//! Break it (Python): `process.start()` => `nothing()`, `process.join()` => `nothing()`
//! Break it (Python): `thread.start()` => `thread.run()`, `thread.join()` => `nothing()`

use std::env;
use std::panic::resume_unwind;
use std::process::Command;
use std::thread;

use ipc::Result;
use multiprocessing::{Who, cpu_time};
use tokio::runtime::Builder;

fn nothing() {}

fn main() -> Result<()> {
    // This program, started by itself, has nothing to do.
    if env::args().nth(1).is_some() {
        return Ok(());
    }
    let program = env::current_exe()?;
    let program = cheapest(4, || {
        let ended = Command::new(&program).arg("nothing").status()?;
        if ended.success() { Ok(1) } else { Err(ended.to_string().into()) }
    })?;
    let process = cheapest(20, || {
        ipc::fork(|| Ok(()))?.join()?;
        Ok(1)
    })?;
    let thread = cheapest(20, || {
        thread::spawn(nothing).join().unwrap_or_else(|e| resume_unwind(e));
        Ok(1)
    })?;
    let runtime = Builder::new_current_thread().build()?;
    let task = cheapest(20, || {
        runtime.block_on(async {
            let mut tasks = 0;
            for _ in 0..100 {
                tokio::spawn(async {}).await?;
                tasks += 1;
            }
            Ok(tasks)
        })
    })?;
    println!("main: a program takes {program:.1} µs");
    println!("main: a process takes {process:.1} µs");
    println!("main: a thread takes {thread:.1} µs");
    println!("main: a task takes {task:.1} µs");
    println!("main: a program costs {:.1} processes", program / process);
    println!("main: a process costs {:.1} threads", process / thread);
    println!("main: a thread costs {:.1} tasks", thread / task);
    Ok(())
}

/// Processor time in µs for one; a round starts as many as it says.
fn cheapest(
    rounds: u32,
    mut round: impl FnMut() -> Result<u32>,
) -> Result<f64> {
    let spent = || {
        Ok::<_, std::io::Error>(cpu_time(Who::Me)? + cpu_time(Who::Children)?)
    };
    let mut cheapest = f64::INFINITY;
    for _ in 0..rounds {
        let before = spent()?;
        let count = round()?;
        let one = (spent()? - before).as_secs_f64() * 1e6 / f64::from(count);
        cheapest = cheapest.min(one);
    }
    Ok(cheapest)
}
