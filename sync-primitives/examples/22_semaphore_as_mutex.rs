//! Semaphore as a mutex: one permit, given back by another thread.
//!
//! Python: `threading.Semaphore(1)`, in `22_semaphore_as_mutex.py`.
//! Notes: N2:362.
//!
//! One permit lets one in, as a mutex does. But a locked mutex belongs to the
//! thread that locked it, and a permit to no thread: who took it may hand it
//! on, with the work it protects, and another gives it back. Here main takes
//! the permit before it hands out a page, and the printer gives it back when
//! the page is done; only then can main take it for the next. Reach for it when
//! a job begins in one thread and ends in another, and for a mutex otherwise:
//! without an owner nobody notices a release too many (see
//! `bounded_semaphore`).
//!
//! Rust keeps a mutex from this use: a `MutexGuard` is not `Send`, so a thread
//! that is given one does not compile (E0277, as for the guard in
//! `src/reentrant_lock.rs`). Python's `Lock` has no owner either and may be
//! released by any thread, as one permit may; only its `RLock` refuses.
//!
//! ```text,expect
//! main: 1 permit, 2 pages
//! main: took the permit for page 1
//! main: no second permit
//! printer: page 1 done, gives the permit back
//! main: took the permit for page 2
//! main: no second permit
//! printer: page 2 done, gives the permit back
//! main: the permit is back: true
//! ```
//!
//! Break it: `Semaphore::new(1)` => `Semaphore::new(2)`
//! Break it: `drop(permit);` => `if page == 2 { std::mem::forget(permit); }`

use std::sync::mpsc;
use std::thread;

use sync_primitives::Semaphore;

fn main() {
    println!("main: 1 permit, 2 pages");
    let semaphore = Semaphore::new(1);
    let (to_printer, pages) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(|| {
            for (page, permit) in pages {
                println!("printer: page {page} done, gives the permit back");
                drop(permit);
            }
        });
        for page in [1, 2] {
            let permit = semaphore.acquire();
            println!("main: took the permit for page {page}");
            match semaphore.try_acquire() {
                None => println!("main: no second permit"),
                Some(_) => println!("main: a second permit"),
            }
            let job = (page, permit);
            to_printer.send(job).expect("the printer takes every page");
        }
        drop(to_printer); // the printer's loop ends
    });
    let back = semaphore.try_acquire().is_some();
    println!("main: the permit is back: {back}");
}
