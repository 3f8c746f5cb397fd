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
//! The two threads cannot run ahead of main here: each needs a number, and main
//! gives out the first after its second line, the other when the first thread
//! has ended.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: starting two threads
//! @any
//! reader: started, its number is there: false
//! writer: started, its number is there: false
//! @end
//! main: still here, with reader and writer
//! reader: finished, the sum is 500000500000
//! main: reader has ended
//! writer: finished, the sum is 500000500000
//! main: writer has ended
//! ```
//!
//! Break it: `thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;` =>
//! `drop(thread);`
//! Break it: `let (number, numbers) = mpsc::channel();` =>
//! `let (number, numbers) = mpsc::channel(); number.send(1_000_000)?;`
//! Break it: `.name(name.to_string())` => `.stack_size(1 << 20)`
//! Break it (Python): `        thread.join()` => `        pass`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

fn work(started: &Sender<String>, numbers: &Receiver<u64>) -> Outcome {
    let me = thread::current();
    let name = me.name().unwrap_or("unnamed");
    let is_there = numbers.try_recv().is_ok();
    println!("{name}: started, its number is there: {is_there}");
    started.send(name.to_string())?;
    let sum: u64 = (1..=numbers.recv()?).sum();
    println!("{name}: finished, the sum is {sum}");
    Ok(())
}

fn main() -> Outcome {
    println!("main: starting two threads");
    let (started, running) = mpsc::channel();
    let mut threads = Vec::new();
    for name in ["reader", "writer"] {
        let thread = thread::Builder::new().name(name.to_string());
        let started = started.clone();
        let (number, numbers) = mpsc::channel();
        let thread = thread.spawn(move || work(&started, &numbers))?;
        threads.push((name, number, thread));
    }
    let mut names: Vec<_> = running.iter().take(threads.len()).collect();
    names.sort(); // it is open who comes first
    println!("main: still here, with {}", names.join(" and "));
    for (name, number, thread) in threads {
        number.send(1_000_000)?;
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        println!("main: {name} has ended");
    }
    Ok(())
}
