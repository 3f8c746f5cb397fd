//! Process: a function that runs in a process of its own.
//!
//! Python: `multiprocessing.Process`, in `01_process.py`.
//! Notes: N0:928, N4:847.
//!
//! A process has its own memory, its own pid and its own end. The standard
//! library starts programs (`Command`); to start a function, as
//! `Process(target=…)` does, fork and call it in the child. What the function
//! needs it has, because the child begins as a copy of the parent; what it
//! returns is lost with the child, but for the exit code. Reach for a process
//! where a thread would share too much: foreign code, code that may crash, code
//! with a lock on the whole interpreter.
//!
//! Each started process must be waited for: Python's `join`. Rust's own `Child`
//! does not wait when it is dropped, so here a guard does, also on the way out
//! through an error.
//!
//! ```text,expect
//! main: pid {main:pid}
//! child: hello bob, from {child:pid}
//! main: {child:pid} has ended, exit code 0
//! ```
//!
//! Break it: `waitpid(child.0, None)?` => `WaitStatus::StillAlive`
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`

#![allow(unsafe_code)]

use std::process::{exit, id};

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None); // an error if it was waited for before
    }
}

fn start(work: impl FnOnce()) -> nix::Result<Child> {
    // SAFETY: this process has one thread.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok(Child(child)),
        ForkResult::Child => {
            work();
            exit(0) // a return would run the rest of main a second time
        }
    }
}

fn greet(name: &str) {
    println!("child: hello {name}, from {}", id());
}

fn main() -> nix::Result<()> {
    println!("main: pid {}", id());
    let child = start(|| greet("bob"))?;
    match waitpid(child.0, None)? {
        WaitStatus::Exited(pid, code) => {
            println!("main: {pid} has ended, exit code {code}");
        }
        other => println!("main: {other:?}"),
    }
    Ok(())
}
