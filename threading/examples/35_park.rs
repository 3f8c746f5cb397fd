//! Park: a thread waits for its token; one set before the wait is not lost.
//!
//! Python: an `Event` that is cleared after each wait, in `35_park.py`.
//! Notes: none.
//!
//! `park` blocks the calling thread until its token is there, and takes it.
//! `unpark` puts the token there, and needs nothing but the handle. So an
//! `unpark` that comes before the `park` is not lost; but there is one token,
//! and two `unpark`s before the wait are one. It is the smallest way to wake a
//! known thread, and what locks and channels are built on.
//!
//! `park` may also return for no reason, and a library that the thread uses may
//! have put the token there. So the condition is kept elsewhere, in an atomic,
//! and `park` stands in a loop that looks at it, as with a condition variable.
//! Reach for a channel or a `Condvar` first; `park` is for building such
//! things. Python has no park: an `Event` for each thread, cleared after the
//! wait, is the same with the same single token.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: unparks once, before the worker parks
//! worker: parked 1 time, waited in vain: false
//! main: unparks twice, before the worker parks
//! worker: parked 2 times, waited in vain: false, true
//! main: unparks without a reason, then with one
//! worker: woken {:int 2..} times, went on when ready
//! main: the worker has ended
//! ```
//!
//! Break it: `thread.unpark(); // once` => ``, `from_secs(5)` =>
//! `from_millis(50)`
//! Break it: `thread.unpark(); // twice` =>
//! `turn.wait(); turn.wait(); thread.unpark();`, `let second = park(SHORT);` =>
//! `turn.wait(); turn.wait(); let second = park(LONG);`
//! Break it: `while !looks_ready() {` => `if !looks_ready() {`
//! Break it (Python): `self.token.clear()` => `pass`
//! Break it (Python): `while not looks_ready():` => `if not looks_ready():`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering::*};
use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(5);

/// Parks; whether the whole time has passed.
fn park(limit: Duration) -> bool {
    let start = Instant::now();
    thread::park_timeout(limit);
    start.elapsed() >= limit
}

fn main() -> Result<(), Box<dyn Error>> {
    let turn = Barrier::new(2);
    let ready = AtomicBool::new(false);
    let (tell, looked) = mpsc::channel();
    thread::scope(|s| {
        let worker = s.spawn(|| {
            turn.wait();
            let in_vain = park(LONG);
            println!("worker: parked 1 time, waited in vain: {in_vain}");
            turn.wait();

            turn.wait();
            let first = park(LONG);
            let second = park(SHORT);
            println!(
                "worker: parked 2 times, waited in vain: {first}, {second}"
            );
            turn.wait();

            let mut wakes = 0;
            let looks_ready = || {
                let is_ready = ready.load(Acquire);
                tell.send(()).expect("main listens");
                is_ready
            };
            while !looks_ready() {
                thread::park();
                wakes += 1;
            }
            println!("worker: woken {wakes} times, went on when ready");
        });
        let thread = worker.thread();

        println!("main: unparks once, before the worker parks");
        thread.unpark(); // once
        turn.wait();
        turn.wait();

        println!("main: unparks twice, before the worker parks");
        thread.unpark();
        thread.unpark(); // twice
        turn.wait();
        turn.wait();

        println!("main: unparks without a reason, then with one");
        looked.recv()?;
        thread.unpark();
        looked.recv()?; // again, and it was not ready
        ready.store(true, Release);
        thread.unpark();
        worker.join().unwrap_or_else(|panic| resume_unwind(panic));
        println!("main: the worker has ended");
        Ok(())
    })
}
