//! Spawn many: a join in the starting loop makes it serial.
//!
//! Python: the same two loops, in `08_spawn_many.py`.
//! Notes: N4:370, N4:563, N4:594.
//!
//! `join` right after `spawn` waits for each thread before the next one begins:
//! never two alive, n times the time, and nothing gained over a plain call.
//! Start all, keep the handles, then join them all: now they run side by side.
//! A lazy iterator hides the same trap in Rust:
//! `(0..5).map(spawn).for_each(join)` starts and joins one by one; `collect`
//! the handles first. The threads of the second loop prove that they are all
//! alive: they meet at a barrier that none can pass before all have come,
//! whatever the clock says. A barrier for one stops nobody, so the first loop
//! runs the same function.
//!
//! In the notes: "the longest single wait instead of the sum". That holds for
//! threads that sleep; five threads that compute share the cores. A list
//! comprehension starts the threads for its side effect; a `for` loop says the
//! same without the list. One loop mixes tabs and spaces (TabError).
//!
//! ```text,expect
//! @threads
//! @peak 5.. threads
//! main: one by one, 5 waits of 20 ms
//! main: at most 1 alive, {:int 100..} ms in all, meetings 5
//! main: all together, 5 waits of 20 ms
//! main: at most 5 alive, {:int 20..} ms in all, meetings 1
//! ```
//!
//! Break it: `met += join(nap(&alone));` => `naps.push(nap(&alone));`,
//! `let mut met = 0;` => `let mut met = 0; let mut naps = Vec::new();`,
//! `println!("main: all` =>
//! `naps.into_iter().map(join).for_each(drop); println!("main: all`
//! Break it: `Barrier::new(THREADS)` => `Barrier::new(1)`
//! Break it: `.collect::<Vec<_>>()` => ``, `Barrier::new(THREADS)` =>
//! `Barrier::new(1)`
//! Break it (Python): `one.join()` => `pass`
//! Break it (Python): `Crowd(THREADS)` => `Crowd(1)`

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const THREADS: usize = 5;
const WAIT: Duration = Duration::from_millis(20);

static ALIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// A thread that meets the others and waits; 1 from whoever leads the meeting.
fn nap(meeting: &Arc<Barrier>) -> JoinHandle<u32> {
    let meeting = Arc::clone(meeting);
    thread::spawn(move || {
        PEAK.fetch_max(ALIVE.fetch_add(1, Relaxed) + 1, Relaxed);
        let leads = meeting.wait().is_leader();
        thread::sleep(WAIT);
        ALIVE.fetch_sub(1, Relaxed);
        u32::from(leads)
    })
}

fn join(thread: JoinHandle<u32>) -> u32 {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn report(begun: Instant, met: u32) {
    let took = begun.elapsed().as_millis();
    let peak = PEAK.swap(0, Relaxed);
    println!("main: at most {peak} alive, {took} ms in all, meetings {met}");
}

fn main() {
    println!("main: one by one, {THREADS} waits of {} ms", WAIT.as_millis());
    let alone = Arc::new(Barrier::new(1));
    let begun = Instant::now();
    let mut met = 0;
    for _ in 0..THREADS {
        met += join(nap(&alone));
    }
    report(begun, met);

    println!("main: all together, {THREADS} waits of {} ms", WAIT.as_millis());
    let meeting = Arc::new(Barrier::new(THREADS));
    let begun = Instant::now();
    let threads = (0..THREADS).map(|_| nap(&meeting)).collect::<Vec<_>>();
    let met = threads.into_iter().map(join).sum();
    report(begun, met);
}
