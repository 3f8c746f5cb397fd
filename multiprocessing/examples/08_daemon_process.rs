//! Daemon process: a child that does not outlive its parent.
//!
//! Python: `prctl` through `ctypes`, in `08_daemon_process.py`.
//! Notes: N0:328.
//!
//! A child process goes on when its parent dies: init adopts it, or the nearest
//! sub-reaper (here: main). Python ends a `Process(daemon=True)` when the
//! parent comes to its end, but not when the parent is killed. Linux can send
//! the child a signal when its parent dies, however it dies:
//! `PR_SET_PDEATHSIG`. `ipc::fork` asks for SIGKILL, so no example leaves a
//! process behind.
//!
//! It has two traps. If the parent died before the call, no signal comes, so
//! compare the parent's pid afterwards. And "parent" means the thread that
//! forked. A pipe works on every system if the parent alone holds its
//! other end: its end of file is the parent's death. Linux only; elsewhere
//! the program says so and ends.
//!
//! The daemon below holds SIGTERM back until the end of file, so that it can
//! say who sent it. The signal always wins: the kernel sends it before the
//! parent can be waited for, and main lets go of the pipe after that.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! daemon: pid {daemon:pid}, child of {parent:pid}
//! main: parent {parent:pid} died of SIGKILL
//! daemon: SIGTERM came from {parent:pid}, my parent is {main:pid} now
//! main: adopted {daemon:pid}, which exited with 0
//! ```
//!
//! Break it: `set_pdeathsig(Signal::SIGTERM)?` => `set_pdeathsig(None)?`
//! Break it: `set_child_subreaper(true)?` => `set_child_subreaper(false)?`
//! Break it (Python): `prctl(PR_SET_PDEATHSIG, signal.SIGTERM)` => `prctl(PR_SET_PDEATHSIG, 0)`
//! Break it (Python): `prctl(PR_SET_CHILD_SUBREAPER, 1)` => `prctl(PR_SET_CHILD_SUBREAPER, 0)`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::io::{PipeReader, PipeWriter, Read, Write, pipe};

use ipc::Result;
#[cfg(target_os = "linux")]
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
#[cfg(target_os = "linux")]
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::wait::{WaitStatus, wait};
use nix::unistd::{Pid, getpid, getppid};

/// Waits, on every path, for all children, adopted ones too.
struct Children;

impl Drop for Children {
    fn drop(&mut self) {
        while wait().is_ok() {} // an error: there are no more
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, prctl is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    prctl::set_child_subreaper(true)?;
    let _children = Children; // dropped last, when `death` has released them
    let (mut ready, is_ready) = pipe()?;
    let (life, death) = pipe()?;
    let mut death = Some(death);
    let parent = ipc::fork(|| {
        death = None; // end of file comes when main alone lets go
        let me = getpid();
        let daemon = ipc::fork(|| daemon(me, is_ready, life))?;
        daemon.join()
    })?;
    ready.read_exact(&mut [0])?;
    parent.signal(Signal::SIGKILL)?;
    match parent.wait()? {
        WaitStatus::Signaled(pid, signal, _) => {
            println!("main: parent {pid} died of {signal}");
        }
        other => return Err(format!("parent: {other:?}").into()),
    }
    drop(death);
    match wait()? {
        WaitStatus::Exited(pid, code) => {
            println!("main: adopted {pid}, which exited with {code}");
        }
        other => return Err(format!("daemon: {other:?}").into()),
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn daemon(
    parent: Pid,
    mut is_ready: PipeWriter,
    mut life: PipeReader,
) -> Result<()> {
    let signals = SigSet::from_iter([Signal::SIGTERM]);
    signals.thread_block()?;
    prctl::set_pdeathsig(Signal::SIGTERM)?;
    if getppid() != parent {
        return Err("the parent died before the call".into());
    }
    println!("daemon: pid {}, child of {parent}", getpid());
    is_ready.write_all(b".")?;
    life.read_to_end(&mut Vec::new())?;
    let signals = SignalFd::with_flags(&signals, SfdFlags::SFD_NONBLOCK)?;
    match signals.read_signal()? {
        Some(came) => {
            let signal = Signal::try_from(came.ssi_signo as i32)?;
            let (sender, now) = (came.ssi_pid, getppid());
            println!(
                "daemon: {signal} came from {sender}, my parent is {now} now"
            );
        }
        None => println!("daemon: no signal came"),
    }
    Ok(())
}
