//! Lock timeout: wait for a lock, but not forever.
//!
//! Python: `lock.acquire(timeout=0.02)`, in `14_lock_timeout.py`.
//! Notes: N0:662.
//!
//! A bounded wait returns without the lock when the time is over. Use it where
//! a caller must get an answer in any case, or as the last resort against a
//! deadlock: the thread that gives up releases what it holds, and the others go
//! on. It hides a wrong lock order rather than mending it (`lock_ordering`).
//! std's mutex has no bounded wait. parking_lot's has, and it returns the guard
//! without a `Result`, as it knows no poisoning.
//!
//! Main holds the printer until bob has given up. Then bob waits a second time,
//! with more patience, and gets it.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: has the printer
//! bob: waits for up to 20 ms
//! bob: gave up after {:int 20..} ms
//! @lanes
//! main: gives the printer back  #back
//! bob: waits for up to 8000 ms
//! bob: has the printer  #has
//! @end
//! @before back has
//! main: bob has gone, the printer is free: true
//! ```
//!
//! Break it: `let held = printer.lock();` => `let held = ();`
//! Break it: `drop(held);` => `std::mem::forget(held);`,
//! `from_millis(8_000)` => `from_millis(40)`
//! Break it (Python): `printer.acquire()  # main` => `pass`,
//! `printer.release()  # main` => `pass`
//! Break it (Python): `printer.release()  # main` => `pass`,
//! `LONG = 8.0` => `LONG = 0.04`

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_millis(8_000);

fn main() {
    let printer = Mutex::new(());
    let gave_up = Barrier::new(2);
    thread::scope(|s| {
        let held = printer.lock();
        println!("main: has the printer");
        s.spawn(|| {
            wait_for(&printer, SHORT);
            gave_up.wait();
            wait_for(&printer, LONG);
        });
        gave_up.wait();
        println!("main: gives the printer back");
        drop(held);
    });
    let free = printer.try_lock().is_some();
    println!("main: bob has gone, the printer is free: {free}");
}

fn wait_for(printer: &Mutex<()>, patience: Duration) {
    println!("bob: waits for up to {} ms", patience.as_millis());
    let asked = Instant::now();
    match printer.try_lock_for(patience) {
        Some(_) => println!("bob: has the printer"),
        None => {
            println!("bob: gave up after {} ms", asked.elapsed().as_millis());
        }
    }
}
