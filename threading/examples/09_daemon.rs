//! Daemon: a background thread does not keep the process alive.
//!
//! Python: `Thread(daemon=True)`, in `09_daemon.py`.
//! Notes: N0:342.
//!
//! When `main` returns, the process ends, and every thread still running is cut
//! off where it stands. In Rust all threads are like that, and dropping the
//! handle without `join` is how to say so; in Python only daemon threads are,
//! and the interpreter joins all others at its end. Cut off means: no
//! unwinding, no destructor, no `finally`, a file half written. So use it for
//! work that may be lost at any moment, and tell all other threads to stop and
//! join them. A daemon dies with the process, not with the thread that started
//! it.
//!
//! Here the thread is in the middle of round 2 when main returns: it says that
//! the round has begun and then waits for main, which never comes. Its
//! destructor does not run: no line says "tidied up".
//!
//! ```text,expect
//! background: round 1 begins
//! background: round 1 ends
//! background: round 2 begins
//! main: returns
//! ```
//!
//! Break it: `1..` => `1..=2`, `drop(background);` =>
//! `STEP.wait(); let _ = background.join();`

use std::sync::Barrier;
use std::thread;

/// Main walks the background thread through its rounds.
static STEP: Barrier = Barrier::new(2);

struct TidyUp;

impl Drop for TidyUp {
    fn drop(&mut self) {
        println!("background: tidied up");
    }
}

fn main() {
    let background = thread::spawn(|| {
        let _tidy_up = TidyUp;
        for round in 1.. {
            println!("background: round {round} begins");
            STEP.wait();
            STEP.wait();
            println!("background: round {round} ends");
        }
    });
    STEP.wait(); // round 1 has begun
    STEP.wait(); // and may end
    STEP.wait(); // round 2 has begun
    drop(background); // nobody will join it
    println!("main: returns");
}
