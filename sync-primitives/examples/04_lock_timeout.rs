//! Lock timeout: wait for a lock, but not for ever.
//!
//! Python: `lock.acquire(timeout=0.02)`, in `04_lock_timeout.py`.
//! Notes: N0:655.
//!
//! A bounded wait returns without the lock when the time is over. Reach for it
//! where a caller must get an answer in any case, or to break a deadlock: who
//! gives up lets go of what he holds and so lets the others on. Never take it
//! for a cure: the order of the locks was wrong before and is wrong after
//! (`lock_ordering`). std's mutex cannot do it; parking_lot's can, and hands
//! out the guard without a `Result`, as it knows no poisoning.
//!
//! Main holds the printer until bob has given up, so that he does on every run,
//! and lets go before he asks again, so that he then gets it.
//!
//! ```text,expect
//! main: has the printer
//! bob: gave up after {:int 20..} ms
//! main: done with the printer
//! bob: has the printer
//! ```
//!
//! Break it: `printer.lock()` => `drop(printer.lock())`
//! Break it: `drop(held);` => `std::mem::forget(held);`

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

const PATIENCE: Duration = Duration::from_millis(20);

fn main() {
    let printer = Mutex::new(());
    let gave_up = Barrier::new(2);
    let let_go = Barrier::new(2);
    thread::scope(|s| {
        let held = printer.lock();
        println!("main: has the printer");
        s.spawn(|| {
            let asked = Instant::now();
            match printer.try_lock_for(PATIENCE) {
                Some(_) => println!("bob: has the printer at once"),
                None => {
                    let waited = asked.elapsed().as_millis();
                    println!("bob: gave up after {waited} ms");
                }
            }
            gave_up.wait();
            let_go.wait();
            match printer.try_lock_for(PATIENCE) {
                Some(_) => println!("bob: has the printer"),
                None => println!("bob: gave up again"),
            }
        });
        gave_up.wait();
        println!("main: done with the printer");
        drop(held);
        let_go.wait();
    });
}
