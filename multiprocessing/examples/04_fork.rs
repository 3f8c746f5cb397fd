//! Fork: one call, two returns.
//!
//! Python: `os.fork`, in `04_fork.py`.
//! Notes: N2:670.
//!
//! `fork` makes a second process out of the one that calls it. Both go on
//! behind the call, each with its own copy of every variable; only what the
//! call gave them tells them apart: the parent gets the child's pid, the child
//! gets none. Use it where the child needs what the parent has in memory, else
//! `Command`.
//!
//! Three traps, and why this program is free of them. The child has one thread,
//! the one that forked: a lock that another thread held stays locked in it for
//! ever. So fork while there is one thread, or do nothing before `exec` that is
//! not async-signal-safe. Text still in a buffer is printed by both: here every
//! line is whole, and so written, before the fork. And destructors run twice,
//! once in each: the child leaves by `exit`, which runs none of them.
//!
//! ```text,expect
//! main: counter 0, one process, pid {parent:pid}
//! @lanes
//! parent: I am {parent:pid}, fork gave me {child:pid}
//! parent: counter 10
//! child: I am {child:pid}, fork gave me nothing
//! child: counter 1
//! @end
//! parent: the child exited with 3, counter 10
//! ```
//!
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`
//! Break it: `exit(3)` => `return Ok(())`

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

fn main() -> nix::Result<()> {
    let mut counter = 0;
    println!("main: counter {counter}, one process, pid {}", id());
    // SAFETY: this process has one thread.
    let (name, step, child) = match unsafe { fork() }? {
        ForkResult::Parent { child } => {
            println!("parent: I am {}, fork gave me {child}", id());
            ("parent", 10, Some(Child(child)))
        }
        ForkResult::Child => {
            println!("child: I am {}, fork gave me nothing", id());
            ("child", 1, None)
        }
    };
    // Both run what follows.
    counter += step;
    println!("{name}: counter {counter}");
    let Some(child) = child else { exit(3) };
    if let WaitStatus::Exited(_, code) = waitpid(child.0, None)? {
        println!("{name}: the child exited with {code}, counter {counter}");
    }
    Ok(())
}
