//! Once: many threads come, one initialises, all see the value.
//!
//! Python: a lock and a second look, in `21_once.py`; there is no `Once`.
//! Notes: none.
//!
//! A value that is costly to make and needed by all is made by the thread that
//! needs it first; the others wait for it and share it. Use `OnceLock` where
//! the caller says how the value is made, as here, and `LazyLock` where the
//! value says so itself (`lazy_static_value`). After the first time it costs
//! one `Acquire` load. If the initialiser panics, a `OnceLock` stays empty and
//! the next caller tries again; a `LazyLock` stays poisoned. An initialiser
//! that asks for its own value waits for itself (`once_reentry`).
//!
//! Python has no such primitive. `functools.cache` keeps its table intact, but
//! two threads that miss at the same time both call the function. What remains
//! is a lock, with a look before it and a second one under it; or a module
//! global, as an import runs once, under a lock of its own.
//!
//! Eight workers meet at a barrier and ask at once. The first one stays in the
//! initialiser until main has looked: the value is not there, and no second
//! worker comes to make it.
//!
//! ```text,expect
//! @threads
//! @peak 8 threads
//! main: 8 workers want the settings
//! @any
//! worker {first:int 0..7}: reads the file  #read
//! main: worker {first:int 0..7} reads, a second in 50 ms: false  #read
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
//! main: all see the same value: true
//! ```
//!
//! Break it: `settings.get_or_init(|| read(worker))` => `&read(worker)`,
//! `std::ptr::from_ref(settings).addr()` => `settings.len()`
//! Break it: `settings.get_or_init(|| read(worker))` => `{ if
//! settings.get().is_none() { let _ = settings.set(read(worker)); }
//! settings.wait() }`
//! Break it (Python): `with self.lock:` => `if True:`
//! Break it (Python): `if self.value is None:  # still` => `if True:`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::{Barrier, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use sync_primitives::Event;

const LIMIT: Duration = Duration::from_millis(50);

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: 8 workers want the settings");
    let settings: OnceLock<String> = OnceLock::new();
    let all_here = Barrier::new(8);
    let (begin, begun) = mpsc::channel();
    let go_on = Event::new();
    let read = |worker: usize| {
        println!("worker {worker}: reads the file");
        begin.send(worker).expect("main waits for it");
        go_on.wait();
        "port 8080".to_string()
    };
    let work = |worker: usize| {
        all_here.wait();
        let settings = settings.get_or_init(|| read(worker));
        println!("worker {worker}: sees {settings}");
        std::ptr::from_ref(settings).addr()
    };
    thread::scope(|s| -> Result<(), Box<dyn Error>> {
        let work = &work;
        let workers = [0, 1, 2, 3, 4, 5, 6, 7]
            .map(|worker| s.spawn(move || work(worker)));
        let first = begun.recv()?;
        let second = begun.recv_timeout(LIMIT).is_ok();
        match settings.get() {
            None => println!(
                "main: worker {first} reads, a second in 50 ms: {second}"
            ),
            Some(settings) => println!("main: sees {settings}"),
        }
        go_on.set();
        let seen = workers
            .map(|w| w.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let same = seen.iter().all(|place| *place == seen[0]);
        println!("main: all see the same value: {same}");
        Ok(())
    })
}
