//! Daemon process: a child that does not outlive its parent.
//!
//! Python: `prctl` through `ctypes`, in `12_daemon_process.py`.
//! Notes: N0:328.
//!
//! Threads end with their process; a child process goes on when its parent has
//! died, and init or the next sub-reaper (here: main) adopts it. Python ends a
//! `Process(daemon=True)` when the parent gets to its end: not when it is
//! killed. Linux sends the child a signal when the parent dies, however it
//! dies.
//!
//! `PR_SET_PDEATHSIG` has a race: if the parent died before the call, no signal
//! comes; so compare the parent's pid afterwards. And the parent it means is
//! the thread that forked, so fork in one that lives on. What works everywhere
//! is a pipe whose other end the parent alone holds: end of file is its death.
//!
//! Here main kills the parent, and only then gives the daemon the end of file
//! that it reads for. The signal has been faster, always: it is sent before the
//! parent becomes something that can be waited for. Linux only; elsewhere the
//! program says so and ends. A little longer than a screen: three generations
//! are in it.
//!
//! ```text,expect
//! daemon: pid {daemon:pid}, child of {parent:pid}
//! main: parent {parent:pid} died of SIGKILL
//! main: daemon {daemon:pid} died of SIGTERM
//! ```
//!
//! Break it: `set_pdeathsig(Signal::SIGTERM)?` => `set_pdeathsig(None)?`

#![allow(unsafe_code)]
#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::error::Error;
use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::os::unix::process::parent_id;
use std::process::{exit, id};

#[cfg(target_os = "linux")]
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, wait, waitpid};
use nix::unistd::{ForkResult, fork};

/// Waits, on every path, for all children, those that were adopted too.
struct Children;

impl Drop for Children {
    fn drop(&mut self) {
        while wait().is_ok() {}
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, prctl is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    prctl::set_child_subreaper(true)?;
    let _children = Children; // dropped last, after `death` has released them
    let (mut ready, is_ready) = pipe()?;
    let (life, death) = pipe()?;
    // SAFETY: this process has one thread.
    let parent = match unsafe { fork() }? {
        ForkResult::Parent { child } => child,
        ForkResult::Child => {
            drop(death); // end of file comes when main alone lets go
            exit(parent(is_ready, life).is_err().into())
        }
    };
    drop(is_ready);
    ready.read_exact(&mut [0])?;
    kill(parent, Signal::SIGKILL)?;
    report("parent", waitpid(parent, None)?);
    drop(death);
    report("daemon", wait()?);
    Ok(())
}

#[cfg(target_os = "linux")]
fn parent(mut is_ready: PipeWriter, mut life: PipeReader) -> io::Result<()> {
    let parent = id();
    // SAFETY: this process has one thread.
    if let ForkResult::Child = unsafe { fork() }? {
        prctl::set_pdeathsig(Signal::SIGTERM)?;
        if parent_id() != parent {
            return Ok(()); // it died before the call
        }
        println!("daemon: pid {}, child of {parent}", id());
        is_ready.write_all(b".")?;
    }
    drop(is_ready);
    life.read_to_end(&mut Vec::new())?;
    println!("{}: outlived its parent", id());
    Ok(())
}

fn report(name: &str, status: WaitStatus) {
    match status {
        WaitStatus::Signaled(pid, signal, _) => {
            println!("main: {name} {pid} died of {signal}");
        }
        other => println!("main: {name}: {other:?}"),
    }
}
