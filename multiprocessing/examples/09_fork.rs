//! Fork: one call, two returns.
//!
//! Python: `os.fork`, in `09_fork.py`.
//! Notes: N2:670, N2:675, N2:678.
//!
//! `fork` makes a second process out of the one that calls it. Both go on behind
//! the call, each with its own copy of every variable. Only what the call returns
//! tells them apart: the parent gets the child's pid, the child gets none. Use it
//! where the child needs what the parent has in memory, else `Command`.
//!
//! It has four traps; the other examples leave them to `ipc::fork`. The child has
//! one thread, the one that forked: a lock that another thread held is held in it
//! forever (`fork_with_threads`). Python warns since 3.12 when a program with
//! threads forks. Text that is still in a buffer is printed by both
//! (`inherited_state`): flush before. Destructors and `atexit` handlers of the
//! parent would run in the child too: it ends by `_exit`, which runs none and
//! flushes nothing, so flush again. And a child that returns or panics would run
//! on in its parent's code: nothing below may fail without being caught.
//!
//! ```text,expect
//! @processes child
//! @peak 1 processes
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
//! Break it: `unsafe { libc::_exit(3) }` => `return Ok(())`
//! Break it (Python): `os.fork()` => `0`
//! Break it (Python): `os._exit(3)` => `return`

#![allow(unsafe_code)]

use std::error::Error;
use std::io::{Write, stdout};
use std::process::id;

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

fn main() -> Result<(), Box<dyn Error>> {
    let mut counter = 0;
    println!("main: counter {counter}, one process, pid {}", id());
    stdout().flush()?;
    // SAFETY: this process has one thread, so the child may do all that it may.
    let (name, step, child) = match unsafe { fork() }? {
        ForkResult::Parent { child } => {
            println!("parent: I am {}, fork gave me {child}", id());
            ("parent", 10, Some(child))
        }
        ForkResult::Child => {
            println!("child: I am {}, fork gave me nothing", id());
            ("child", 1, None)
        }
    };
    // Both run what follows.
    counter += step;
    println!("{name}: counter {counter}");
    let Some(child) = child else {
        let _ = stdout().flush(); // as at the end of `main`: nobody to tell
        // SAFETY: ends the process; nothing after it is run.
        unsafe { libc::_exit(3) }
    };
    match waitpid(child, None)? {
        WaitStatus::Exited(_, code) => {
            println!("{name}: the child exited with {code}, counter {counter}");
            Ok(())
        }
        other => Err(format!("the child: {other:?}").into()),
    }
}
