//! Cache stampede: all miss one key at once, and all compute it.
//!
//! Python: a dict of futures, in `46_cache_stampede.py`.
//! Reported: tkem/cachetools#294.
//! Symptom: it is slow: every thread computes what one could have computed.
//!
//! A cache looks the key up, computes on a miss, and stores the result. The
//! lookup and the store are locked; the computation between them is not, and
//! must not be, or one slow key would block all others. So all threads that
//! miss the key before the first has stored it compute it too: the database
//! gets a thousand equal queries just when the cache is cold. It is
//! `check_then_act` with a costly act, and nothing in either language prevents
//! it; Python's `functools.cache` does the same.
//!
//! The cure is a cell for each key. The cell is made under the lock, in no
//! time. The first thread computes into it, the others wait for that cell
//! alone: `OnceLock` in Rust, a `Future` in Python. If the computation fails,
//! the next caller tries again in Rust; in Python the error goes to all who
//! wait. In both rounds all four have looked before anybody computes. (That the
//! lookup itself is locked cannot be seen here: it is too short.)
//!
//! ```text,expect
//! @threads
//! @peak 4.. threads
//! main: look, compute, store: 4 looked, 4 missed, 4 computed, got 42 42 42 42
//! main: a cell for each key: 4 looked, 4 missed, 1 computed, got 42 42 42 42
//! ```
//!
//! Break it: `*cell.get_or_init(|| compute(computed))` => `compute(computed)`
//! Break it: `let value = compute(computed);` => `let value = 42;`
//! Break it (Python): `if is_first:` => `if cell := Future():`
//! Break it (Python): `value = compute(computed)` => `value = 42`

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier, Mutex, OnceLock};
use std::thread;

const THREADS: usize = 4;

fn compute(computed: &AtomicUsize) -> u32 {
    computed.fetch_add(1, Relaxed);
    42
}

/// Has four threads ask for one key at the same time.
fn run(name: &str, get: impl Fn(&Barrier, &AtomicUsize) -> (bool, u32) + Sync) {
    let all_looked = Barrier::new(THREADS);
    let computed = AtomicUsize::new(0);
    let got: Vec<(bool, u32)> = thread::scope(|s| {
        let ask = || s.spawn(|| get(&all_looked, &computed));
        let threads: Vec<_> = (0..THREADS).map(|_| ask()).collect();
        let join = |thread: thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    });
    let missed = got.iter().filter(|(missed, _)| *missed).count();
    let values: Vec<_> = got.iter().map(|(_, v)| v.to_string()).collect();
    println!(
        "main: {name}: {} looked, {missed} missed, {} computed, got {}",
        got.len(),
        computed.into_inner(),
        values.join(" ")
    );
}

fn main() {
    let cache = Mutex::new(HashMap::new());
    run("look, compute, store", |all_looked, computed| {
        let found = cache.lock().expect("no holder panics").get("key").copied();
        all_looked.wait();
        let value = found.unwrap_or_else(|| {
            let value = compute(computed);
            cache.lock().expect("no holder panics").insert("key", value);
            value
        });
        (found.is_none(), value)
    });

    let cache: Mutex<HashMap<_, Arc<OnceLock<u32>>>> = Mutex::default();
    run("a cell for each key", |all_looked, computed| {
        let mut cells = cache.lock().expect("no holder panics");
        let cell = Arc::clone(cells.entry("key").or_default());
        drop(cells);
        let missed = cell.get().is_none();
        all_looked.wait();
        (missed, *cell.get_or_init(|| compute(computed)))
    });
}
