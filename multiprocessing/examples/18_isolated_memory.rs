//! Isolated memory: a thread's write is seen by all, a process's by itself.
//!
//! Python: a global, `Thread` and `Process`, in `18_isolated_memory.py`.
//! Notes: N0:127, N4:830.
//!
//! Threads are in one address space: a global is the same for all of them, so a
//! write is seen at once and needs a lock or an atomic. A process has its own:
//! what it writes nobody else sees. That makes processes safe beside each
//! other, and it makes every exchange a message (pipe, queue) or a piece of
//! memory shared on purpose. It is the same in Rust and Python. An atomic does
//! not change it: it orders writes to one memory, and here there are two.
//!
//! ```text,expect
//! main: counter 0
//! thread: counter 1
//! main: after the thread, counter 1
//! process: counter 2
//! main: after the process, counter 1
//! ```
//!
//! Break it: `in_process()?` => `in_thread()`
//! Break it: `in_thread();` => `in_process()?;`

#![allow(unsafe_code)]

use std::process::exit;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn main() -> nix::Result<()> {
    println!("main: counter {}", COUNTER.load(Ordering::Relaxed));
    in_thread();
    let counter = COUNTER.load(Ordering::Relaxed);
    println!("main: after the thread, counter {counter}");
    in_process()?;
    let counter = COUNTER.load(Ordering::Relaxed);
    println!("main: after the process, counter {counter}");
    Ok(())
}

fn increase(name: &str) {
    let before = COUNTER.fetch_add(1, Ordering::Relaxed);
    println!("{name}: counter {}", before + 1);
}

fn in_thread() {
    thread::scope(|s| {
        s.spawn(|| increase("thread"));
    });
}

fn in_process() -> nix::Result<()> {
    // SAFETY: the thread has been joined, so this process has one.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => waitpid(child, None)?,
        ForkResult::Child => {
            increase("process");
            exit(0)
        }
    };
    Ok(())
}
