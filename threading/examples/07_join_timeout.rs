//! Join with a timeout: wait a while, then find the thread still running.
//!
//! Python: `Thread.join(timeout=…)`, in `07_join_timeout.py`.
//! Notes: N0:412.
//!
//! std has no timed join. The idiom: the thread owns a `Sender` that it never
//! sends on (there is no `Infallible` to send); when the thread ends, by return
//! or by panic, the sender is dropped and the receiver wakes with
//! `Disconnected`. So `recv_timeout` is the bounded wait, and after it `join`
//! takes the result without waiting to speak of. (To ask without any wait there
//! is `JoinHandle::is_finished`.) In Python `join(timeout=…)` returns `None`
//! either way: whether the time was up is asked of `is_alive()`. A time-out
//! stops only the waiting, in both: the thread works on, and must be told to
//! stop by other means. Here it cannot end before main lets it, so the outcome
//! does not hang on the clock.
//!
//! ```text,expect
//! main: after 20 ms the worker is still running
//! main: lets the worker go
//! worker: done
//! main: the worker has ended, and returned 42
//! ```
//!
//! Break it: `permit.recv()` => `permit.try_recv()`, `from_millis(20)` =>
//! `from_secs(5)`

use std::convert::Infallible;
use std::error::Error;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let (let_go, permit) = mpsc::channel::<()>();
    let (alive, ended) = mpsc::channel::<Infallible>();
    let worker = thread::spawn(move || {
        let _alive = alive; // dropped when this thread ends, however it ends
        let _ = permit.recv();
        println!("worker: done");
        42
    });

    match ended.recv_timeout(Duration::from_millis(20)) {
        Err(RecvTimeoutError::Timeout) => {
            println!("main: after 20 ms the worker is still running");
        }
        Err(RecvTimeoutError::Disconnected) => {
            println!("main: the worker has ended already");
        }
    }

    println!("main: lets the worker go");
    let_go.send(())?;
    let answer = worker.join().map_err(|_| "the worker panicked")?;
    println!("main: the worker has ended, and returned {answer}");
    Ok(())
}
