//! Pidfd: a process by a descriptor, which no other process can come to own.
//!
//! Python: `os.pidfd_open`, `signal.pidfd_send_signal`, in `25_pidfd.py`.
//! Notes: none.
//!
//! A pid is a number. When its process has ended and was waited for, the kernel
//! may give it to another, and a signal to the number hits a stranger. A pidfd
//! is a descriptor of the process itself: when that is gone, a signal through
//! it reaches nobody. It becomes readable when the process ends, so poll,
//! epoll, asyncio and tokio can wait for it beside sockets and time limits.
//!
//! A parent's own child keeps its pid until the parent waits for it, so the
//! number is safe there. A pidfd is for the rest: other people's processes
//! (open it, then look whether it is still the one you meant), and libraries in
//! programs that wait for everything.
//!
//! The reuse is forced where the kernel lets it: root may say which pid comes
//! next (`/proc/sys/kernel/ns_last_pid`). Then the number reaches "another",
//! else "nobody". No rule says who speaks: only main does. Linux only (5.3);
//! elsewhere the program says so and ends.
//!
//! ```text,expect
//! main: by the descriptor it has ended: false
//! main: SIGTERM sent by the descriptor, it has ended: true, it died of SIGTERM
//! main: waited for, by the number a signal reaches {:word}
//! main: by the descriptor a signal reaches nobody
//! ```
//!
//! Break it: `pidfd_send_signal(&by_fd, Signal::TERM)?;` => `pidfd_send_signal(&by_fd, Signal::KILL)?;`
//! Break it: `with_pid(pid)?;` => `with_pid(pid)?; let by_fd = pidfd_open(by_number, PidfdFlags::empty())?;`
//! Break it (Python): `signal.pidfd_send_signal(by_fd, signal.SIGTERM)` => `child.kill()`
//! Break it (Python): `other = with_pid(pid)` => `other = with_pid(pid); by_fd = os.pidfd_open(pid)`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::fs;
use std::os::fd::AsFd;

use ipc::{Child, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::kill;
use nix::sys::wait::WaitStatus;
use nix::unistd::pause;
#[cfg(target_os = "linux")]
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// Root may write there which pid was the last one.
const LAST_PID: &str = "/proc/sys/kernel/ns_last_pid";

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, a pidfd is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    let child = sleeper()?;
    let pid = child.id();
    let by_number = Pid::from_raw(pid.as_raw()).ok_or("no pid")?;
    let by_fd = pidfd_open(by_number, PidfdFlags::empty())?;
    let ended = has_ended(&by_fd, PollTimeout::ZERO)?;
    println!("main: by the descriptor it has ended: {ended}");
    pidfd_send_signal(&by_fd, Signal::TERM)?;
    let ended = has_ended(&by_fd, PollTimeout::from(5000_u16))?;
    match child.wait()? {
        WaitStatus::Signaled(_, signal, _) => println!(
            "main: SIGTERM sent by the descriptor, it has ended: {ended}, \
             it died of {signal}"
        ),
        other => return Err(format!("the child: {other:?}").into()),
    }

    let _other = with_pid(pid)?;
    // Signal 0 does no harm, whoever gets it.
    let reached = match kill(pid, None) {
        Ok(()) => "another",
        Err(Errno::ESRCH) => "nobody",
        Err(error) => return Err(error.into()),
    };
    println!("main: waited for, by the number a signal reaches {reached}");
    let reached = match pidfd_send_signal(&by_fd, Signal::CONT) {
        Ok(()) => "another",
        Err(rustix::io::Errno::SRCH) => "nobody",
        Err(error) => return Err(error.into()),
    };
    println!("main: by the descriptor a signal reaches {reached}");
    Ok(())
}

/// A child that does nothing until a signal ends it.
fn sleeper() -> Result<Child> {
    let child = ipc::fork(|| {
        pause();
        Ok(())
    })?;
    Ok(child)
}

#[cfg(target_os = "linux")]
fn has_ended(by_fd: impl AsFd, limit: PollTimeout) -> Result<bool> {
    let mut wanted = [PollFd::new(by_fd.as_fd(), PollFlags::POLLIN)];
    Ok(poll(&mut wanted, limit)? > 0)
}

/// A new child that has got this pid, if the kernel lets it be chosen and nobody
/// else was quicker.
fn with_pid(pid: nix::unistd::Pid) -> Result<Option<Child>> {
    for _ in 0..20 {
        if fs::write(LAST_PID, (pid.as_raw() - 1).to_string()).is_err() {
            return Ok(None); // not allowed
        }
        let child = sleeper()?;
        if child.id() == pid {
            return Ok(Some(child));
        }
    }
    Ok(None)
}
