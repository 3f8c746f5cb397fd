//! Spawn: a thread runs while the main thread goes on; `join` waits for it.
//!
//! Python: `threading.Thread(target=…, name=…)`, in `01_spawn.py`.
//! Notes: N0:251, N1:112, N4:333.
//!
//! `spawn` starts a new thread and returns at once with its `JoinHandle`;
//! `join` blocks until the thread has ended. Python splits making a thread from
//! starting it; in Rust a thread runs as soon as it exists. Python waits at the
//! end of the program for every thread that is not a daemon; Rust does not:
//! when `main` returns, the process ends, and threads that nobody joined end
//! with it.
//!
//! ```text,expect
//! main: starting two threads
//! @any
//! reader: started
//! writer: started
//! @end
//! main: still here, with both of them
//! @any
//! reader: finished, the sum is 500000500000
//! writer: finished, the sum is 500000500000
//! @end
//! main: both have ended
//! ```
//!
//! Break it: `thread.join().map_err(|_| "a thread panicked")?` =>
//! `drop(thread)`
//! Break it: `.name(name.to_string())` => `.stack_size(1 << 20)`

use std::error::Error;
use std::sync::Barrier;
use std::thread;

/// Where the two threads and main meet.
static MEETING: Barrier = Barrier::new(3);

fn work() {
    let me = thread::current();
    let name = me.name().unwrap_or("unnamed");
    println!("{name}: started");
    MEETING.wait(); // all three are running now
    MEETING.wait(); // main has said so
    let sum: u64 = (1..=1_000_000).sum();
    println!("{name}: finished, the sum is {sum}");
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: starting two threads");
    let mut threads = Vec::new();
    for name in ["reader", "writer"] {
        let thread = thread::Builder::new().name(name.to_string());
        threads.push(thread.spawn(work)?);
    }
    MEETING.wait();
    println!("main: still here, with both of them");
    MEETING.wait();
    for thread in threads {
        thread.join().map_err(|_| "a thread panicked")?;
    }
    println!("main: both have ended");
    Ok(())
}
