//! Semaphore as a mutex: one permit, given back by another thread.
//!
//! Python: `threading.Semaphore(1)`, in `07_semaphore_as_mutex.py`.
//! Notes: N2:360, N2:362.
//!
//! One permit lets one thread in, as a mutex does. But a locked mutex belongs
//! to the thread that locked it, and a permit belongs to no thread: it may be
//! handed on with the work that it protects, and given back elsewhere. Here
//! main takes the permit before it hands out a page, and the printer gives it
//! back when the page is done; only then can main take it for the next page.
//! Use it when a job begins in one thread and ends in another, and a mutex
//! otherwise: without an owner nobody notices a release too many
//! (`bounded_semaphore`).
//!
//! Rust keeps a mutex from this use: a `MutexGuard` is not `Send`, so giving it
//! to another thread does not compile (E0277). Python's `Lock` has no owner
//! either, and any thread may release it; only its `RLock` refuses.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: 1 permit
//! main: took the permit for page 1, a second permit: false
//! printer: page 1 done, gives the permit back
//! main: took the permit for page 2, a second permit: false
//! printer: page 2 done, gives the permit back
//! main: permits that are back: 1
//! ```
//!
//! Break it: `Semaphore::new(1)` => `Semaphore::new(2)`
//! Break it: `drop(permit);` => `if page == 2 { std::mem::forget(permit); }`
//! Break it (Python): `threading.Semaphore(1)` => `threading.Semaphore(2)`
//! Break it (Python): `turn.release()  # the printer` =>
//! `page == 1 and turn.release()`

use std::sync::mpsc;
use std::thread;

use sync_primitives::Semaphore;

fn main() {
    let turn = Semaphore::new(1);
    println!("main: {} permit", turn.available());
    let (to_printer, pages) = mpsc::channel();
    thread::scope(|s| {
        s.spawn(|| {
            for (page, permit) in pages {
                println!("printer: page {page} done, gives the permit back");
                drop(permit);
            }
        });
        for page in [1, 2] {
            let permit = turn.acquire();
            let second = turn.try_acquire().is_some();
            println!(
                "main: took the permit for page {page}, \
                 a second permit: {second}"
            );
            let job = (page, permit);
            to_printer.send(job).expect("the printer takes every page");
        }
        drop(to_printer); // the printer's loop ends
    });
    println!("main: permits that are back: {}", turn.available());
}
