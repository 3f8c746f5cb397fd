//! Join with a timeout: wait a while, then find the thread still running.
//!
//! Python: `Thread.join(timeout=…)`, in `11_join_timeout.py`.
//! Notes: N0:412.
//!
//! std has no timed join. The idiom: the thread owns a `Sender` on which it
//! never sends (there is no value of type `Infallible`). When the thread ends,
//! by return or by panic, the sender is dropped, and the receiver wakes with
//! `Disconnected`. So `recv_timeout` is the bounded wait, and the `join` after
//! it does not wait any more. To ask without waiting there is
//! `JoinHandle::is_finished`. Python's `join(timeout=…)` returns `None` in both
//! cases; ask `is_alive()` whether the time ran out.
//!
//! A time-out ends only the waiting. The thread works on, and must be told to
//! stop by other means (see `stop_a_thread`). Here it cannot end before main
//! lets it, so the first wait runs out on every machine, and the second does
//! not.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: after 20 ms the worker is still running, waited {:int 20..}
//! main: lets the worker go
//! worker: done
//! main: the worker has ended
//! main: it returned 42
//! ```
//!
//! Break it: `permit.recv()?;` => ``, `from_millis(20)` => `from_secs(5)`
//! Break it: `from_millis(20)` => `from_millis(0)`
//! Break it: `let _alive = alive;` => `std::mem::forget(alive);`,
//! `from_secs(30)` => `from_secs(1)`
//! Break it (Python): `permit.get()` => `pass`, `LIMIT = 0.02` => `LIMIT = 5`
//! Break it (Python): `LIMIT = 0.02` => `LIMIT = 0`

use std::convert::Infallible;
use std::error::Error;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, RecvError, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(20);

/// Waits for the thread's end; whether it has come.
fn wait_for(ended: &Receiver<Infallible>, limit: Duration) -> bool {
    match ended.recv_timeout(limit) {
        Err(RecvTimeoutError::Timeout) => false,
        Err(RecvTimeoutError::Disconnected) => true,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (let_go, permit) = mpsc::channel::<()>();
    let (alive, ended) = mpsc::channel::<Infallible>();
    let worker = thread::spawn(move || -> Result<u32, RecvError> {
        let _alive = alive; // dropped when this thread ends, however it ends
        permit.recv()?;
        println!("worker: done");
        Ok(42)
    });

    let start = Instant::now();
    if wait_for(&ended, LIMIT) {
        println!("main: the worker has ended already");
    } else {
        let waited = start.elapsed().as_millis();
        println!(
            "main: after {} ms the worker is still running, waited {waited}",
            LIMIT.as_millis()
        );
    }

    println!("main: lets the worker go");
    let_go.send(())?;
    if wait_for(&ended, Duration::from_secs(30)) {
        println!("main: the worker has ended");
    } else {
        println!("main: the worker does not end");
    }
    let answer = worker.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("main: it returned {answer}");
    Ok(())
}
