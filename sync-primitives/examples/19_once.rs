//! Once: many threads come, one initialises, all see it.
//!
//! Python: a lock and a second look, in `19_once.py`; there is no `Once`.
//! Notes: none.
//!
//! Something dear that all need is made by whoever needs it first; the others
//! wait until it is there and then share it. Reach for `LazyLock` where the
//! value says itself how it is made, as a `static` does, and for `OnceLock`
//! where the caller says so, as here. After the first time it costs one
//! `Acquire` load. If the initialiser panics, the next caller of a `OnceLock`
//! tries again, while a `LazyLock` stays poisoned.
//!
//! Python has no such primitive. `functools.cache` keeps its table whole among
//! threads, but two that miss at the same time both call the function. What is
//! left is a lock, with a look before it and another once it is held; or a
//! module global, for an import runs once, under a lock of its own.
//!
//! Eight workers meet at a barrier and ask all at once. The one that came first
//! stays in the initialiser until main has looked and found nothing in the
//! cell: half a value is never seen.
//!
//! ```text,expect
//! main: 8 workers want the settings
//! @any
//! worker {:int 0..7}: reads them  #read
//! main: one is reading, nothing to see yet  #read
//! worker 0: sees port 8080  #seen
//! worker 1: sees port 8080  #seen
//! worker 2: sees port 8080  #seen
//! worker 3: sees port 8080  #seen
//! worker 4: sees port 8080  #seen
//! worker 5: sees port 8080  #seen
//! worker 6: sees port 8080  #seen
//! worker 7: sees port 8080  #seen
//! @end
//! @before read seen
//! main: times read: 1
//! ```
//!
//! Break it: `settings.get_or_init(|| read(worker))` => `&read(worker)`

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Barrier, OnceLock};
use std::thread;

use sync_primitives::Event;

fn main() {
    println!("main: 8 workers want the settings");
    let settings: OnceLock<String> = OnceLock::new();
    let times_read = AtomicU32::new(0);
    let (reading, go_on) = (Event::new(), Event::new());
    let read = |worker: usize| {
        println!("worker {worker}: reads them");
        times_read.fetch_add(1, Relaxed);
        reading.set();
        go_on.wait();
        "port 8080".to_string()
    };
    let all_here = Barrier::new(8);
    let work = |worker: usize| {
        all_here.wait();
        let settings = settings.get_or_init(|| read(worker));
        println!("worker {worker}: sees {settings}");
    };
    thread::scope(|s| {
        for worker in 0..8 {
            let work = &work;
            s.spawn(move || work(worker));
        }
        reading.wait();
        match settings.get() {
            None => println!("main: one is reading, nothing to see yet"),
            Some(settings) => println!("main: sees {settings}"),
        }
        go_on.set();
    });
    println!("main: times read: {}", times_read.into_inner());
}
