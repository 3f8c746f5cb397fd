//! Timer: run something later, and call it off before it fires.
//!
//! Python: `threading.Timer`, in `34_timer.py`.
//! Notes: none.
//!
//! A timer is a thread that waits and then calls a function; calling it off
//! ends the wait. It must not sleep for that: it waits with a limit for a
//! message that says "no more" (in Python for an event). If the time runs out,
//! it fires; if the other end is dropped, it was called off. Calling off comes
//! too late once it has begun to fire, so look at the answer, and join. Use it
//! for a few timers, such as a time limit or a delayed retry. Each one costs a
//! thread; for many, keep one thread with a heap of times (Python's `sched`),
//! or use tasks: `tokio::time::sleep`, `loop.call_later`.
//!
//! The first timer fires and is called off too late. The second would fire
//! after a minute, is called off, and has ended at once.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: starts a timer of 20 ms
//! early: fires after {:int 20..} ms
//! main: called off too late, it has fired: true
//! main: one of 60000 ms called off, it has fired: false
//! ```
//!
//! Break it: `from_millis(20)` => `from_millis(2)`
//! Break it: `late.call_off();` =>
//! `while !late.thread.is_finished() {} late.call_off();`, `from_secs(60)` =>
//! `from_millis(20)`
//! Break it: `Err(RecvTimeoutError::Disconnected) => false,` =>
//! `Err(RecvTimeoutError::Disconnected) => { work(start.elapsed()); true }`
//! Break it (Python): `EARLY = 0.02` => `EARLY = 0.002`
//! Break it (Python): `late.cancel()` => `late.join(); late.cancel()`,
//! `LATE = 60` => `LATE = 0.02`

use std::convert::Infallible;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const EARLY: Duration = Duration::from_millis(20);
const LATE: Duration = Duration::from_secs(60);

struct Timer {
    keep: Option<Sender<Infallible>>,
    thread: JoinHandle<bool>,
}

impl Timer {
    /// Calls the function after so long, with the time that has passed.
    fn start(
        after: Duration,
        work: impl FnOnce(Duration) + Send + 'static,
    ) -> Timer {
        let start = Instant::now();
        let (keep, kept) = mpsc::channel::<Infallible>();
        let thread = thread::spawn(move || match kept.recv_timeout(after) {
            Err(RecvTimeoutError::Timeout) => {
                work(start.elapsed());
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
        });
        Timer { keep: Some(keep), thread }
    }

    fn call_off(&mut self) {
        self.keep = None;
    }

    /// Waits for its end; whether it has fired.
    fn has_fired(self) -> bool {
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

fn main() {
    println!("main: starts a timer of {} ms", EARLY.as_millis());
    let mut early = Timer::start(EARLY, |passed| {
        println!("early: fires after {} ms", passed.as_millis());
    });
    while !early.thread.is_finished() {
        thread::yield_now();
    }
    early.call_off();
    println!("main: called off too late, it has fired: {}", early.has_fired());

    let mut late = Timer::start(LATE, |passed| {
        println!("late: fires after {} ms", passed.as_millis());
    });
    late.call_off();
    let (limit, fired) = (LATE.as_millis(), late.has_fired());
    println!("main: one of {limit} ms called off, it has fired: {fired}");
}
