//! Once, reentered: an initialiser that asks for its own value.
//!
//! Python: a value made under a lock, in `33_once_reentry.py`.
//! Reported: rust-lang-nursery/lazy-static.rs#116, rayon-rs/rayon#1251.
//! Symptom: it hangs: the first use of a lazy static never returns.
//!
//! The initialiser of a `OnceLock` or `LazyLock` calls something that asks for
//! the same value: a logger that reads the settings, or a thread pool whose
//! workers do. The value is there only when the initialiser returns, and it
//! does not return. Nothing prevents it; std does not say whether it hangs or
//! panics. In Python a lock around the first use hangs in the same way, an
//! `RLock` lets the initialiser recurse, and a circular import sees a module
//! half made.
//!
//! Here the initialiser asks through a helper thread and waits for it with a
//! limit, so the program goes on. The cure: pass along what is needed while the
//! value is being made.
//!
//! ```text,expect
//! @threads
//! @peak 1..2 threads
//! main: makes the settings, the helper asks the cell
//! main: the helper has answered in time: false
//! main: the cell has a value: false
//! helper 1: logs to port 8080
//! main: the settings are port 8080
//! main: makes the settings, the helper is told
//! helper 2: logs to port 8080
//! main: the helper has answered in time: true
//! main: the settings are port 8080
//! ```
//!
//! Break it: `log(1, cell.wait())` => `log(1, "port 8080")`
//! Break it: `log(2, &made_so_far)` => `log(2, cell.wait())`,
//! `from_secs(8)` => `from_millis(50)`
//! Break it (Python): `log(1, cell.get_or_make(never))` =>
//! `log(1, "port 8080")`
//! Break it (Python): `log(2, settings)` =>
//! `log(2, cell.get_or_make(never))`,
//! `LONG = 8.0` => `LONG = 0.05`

use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(8);

fn main() {
    let cell: OnceLock<String> = OnceLock::new();
    let (answer, answered) = mpsc::channel();
    thread::scope(|s| {
        let settings = cell.get_or_init(|| {
            println!("main: makes the settings, the helper asks the cell");
            s.spawn(|| {
                log(1, cell.wait());
                answer.send(()).expect("main waits for the answer");
            });
            let in_time = answered.recv_timeout(SHORT).is_ok();
            println!("main: the helper has answered in time: {in_time}");
            println!("main: the cell has a value: {}", cell.get().is_some());
            "port 8080".into()
        });
        answered.recv().expect("the helper answers now");
        println!("main: the settings are {settings}");
    });

    let cell: OnceLock<String> = OnceLock::new();
    let (answer, answered) = mpsc::channel();
    thread::scope(|s| {
        let settings = cell.get_or_init(|| {
            println!("main: makes the settings, the helper is told");
            let settings = String::from("port 8080");
            let made_so_far = settings.clone();
            s.spawn(|| {
                let made_so_far = made_so_far;
                log(2, &made_so_far);
                answer.send(()).expect("main waits for the answer");
            });
            let in_time = answered.recv_timeout(LONG).is_ok();
            println!("main: the helper has answered in time: {in_time}");
            settings
        });
        println!("main: the settings are {settings}");
    });
}

fn log(helper: u32, settings: &str) {
    println!("helper {helper}: logs to {settings}");
}
