//! Main runs ahead: read without `join`, the result is not there yet.
//!
//! Python: the same mistake, in `05_main_runs_ahead.py`.
//! Notes: N4:351, N4:366, N4:514.
//!
//! Starting a thread does not wait for it. The main thread goes on at once, and
//! what the thread is to produce is still what it was before. The notes make
//! the thread slow by a sleep of some seconds and say that main then always
//! prints first. A sleep makes that likely, never certain: nothing stops the
//! system from running main later still. Here the thread waits for a message
//! that main sends after its early read, so the mistake shows on every run. The
//! cure, `join`, is the last read, and the whole of the next example.
//!
//! Rust will not compile the notes' global variable without a `Mutex` or an
//! atomic around it. That makes each access safe; it cannot make main wait.
//!
//! ```text,expect
//! main: reads "Initial value"
//! worker: wrote its result
//! main: after join, reads "The thread result"
//! ```
//!
//! Break it: `go.recv()` => `go.try_recv()`, `let early =` =>
//! `while !worker.is_finished() {} let early =`

use std::error::Error;
use std::sync::{Mutex, mpsc};
use std::thread;

static RESULT: Mutex<&str> = Mutex::new("Initial value");

fn read() -> &'static str {
    *RESULT.lock().expect("no holder panics")
}

fn main() -> Result<(), Box<dyn Error>> {
    let (let_go, go) = mpsc::channel();
    let worker = thread::spawn(move || {
        // Slower than main, whatever main does before it lets go.
        let _ = go.recv();
        *RESULT.lock().expect("no holder panics") = "The thread result";
        println!("worker: wrote its result");
    });

    let early = read();
    println!("main: reads {early:?}");

    let_go.send(())?;
    worker.join().map_err(|_| "the worker panicked")?;
    println!("main: after join, reads {:?}", read());
    Ok(())
}
