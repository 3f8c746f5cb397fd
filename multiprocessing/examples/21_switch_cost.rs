//! Switch cost: a message back and forth between tasks, threads, processes.
//!
//! Python: `asyncio.Queue`, and `os.pipe` between threads and between processes,
//! in `21_switch_cost.py`.
//! Notes: N0:216, N0:862, N1:52, N2:23, N2:697, N4:108, N4:137.
//!
//! Two sides answer each other on one core, so every message needs a switch.
//! Tasks switch inside the program, and the kernel sees nothing. Threads and
//! processes switch in the kernel, which saves the registers and picks the next
//! to run. Between processes it also changes the page table; as today's
//! processors keep the translations of several processes, that adds little. The
//! system calls of the pipe are most of the cost.
//!
//! So prefer threads to processes for their shared memory, not for their
//! switches, and tasks where there are very many switches. In Python a task's
//! switch is interpreted and costs about as much as a thread's. Linux only, for
//! the pinning; elsewhere the program says so and ends. (Longer than a screen,
//! as three ways to switch stand side by side.)
//!
//! In the notes: a process has no say in when it is switched (N4:137). It has:
//! it blocks or yields, and `nice` and the affinity (used here) tell the
//! scheduler.
//!
//! ```text,expect
//! @peak 1.. threads
//! @peak 1 processes
//! main: on 1 core, 2000 messages
//! main: between tasks: {:int 0..1000} switches by the kernel
//! main: between threads: {:int 1900..} switches by the kernel
//! main: between processes: {:int 1900..} switches by the kernel
//! main: a message between tasks takes {:float 0.01..} µs
//! main: a message between threads takes {:float 0.1..} µs, {:float 0.1..} times a task's
//! main: a message between processes takes {:float 0.1..} µs, {:float 0.1..} times a thread's
//! ```
//!
//! Break it: `by_threads)?` => `|| runtime.block_on(by_tasks()))?`
//! Break it: `"processes", by_processes` => `"processes", by_threads`
//! Break it (Python): `measure("threads", by_threads)` => `measure("threads", lambda: asyncio.run(by_tasks()))`
//! Break it (Python): `os.sched_setaffinity(0, {core})` => `core`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::panic::resume_unwind;
use std::thread;

use ipc::Result;
use multiprocessing::{Who, cpu_time, switches};
#[cfg(target_os = "linux")]
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use tokio::runtime::Builder;
use tokio::sync::mpsc::channel;

/// Half of them there, half of them back.
const MESSAGES: u32 = 2000;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, pinning is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    println!("main: on {} core, {MESSAGES} messages", pin_to_one_core()?);
    let runtime = Builder::new_current_thread().build()?;
    let task = measure("tasks", || runtime.block_on(by_tasks()))?;
    let thread = measure("threads", by_threads)?;
    let process = measure("processes", by_processes)?;
    println!("main: a message between tasks takes {task:.2} µs");
    println!(
        "main: a message between threads takes {thread:.2} µs, \
         {:.2} times a task's",
        thread / task
    );
    println!(
        "main: a message between processes takes {process:.2} µs, \
         {:.2} times a thread's",
        process / thread
    );
    Ok(())
}

async fn by_tasks() -> Result<()> {
    let (to_other, mut from_main) = channel(1);
    let (to_main, mut from_other) = channel(1);
    let other = tokio::spawn(async move {
        while let Some(message) = from_main.recv().await {
            if to_main.send(message).await.is_err() {
                break; // main has gone
            }
        }
    });
    for message in 0..MESSAGES / 2 {
        to_other.send(message).await?;
        from_other.recv().await.ok_or("the other has gone")?;
    }
    drop(to_other);
    Ok(other.await?)
}

fn by_threads() -> Result<()> {
    let (from_main, to_other) = pipe()?;
    let (from_other, to_main) = pipe()?;
    let other = thread::spawn(move || {
        echo(from_main, to_main).map_err(|error| error.to_string())
    });
    talk(to_other, from_other)?;
    Ok(other.join().unwrap_or_else(|panic| resume_unwind(panic))?)
}

fn by_processes() -> Result<()> {
    let (from_main, to_other) = pipe()?;
    let (from_other, to_main) = pipe()?;
    let other = ipc::fork(move || echo(from_main, to_main))?;
    talk(to_other, from_other)?;
    other.join()
}

fn talk(mut to_other: PipeWriter, mut from_other: PipeReader) -> Result<()> {
    for _ in 0..MESSAGES / 2 {
        to_other.write_all(b".")?;
        from_other.read_exact(&mut [0])?;
    }
    Ok(())
}

fn echo(mut from_main: PipeReader, mut to_main: PipeWriter) -> Result<()> {
    for _ in 0..MESSAGES / 2 {
        from_main.read_exact(&mut [0])?;
        to_main.write_all(b".")?;
    }
    Ok(())
}

/// Processor time in µs for each message; the cheapest of some rounds.
fn measure(name: &str, mut round: impl FnMut() -> Result<()>) -> Result<f64> {
    let spent = || -> Result<_> {
        let time = cpu_time(Who::Me)? + cpu_time(Who::Children)?;
        Ok((time, switches(Who::Me)? + switches(Who::Children)?))
    };
    let (mut cheapest, mut switches) = (f64::INFINITY, 0);
    for _ in 0..5 {
        let before = spent()?;
        round()?;
        let after = spent()?;
        let micros = (after.0 - before.0).as_secs_f64() * 1e6;
        cheapest = cheapest.min(micros / f64::from(MESSAGES));
        switches = after.1 - before.1;
    }
    println!("main: between {name}: {switches} switches by the kernel");
    Ok(cheapest)
}

#[cfg(target_os = "linux")]
fn pin_to_one_core() -> Result<usize> {
    let me = Pid::from_raw(0);
    let allowed = sched_getaffinity(me)?;
    let mut one = CpuSet::new();
    let core =
        (0..CpuSet::count()).find(|core| allowed.is_set(*core) == Ok(true));
    one.set(core.ok_or("no core")?)?;
    sched_setaffinity(me, &one)?; // new threads and processes inherit it
    let now = sched_getaffinity(me)?;
    Ok((0..CpuSet::count()).filter(|c| now.is_set(*c) == Ok(true)).count())
}
