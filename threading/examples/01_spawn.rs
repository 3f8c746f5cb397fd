//! Spawn: a thread runs while the main thread goes on; `join` waits for it.
//!
//! Python: `threading.Thread(target=…, name=…)`, in `01_spawn.py`.
//! Notes: N0:251, N1:112, N4:333, N4:429.
//!
//! `spawn` starts a new thread and returns its `JoinHandle` at once. `join`
//! blocks until that thread has ended. Python separates making a thread from
//! starting it; a Rust thread runs as soon as it exists. At the end of a
//! program Python waits for every thread that is not a daemon. Rust does not:
//! when `main` returns, the process ends, and threads that nobody joined end
//! with it. If the thread panicked, `join` returns the panic's payload;
//! `resume_unwind` passes it on, so that the failure is not lost.
//!
//! The two threads cannot run ahead of main here: they need a number that main
//! gives out only after its second line.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: starting two threads
//! @any
//! reader: started
//! writer: started
//! @end
//! main: still here, with reader and writer
//! @any
//! reader: finished, the sum is 500000500000
//! writer: finished, the sum is 500000500000
//! @end
//! main: both have ended
//! ```
//!
//! Break it: `thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;` =>
//! `drop(thread);`
//! Break it: `.name(name.to_string())` => `.stack_size(1 << 20)`
//! Break it (Python): `        thread.join()` => `        pass`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::mpsc::{self, SendError, Sender};
use std::thread;

/// How far to count; main sets it.
static LIMIT: OnceLock<u64> = OnceLock::new();

fn work(started: &Sender<String>) -> Result<(), SendError<String>> {
    let me = thread::current();
    let name = me.name().unwrap_or("unnamed");
    println!("{name}: started");
    started.send(name.to_string())?;
    let sum: u64 = (1..=*LIMIT.wait()).sum();
    println!("{name}: finished, the sum is {sum}");
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: starting two threads");
    let (started, running) = mpsc::channel();
    let mut threads = Vec::new();
    for name in ["reader", "writer"] {
        let thread = thread::Builder::new().name(name.to_string());
        let started = started.clone();
        threads.push(thread.spawn(move || work(&started))?);
    }
    let mut names: Vec<_> = running.iter().take(threads.len()).collect();
    names.sort(); // it is open who comes first
    println!("main: still here, with {}", names.join(" and "));
    LIMIT.get_or_init(|| 1_000_000);
    for thread in threads {
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    println!("main: both have ended");
    Ok(())
}
