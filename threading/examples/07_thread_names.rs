//! Thread names: each thread knows its own name and its own id.
//!
//! Python: `current_thread().name`, `get_native_id`, in `07_thread_names.py`.
//! Notes: N4:143, N4:152, N4:388, N4:423.
//!
//! Name a thread, and every panic message, debugger and profiler shows the
//! name. On Linux Rust gives its first 15 bytes to the kernel too; Python does
//! so since 3.14. The order in which equal threads run is open: nothing may
//! depend on it, and here any order is accepted. Each thread has an id of the
//! kernel's; the main thread's is the process id. Rust's own `ThreadId` is a
//! different number and is never reused within a process; the kernel's id may
//! come again once its thread has ended. Linux only, because of `/proc`;
//! elsewhere the program says so and ends.
//!
//! In the notes: "no common system supports threads in its kernel". All of them
//! do: the kernel lists and schedules these threads one by one, in Python as in
//! Rust.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: id {main:pid}, the process is {main:pid}
//! @any
//! red: id {red:pid}
//! green: id {green:pid}
//! blue: id {blue:pid}
//! @end
//! main: the kernel lists 4 threads of this process
//! main: 3 threads have ended
//! ```
//!
//! Break it: `.name(name.to_string())` => `.stack_size(1 << 20)`
//! Break it: `"unnamed"), gettid()` => `"unnamed"), process::id()`
//! Break it (Python): `target=introduce, name=name` => `target=introduce`
//! Break it (Python): `{threading.get_native_id()}` => `{os.getpid()}`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::{fs, process, thread};

#[cfg(target_os = "linux")]
use nix::unistd::gettid;
#[cfg(not(target_os = "linux"))]
use process::id as gettid; // not called: see `main`

/// All three are alive while main asks the kernel.
static ALIVE: Barrier = Barrier::new(4);

fn introduce() {
    let me = thread::current();
    println!("{}: id {}", me.name().unwrap_or("unnamed"), gettid());
    ALIVE.wait();
    ALIVE.wait();
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    println!("main: id {}, the process is {}", gettid(), process::id());
    let mut threads = Vec::new();
    for name in ["red", "green", "blue"] {
        let builder = thread::Builder::new().name(name.to_string());
        threads.push(builder.spawn(introduce)?);
    }
    ALIVE.wait();
    let listed = fs::read_dir("/proc/self/task")?.count();
    println!("main: the kernel lists {listed} threads of this process");
    ALIVE.wait();
    let ended = threads
        .into_iter()
        .map(|t| t.join().unwrap_or_else(|panic| resume_unwind(panic)))
        .count();
    println!("main: {ended} threads have ended");
    Ok(())
}
