//! Kernel tasks: what the kernel schedules, be it called thread or process.
//!
//! Python: `threading.get_native_id` and `os.getpid`, in `14_kernel_tasks.py`.
//! Notes: N2:3, N2:15, N4:145.
//!
//! The notes (N4:145) say that no kernel in use knows threads and that
//! libraries make them. The kernels of Linux, macOS and Windows all do know
//! them, and give each a processor by itself; Rust's threads and Python's are
//! the kernel's. To Linux thread and process are one thing, a task (N2:15):
//! both are made by `clone`, which is told what the new task shares with its
//! maker. A process is the tasks that share memory, files and the pid; the
//! first one's tid is the pid.
//!
//! Each task below says who it is and how many tasks the kernel lists for its
//! process. The threads wait at a barrier, so that all are there to be counted.
//! The processes come first: whoever forks should have one thread. Linux only;
//! elsewhere the program says so and ends.
//!
//! ```text,expect
//! main: pid {main:pid}, tid {main:pid}, tasks 1
//! @any
//! process 1: pid {p1:pid}, tid {p1:pid}, tasks 1
//! process 2: pid {p2:pid}, tid {p2:pid}, tasks 1
//! process 3: pid {p3:pid}, tid {p3:pid}, tasks 1
//! @end
//! @any
//! thread 1: pid {main:pid}, tid {t1:pid}, tasks 4
//! thread 2: pid {main:pid}, tid {t2:pid}, tasks 4
//! thread 3: pid {main:pid}, tid {t3:pid}, tasks 4
//! @end
//! ```
//!
//! Break it: `gettid()` => `getpid()`
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`

#![allow(unsafe_code)]
#![cfg_attr(not(target_os = "linux"), allow(unused))]

use std::fs;
use std::process::exit;
use std::sync::Barrier;
use std::thread;

use nix::sys::wait::waitpid;
#[cfg(target_os = "linux")]
use nix::unistd::gettid;
use nix::unistd::{ForkResult, Pid, fork, getpid};

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None);
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, /proc is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> nix::Result<()> {
    report("main");
    let mut children = Vec::new();
    for number in 1..=3 {
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => children.push(Child(child)),
            ForkResult::Child => {
                report(&format!("process {number}"));
                exit(0);
            }
        }
    }
    drop(children);
    let all_there = Barrier::new(3);
    thread::scope(|s| {
        for number in 1..=3 {
            let all_there = &all_there;
            s.spawn(move || {
                all_there.wait();
                report(&format!("thread {number}"));
                all_there.wait();
            });
        }
    });
    Ok(())
}

#[cfg(target_os = "linux")]
fn report(name: &str) {
    let tasks =
        fs::read_dir("/proc/self/task").map_or(0, |tasks| tasks.count());
    println!("{name}: pid {}, tid {}, tasks {tasks}", getpid(), gettid());
}
