//! Main runs ahead: read without `join`, the result is not there yet.
//!
//! Python: the same mistake, in `02_main_runs_ahead.py`.
//! Notes: N4:351, N4:366, N4:514.
//!
//! Starting a thread does not wait for it. The main thread goes on at once, and
//! what the thread is to produce still has its old value. Here the thread waits
//! for a message that main sends only after its early read, so the mistake
//! shows on every run. The cure is `join`: it stands before the last read, and
//! the next example is about it. Rust does not compile a global variable that
//! two threads write without a `Mutex` or an atomic around it. That makes each
//! access safe; it cannot make main wait.
//!
//! In the notes: a sleep of some seconds makes the thread slow, and "main
//! always prints first". A sleep makes that likely, never certain: the system
//! may run main later still.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: reads "Initial value"
//! worker: wrote its result
//! main: after join, reads "The thread result"
//! ```
//!
//! Break it: `go.recv()` => `go.try_recv().or(Ok(()))`, `let early =` =>
//! `while !worker.is_finished() {} let early =`, `let_go.send(())?;` => ``
//! Break it (Python): `    go.get()` => `    pass`, `early = result` =>
//! `worker.join(); early = result`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::mpsc::{self, RecvError};
use std::thread;

static RESULT: Mutex<&str> = Mutex::new("Initial value");

fn read() -> &'static str {
    *RESULT.lock().expect("no holder panics")
}

fn main() -> Result<(), Box<dyn Error>> {
    let (let_go, go) = mpsc::channel();
    let worker = thread::spawn(move || -> Result<(), RecvError> {
        // Slower than main, whatever main does before it lets go.
        go.recv()?;
        *RESULT.lock().expect("no holder panics") = "The thread result";
        println!("worker: wrote its result");
        Ok(())
    });

    let early = read();
    println!("main: reads {early:?}");

    let_go.send(())?;
    worker.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("main: after join, reads {:?}", read());
    Ok(())
}
