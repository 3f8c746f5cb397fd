//! Zombies: a child that has ended is kept until somebody waits for it.
//!
//! Python: `os.waitid` and `os.waitpid`, in `13_zombies.py`.
//! Notes: N4:133.
//!
//! A process that ends leaves an entry in the kernel's table, with how it
//! ended, for its parent to read. Until then it is a zombie: without memory,
//! without open files, but with its pid, which nobody else can get. `kill(pid,
//! 0)` takes it for alive. So a server that never waits runs out of pids, and a
//! program that asks by `kill` whether its child lives is told yes for ever.
//! When the parent dies init inherits the zombie and waits for it.
//!
//! `waitid` with WNOWAIT waits until the child has ended and leaves it a
//! zombie; `waitpid` takes the status and the entry with it. Linux only, for
//! `/proc` shows the state; elsewhere the program says so and ends.
//!
//! ```text,expect
//! child: about to exit with 7
//! main: it has exited with 7
//! main: state Z, signal 0 is delivered
//! main: waited for it, exit code 7
//! main: state none, signal 0 finds nobody
//! ```
//!
//! Break it: `WEXITED | WaitPidFlag::WNOWAIT` => `WEXITED`

#![allow(unsafe_code)]
#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::error::Error;
use std::fs;
use std::process::exit;

use nix::sys::signal::kill;
#[cfg(target_os = "linux")]
use nix::sys::wait::{Id, waitid};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None); // an error if it was waited for before
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, /proc is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    // SAFETY: this process has one thread.
    let child = match unsafe { fork() }? {
        ForkResult::Parent { child } => Child(child),
        ForkResult::Child => {
            println!("child: about to exit with 7");
            exit(7)
        }
    };
    let look = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    if let WaitStatus::Exited(_, code) = waitid(Id::Pid(child.0), look)? {
        println!("main: it has exited with {code}");
    }
    report(child.0)?;
    if let WaitStatus::Exited(_, code) = waitpid(child.0, None)? {
        println!("main: waited for it, exit code {code}");
    }
    report(child.0)
}

fn report(pid: Pid) -> Result<(), Box<dyn Error>> {
    // The state stands behind the name, which is in brackets.
    let state = match fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => stat.rsplit(") ").next().map(|rest| rest[..1].to_owned()),
        Err(_) => None,
    };
    let state = state.unwrap_or("none".to_owned());
    let answer = match kill(pid, None) {
        Ok(()) => "is delivered",
        Err(_) => "finds nobody",
    };
    println!("main: state {state}, signal 0 {answer}");
    Ok(())
}
