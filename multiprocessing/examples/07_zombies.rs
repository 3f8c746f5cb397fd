//! Zombies: a child that has ended is kept until somebody waits for it.
//!
//! Python: `os.waitid` and `os.waitpid`, in `07_zombies.py`.
//! Notes: N4:135.
//!
//! A process that ends leaves an entry in the kernel's table, with how it ended,
//! for its parent to read. Until then it is a zombie: without memory, without open
//! files, but with its pid, which nobody else can get. `kill(pid, 0)` takes it for
//! alive. So a server that never waits runs out of pids, and a program that asks by
//! `kill` whether its child lives is told yes forever. When the parent dies init,
//! or a sub-reaper, inherits the zombie and waits for it.
//!
//! `waitid` with WNOWAIT waits until the child has ended and leaves it a zombie.
//! `waitpid` takes the status, and the entry with it; from then on the pid is free
//! for another process, and must not be used any more. Python's `Process` and
//! `Popen` remember that they have waited; so does `ipc::Child`, whose `wait`
//! consumes it. Linux only, for `/proc` shows the state; elsewhere the program says
//! so and ends.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: child {child:pid}, state S, signal 0 is delivered
//! child: about to exit with 7
//! main: it has exited with 7
//! main: child {child:pid}, state Z, signal 0 is delivered
//! main: waited for it, exit code 7
//! main: child {child:pid}, state none, signal 0 finds nobody
//! ```
//!
//! Break it: `WEXITED | WaitPidFlag::WNOWAIT` => `WEXITED`
//! Break it: `ipc::exit(7)` => `Ok(())`
//! Break it (Python): `os.WEXITED | os.WNOWAIT` => `os.WEXITED`
//! Break it (Python): `os._exit(7)` => `os._exit(0)`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::fs;
use std::io::{ErrorKind, Read, Write, pipe};

use ipc::Result;
use nix::errno::Errno;
use nix::sys::signal::kill;
#[cfg(target_os = "linux")]
use nix::sys::wait::{Id, waitid};
use nix::sys::wait::{WaitPidFlag, WaitStatus};
use nix::unistd::Pid;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, /proc is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    let (mut gate, mut gate_keeper) = pipe()?;
    let child = ipc::fork(|| {
        gate.read_exact(&mut [0])?;
        println!("child: about to exit with 7");
        ipc::exit(7)
    })?;
    let pid = child.id();
    while state(pid)? != "S" {
        std::thread::yield_now(); // until it sleeps at the gate
    }
    report(pid)?;
    gate_keeper.write_all(b".")?;

    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    if let WaitStatus::Exited(_, code) = waitid(Id::Pid(pid), look)? {
        println!("main: it has exited with {code}");
    }
    report(pid)?;
    if let WaitStatus::Exited(_, code) = child.wait()? {
        println!("main: waited for it, exit code {code}");
    }
    report(pid)
}

fn report(pid: Pid) -> Result<()> {
    let answer = match kill(pid, None) {
        Ok(()) => "is delivered",
        Err(Errno::ESRCH) => "finds nobody",
        Err(error) => return Err(error.into()),
    };
    println!("main: child {pid}, state {}, signal 0 {answer}", state(pid)?);
    Ok(())
}

fn state(pid: Pid) -> Result<String> {
    let stat = match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok("none".to_owned());
        }
        stat => stat?,
    };
    // It stands behind the name, which is in brackets.
    let rest = stat.rsplit(") ").next().ok_or("no name")?;
    Ok(rest[..1].to_owned())
}
