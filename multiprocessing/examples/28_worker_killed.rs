//! Worker killed: waiting for an answer that nobody will give.
//!
//! Python: `multiprocessing.Pool`, a `Pipe`, `ProcessPoolExecutor`, in
//! `28_worker_killed.py`.
//! Reported: python/cpython#96062, #66587.
//! Symptom: it hangs: `Pool.map` or `get` never returns after a worker was killed.
//!
//! A worker is killed in the middle of its task: by the kernel, when memory
//! runs out, by a crash in foreign code, by a person. `multiprocessing.Pool`
//! starts a new worker, but nobody knows that a task has gone with the old one.
//! The same happens with a pipe in Rust, if the parent keeps its own copy of
//! the writing end: there is still somebody who could write.
//!
//! The cure: make the death an event. Close your copy of the writing end, and a
//! dead worker is an end of file; moving the end into the child's closure does
//! that, but the compiler does not ask for it. Or use what does it for you:
//! `ProcessPoolExecutor` raises `BrokenProcessPool` (and takes no more tasks),
//! the pool of this crate answers `WorkerDied` and goes on. Do not repeat the
//! task unasked: it may be half done, and it may be what kills.
//!
//! ```text,expect
//! @peak 1.. processes
//! main: the worker has died of signal 9
//! main: waited {:int 50..} ms for its answer, timed out: true
//! main: the next worker answers: 9
//! main: cured by closing the own end, the end of file came: true
//! main: the worker has died of signal 9
//! main: cured by a pool that tells: the worker has died
//! main: the next worker answers: 16
//! ```
//!
//! Break it: `drop(own_end); // the cure` => `let _own_end = own_end;`
//! Break it: `pool.submit(Task::Die).wait()` => `pool.submit(Task::Square(5)).wait()`
//! Break it: `raise(Signal::SIGKILL)?;` => `raise(Signal::SIGTERM)?;`
//! Break it (Python): `writer.close()  # the cure` => `pass`
//! Break it (Python): `executor.submit(die)` => `executor.submit(square, 5)`

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};
use std::os::fd::AsFd;
use std::time::Instant;

use ipc::{Child, Result};
use multiprocessing::pool::{Pool, TaskError, entry};
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::WaitStatus;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
enum Task {
    Square(u8),
    Die,
}

fn work(task: Task) -> u8 {
    match task {
        Task::Square(number) => number * number,
        Task::Die => {
            let _ = raise(Signal::SIGKILL);
            unreachable!("nobody outlives SIGKILL")
        }
    }
}

fn main() -> Result<()> {
    let entry = entry(work); // a worker of the pool stays in here

    let (mut answers, own_end) = pipe()?;
    told_death(start_and_kill(&own_end)?)?;
    let start = Instant::now();
    let ready = ready_in_time(&answers, 50)?; // all that can be is a time-out
    let (ms, timed_out) = (start.elapsed().as_millis(), !ready);
    println!("main: waited {ms} ms for its answer, timed out: {timed_out}");
    let mut answer = [0];
    let next =
        ipc::fork(|| Ok((&own_end).write_all(&[work(Task::Square(3))])?))?;
    answers.read_exact(&mut answer)?;
    next.join()?;
    println!("main: the next worker answers: {}", answer[0]);

    let worker = start_and_kill(&own_end)?;
    drop(own_end); // the cure
    let ended =
        ready_in_time(&answers, 1000)? && answers.read(&mut answer)? == 0;
    println!(
        "main: cured by closing the own end, the end of file came: {ended}"
    );
    told_death(worker)?;

    let pool = Pool::new(entry, 1)?;
    match pool.submit(Task::Die).wait() {
        Err(TaskError::WorkerDied(_)) => {
            println!("main: cured by a pool that tells: the worker has died");
        }
        other => return Err(format!("not told: {other:?}").into()),
    }
    let answer = pool.submit(Task::Square(4)).wait()?;
    println!("main: the next worker answers: {answer}");
    Ok(())
}

/// A worker that is killed in its task, before it could answer.
fn start_and_kill(_answer_to: &PipeWriter) -> Result<Child> {
    // It has the writing end, as it has all that main has.
    let worker = ipc::fork(|| {
        raise(Signal::SIGKILL)?;
        Ok(())
    })?;
    Ok(worker)
}

fn told_death(worker: Child) -> Result<()> {
    match worker.wait()? {
        WaitStatus::Signaled(_, signal, _) => {
            println!("main: the worker has died of signal {}", signal as i32);
            Ok(())
        }
        other => Err(format!("the worker: {other:?}").into()),
    }
}

/// Whether there is an answer, or the end of file, within so many ms.
fn ready_in_time(answers: &PipeReader, limit: u16) -> Result<bool> {
    let mut wanted = [PollFd::new(answers.as_fd(), PollFlags::POLLIN)];
    Ok(poll(&mut wanted, limit)? > 0)
}
