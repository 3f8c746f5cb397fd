//! Kernel tasks: what the kernel schedules, called thread or process.
//!
//! Python: `threading.get_native_id`, `os.getpid`, `clone` through `ctypes`, in
//! `14_kernel_tasks.py`.
//! Notes: N2:5, N2:17, N2:674, N4:143, N4:290.
//!
//! To Linux thread and process are one thing, a task. Both are made by `clone`,
//! whose flags say what the new task shares with its maker: memory (CLONE_VM),
//! open files, the pid. A process is the tasks that share all of these; the first
//! one's tid is the pid. The scheduler deals with tasks alone.
//!
//! Each actor below says who it is and how many tasks the kernel lists for its
//! process. All three of a kind meet, so all are there to be counted. The last two
//! lines are one `clone`, without and with CLONE_VM: the new task adds 1 to a
//! number. Use threads and processes; `clone` itself is for runtimes. Linux only;
//! elsewhere the program says so and ends.
//!
//! In the notes: no kernel in wide use knows threads, and libraries make them
//! (N4:143, N4:152). The kernels of Linux, macOS and Windows know them and give
//! each a processor by itself. Rust's threads and Python's are the kernel's.
//!
//! ```text,expect
//! @threads thread {:int}
//! @processes process {:int}
//! @peak 3 threads
//! @peak 3 processes
//! main: pid {main:pid}, tid {main:pid}, tasks 1
//! @any
//! process 1: pid {p1:pid}, tid {p1:pid}, tasks 1, 3 have met
//! process 2: pid {p2:pid}, tid {p2:pid}, tasks 1, 3 have met
//! process 3: pid {p3:pid}, tid {p3:pid}, tasks 1, 3 have met
//! @end
//! main: cloned without CLONE_VM, number here 0
//! main: cloned with CLONE_VM, number here 1
//! @any
//! thread 1: pid {main:pid}, tid {t1:pid}, tasks 4
//! thread 2: pid {main:pid}, tid {t2:pid}, tasks 4
//! thread 3: pid {main:pid}, tid {t3:pid}, tasks 4
//! @end
//! ```
//!
//! Break it: `gettid()` => `getpid()`
//! Break it: `(flags, "without")` => `(flags | CloneFlags::CLONE_VM, "without")`
//! Break it: `let met = all_here.wait()?` => `let met = 1`
//! Break it (Python): `threading.get_native_id()` => `os.getpid()`
//! Break it (Python): `clone_and_add(CLONE_VM)` => `clone_and_add(0)`

#![allow(unsafe_code)]
#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::fs;
use std::io;
use std::sync;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use ipc::Result;
use multiprocessing::Barrier;
#[cfg(target_os = "linux")]
use nix::sched::{CloneFlags, clone};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::getpid;
#[cfg(target_os = "linux")]
use nix::unistd::gettid;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, /proc is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<()> {
    println!("main: {}", whoami()?);
    let all_here = Barrier::new(3)?;
    let mut children = Vec::new();
    for number in 1..=3 {
        let all_here = &all_here;
        children.push(ipc::fork(move || {
            let met = all_here.wait()?;
            println!("process {number}: {}, {met} have met", whoami()?);
            Ok(())
        })?);
    }
    ipc::wait_all(children)?;

    let flags = CloneFlags::CLONE_VFORK; // we go on when the task has ended
    for (flags, name) in
        [(flags, "without"), (flags | CloneFlags::CLONE_VM, "with")]
    {
        let number = clone_and_add(flags)?;
        println!("main: cloned {name} CLONE_VM, number here {number}");
    }

    let all_here = sync::Barrier::new(3);
    thread::scope(|s| {
        for number in 1..=3 {
            let all_here = &all_here;
            s.spawn(move || {
                all_here.wait();
                println!("thread {number}: {}", whoami().expect("/proc"));
                all_here.wait();
            });
        }
    });
    Ok(())
}

#[cfg(target_os = "linux")]
fn whoami() -> io::Result<String> {
    let tasks = fs::read_dir("/proc/self/task")?.count();
    Ok(format!("pid {}, tid {}, tasks {tasks}", getpid(), gettid()))
}

/// Has a new task add 1 to a number, and gives the number as it is here.
#[cfg(target_os = "linux")]
fn clone_and_add(flags: CloneFlags) -> Result<u32> {
    let number = AtomicU32::new(0);
    let mut stack = vec![0; 64 * 1024];
    let add = Box::new(|| {
        number.fetch_add(1, Relaxed);
        0
    });
    // SAFETY: the task has a stack of its own, which outlives it, for this thread
    // stands still until it has ended (CLONE_VFORK). Beside the stack it touches
    // one atomic, and neither allocates nor locks.
    let pid = unsafe { clone(add, &mut stack, flags, Some(libc::SIGCHLD)) }?;
    match waitpid(pid, None)? {
        WaitStatus::Exited(_, 0) => Ok(number.into_inner()),
        other => Err(format!("the cloned task: {other:?}").into()),
    }
}
