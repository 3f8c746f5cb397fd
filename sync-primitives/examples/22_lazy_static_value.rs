//! Lazy static value: made by the first that needs it, read by all.
//!
//! Python: `functools.cache` under a lock, in `22_lazy_static_value.py`.
//! Notes: none.
//!
//! A value for the whole program that cannot be built at compile time: settings
//! from a file, a compiled pattern, a table. `static NAME: LazyLock<T>` makes
//! it at its first use, in the thread that comes first; threads that come
//! meanwhile wait. Later uses are one atomic load and no lock, and every thread
//! gets the same `&'static T`. If the initialiser panics, the value is poisoned
//! for good, and each later use panics, too.
//!
//! Use `LazyLock` where the initialiser needs nothing from its caller, and
//! `OnceLock` where it does (`once`). Older programs use the crates lazy_static
//! and once_cell for both. A value that changes later stands in a `Mutex` or
//! an atomic inside.
//!
//! Python's usual answer is a module global: an import runs once, under a lock.
//! It runs at the import, whether or not the value is needed. `functools.cache`
//! waits for the first call, but two threads that come at once both make the
//! value, so the sibling adds a lock.
//!
//! ```text,expect
//! @threads
//! @peak 4 threads
//! main: made so far: 0
//! @any
//! worker {first:int 0..3}: makes the settings  #made
//! main: worker {first:int 0..3} makes them, a second in 50 ms: false  #made
//! worker 0: sees port 8080  #seen
//! worker 1: sees port 8080  #seen
//! worker 2: sees port 8080  #seen
//! worker 3: sees port 8080  #seen
//! @end
//! @before made seen
//! main: made so far: 1
//! main: one value for all: true
//! ```
//!
//! Break it: `let settings: &'static String = &SETTINGS;` =>
//! `let settings: &'static String = Box::leak(Box::new(make()));`
//! Break it (Python): `with lock:  # one at a time` => `if True:`
//! Break it (Python): `@functools.cache` => ``

use std::panic::resume_unwind;
use std::ptr;
use std::sync::{Barrier, Condvar, LazyLock, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

static SETTINGS: LazyLock<String> = LazyLock::new(make);

static MAKERS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static COMES: Condvar = Condvar::new();
static GO_ON: OnceLock<()> = OnceLock::new();

const FINE: &str = "no holder panics";
const LIMIT: Duration = Duration::from_millis(50);

/// Stays here until main has looked.
fn make() -> String {
    let worker = thread::current().name().unwrap_or("nobody").to_string();
    println!("{worker}: makes the settings");
    MAKERS.lock().expect(FINE).push(worker);
    COMES.notify_one();
    GO_ON.wait();
    "port 8080".into()
}

fn main() -> std::io::Result<()> {
    let made = || MAKERS.lock().expect(FINE).len();
    println!("main: made so far: {}", made());
    let all_here = Barrier::new(4);
    let work = |worker: usize| {
        all_here.wait();
        let settings: &'static String = &SETTINGS;
        println!("worker {worker}: sees {settings}");
        settings
    };
    let seen = thread::scope(|s| -> std::io::Result<Vec<&String>> {
        let mut workers = Vec::new();
        for worker in 0..4 {
            let thread =
                thread::Builder::new().name(format!("worker {worker}"));
            let work = &work;
            workers.push(thread.spawn_scoped(s, move || work(worker))?);
        }
        let first = COMES
            .wait_while(MAKERS.lock().expect(FINE), |makers| makers.is_empty())
            .expect(FINE);
        let (makers, _) = COMES
            .wait_timeout_while(first, LIMIT, |makers| makers.len() < 2)
            .expect(FINE);
        println!(
            "main: {} makes them, a second in 50 ms: {}",
            makers[0],
            makers.len() > 1
        );
        drop(makers);
        GO_ON.get_or_init(|| ());
        let seen = workers
            .into_iter()
            .map(|w| w.join().unwrap_or_else(|panic| resume_unwind(panic)));
        Ok(seen.collect())
    })?;
    println!("main: made so far: {}", made());
    let one = seen.iter().all(|value| ptr::eq(*value, seen[0]));
    println!("main: one value for all: {one}");
    Ok(())
}
