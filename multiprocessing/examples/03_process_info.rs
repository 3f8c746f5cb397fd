//! Process information: five children, five pids, one parent.
//!
//! Python: `Process(name=…)`, `os.getpid`, `os.getppid`, in
//! `03_process_info.py`.
//! Notes: N4:922.
//!
//! The kernel knows a process by its pid, and keeps its parent's beside it. A
//! name is the program's own affair: `multiprocessing` stores it in an
//! attribute, here it is a variable that the child has from the fork. A pid is
//! unique only among the living: once waited for it may be given to another
//! process. And a parent's pid changes when the parent dies, so do not take it
//! for a name either.
//!
//! Forking in a loop has a trap: a child that does not leave goes on with the
//! loop and forks in its turn. Hence `exit` at the end of the child's work.
//!
//! ```text,expect
//! main: pid {main:pid}
//! @any
//! Process-1: pid {one:pid}, parent {main:pid}
//! Process-2: pid {two:pid}, parent {main:pid}
//! Process-3: pid {three:pid}, parent {main:pid}
//! Process-4: pid {four:pid}, parent {main:pid}
//! Process-5: pid {five:pid}, parent {main:pid}
//! @end
//! main: 5 children waited for
//! ```
//!
//! Break it: `exit(0)` => `continue`

#![allow(unsafe_code)]

use std::os::unix::process::parent_id;
use std::process::{exit, id};

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None); // an error if it was waited for before
    }
}

fn main() -> nix::Result<()> {
    println!("main: pid {}", id());
    let mut children = Vec::new();
    for number in 1..=5 {
        let name = format!("Process-{number}");
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => children.push(Child(child)),
            ForkResult::Child => {
                println!("{name}: pid {}, parent {}", id(), parent_id());
                exit(0);
            }
        }
    }
    for child in &children {
        waitpid(child.0, None)?;
    }
    println!("main: {} children waited for", children.len());
    Ok(())
}
