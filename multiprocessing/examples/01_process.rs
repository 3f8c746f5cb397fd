//! Process: a function that runs in a process of its own.
//!
//! Python: `multiprocessing.Process`, in `01_process.py`.
//! Notes: N0:928, N4:847.
//!
//! A process has its own memory, its own pid and its own end. Reach for one
//! where a thread would share too much: foreign code, code that may crash, code
//! under a lock on the whole interpreter.
//!
//! Rust's standard library starts programs (`Command`). To start a function, as
//! `Process(target=…)` does, fork and call it in the child. `ipc::fork` does
//! both and gives a handle. The child begins as a copy of its parent, so the
//! function has all that it needs; of what it returns only the exit code comes
//! back.
//!
//! Wait for each process that you start: Python's `join`. A handle of
//! `ipc::fork` that is dropped, as when `?` leaves `main`, kills the child and
//! waits for it; std's `Child` does neither.
//!
//! In the notes: `Process(target=worker)` at N4:847 misses `args`, so the child
//! ends with a TypeError.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: pid {main:pid}
//! child: hello bob, from {child:pid}, child of {main:pid}
//! main: {child:pid} has ended, exit code 0
//! ```
//!
//! Break it: `child.wait()?` => `WaitStatus::StillAlive`
//! Break it: `ipc::fork(|| greet("bob"))?` => `{ greet("bob")?; ipc::fork(|| Ok(()))? }`
//! Break it (Python): `child.start()` => `child.run()`

use std::os::unix::process::parent_id;
use std::process::id;

use ipc::Result;
use nix::sys::wait::WaitStatus;

fn greet(name: &str) -> Result<()> {
    let parent = parent_id();
    println!("child: hello {name}, from {}, child of {parent}", id());
    Ok(())
}

fn main() -> Result<()> {
    println!("main: pid {}", id());
    let child = ipc::fork(|| greet("bob"))?;
    match child.wait()? {
        WaitStatus::Exited(pid, code) => {
            println!("main: {pid} has ended, exit code {code}");
        }
        other => return Err(format!("it has not exited: {other:?}").into()),
    }
    Ok(())
}
