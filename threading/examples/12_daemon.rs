//! Daemon: a background thread does not keep the process alive.
//!
//! Python: `Thread(daemon=True)`, in `12_daemon.py`.
//! Notes: N0:342.
//!
//! When `main` returns, the process ends, and every thread still running is cut
//! off where it stands. In Rust all threads are like that; dropping the handle
//! without `join` says so. In Python only daemon threads are; the interpreter
//! joins all others at its end. Cut off means: no unwinding, no destructor, no
//! `finally`, a file half written. So use it only for work that may be lost at
//! any moment; tell all other threads to stop, and join them. A daemon dies
//! with the process, not with the thread that started it.
//!
//! Two threads run the same function. The helper does one round, is joined, and
//! tidies up. The background thread has begun its second round when main
//! returns, and waits for main, which never comes: its destructor does not run.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! helper: round 1 begins
//! helper: round 1 ends
//! helper: tidied up
//! background: round 1 begins
//! background: round 1 ends
//! background: round 2 begins
//! main: returns
//! ```
//!
//! Break it: `1..usize::MAX` => `1..3`, `drop(background);` =>
//! `STEP.wait(); let _ = background.join();`
//! Break it: `helper.join().unwrap_or_else(|panic| resume_unwind(panic));` =>
//! `drop(helper);`, `use std::panic::resume_unwind;` => ``
//! Break it: `let _tidy_up = TidyUp(name);` => ``
//! Break it (Python): `helper.join()` => `pass`
//! Break it (Python): `itertools.count(1), daemon=True` =>
//! `range(1, 3), daemon=False`, `print("main: returns")` =>
//! `STEP.wait(); background.join(); print("main: returns")`

use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

/// Main walks a thread through its rounds.
static STEP: Barrier = Barrier::new(2);

struct TidyUp(&'static str);

impl Drop for TidyUp {
    fn drop(&mut self) {
        thread::sleep(Duration::from_millis(20)); // main waits, if it joins
        println!("{}: tidied up", self.0);
    }
}

fn work(name: &'static str, rounds: Range<usize>) {
    let _tidy_up = TidyUp(name);
    for round in rounds {
        println!("{name}: round {round} begins");
        STEP.wait();
        STEP.wait();
        println!("{name}: round {round} ends");
    }
}

fn main() {
    let helper = thread::spawn(|| work("helper", 1..2));
    STEP.wait();
    STEP.wait();
    helper.join().unwrap_or_else(|panic| resume_unwind(panic));

    let background = thread::spawn(|| work("background", 1..usize::MAX));
    STEP.wait(); // round 1 has begun
    STEP.wait(); // and may end
    STEP.wait(); // round 2 has begun
    drop(background); // nobody will join it
    println!("main: returns");
}
