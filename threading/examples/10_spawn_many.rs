//! Spawn many: a join in the starting loop makes it serial.
//!
//! Python: the same two loops, in `10_spawn_many.py`.
//! Notes: N4:370, N4:563, N4:594.
//!
//! `join` right after `spawn` waits for each thread before the next begins:
//! never two alive, n times the time, and nothing gained over a plain call.
//! Start all, keep the handles, then join them all: now they run side by side.
//! The threads of the second part prove it by meeting at a barrier that none
//! can pass before all five have come, whatever the clock says. The notes'
//! figure, the longest single wait instead of the sum, holds for threads that
//! sleep; five threads that compute share the cores there are. A lazy iterator
//! hides the same trap in Rust: `(0..5).map(spawn).for_each(join)` starts and
//! joins one by one; `collect` the handles first. The notes start their threads
//! by a list comprehension for its side effect; a `for` loop says the same
//! without the list.
//!
//! ```text,expect
//! main: one by one, 5 waits of 20 ms
//! main: at most 1 alive, {:int 100..} ms in all
//! main: all together, 5 waits of 20 ms
//! main: at most 5 alive, {:int 20..} ms in all, 1 meeting
//! ```
//!
//! Break it: `thread.join().map_err(|_| "a thread panicked")?` =>
//! `drop(thread)`
//! Break it: `Barrier::new(5)` => `Barrier::new(1)`

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

static ALIVE: AtomicU32 = AtomicU32::new(0);
static PEAK: AtomicU32 = AtomicU32::new(0);
static MEETING: Barrier = Barrier::new(5);

fn nap() {
    let alive = ALIVE.fetch_add(1, Relaxed) + 1;
    PEAK.fetch_max(alive, Relaxed);
    thread::sleep(Duration::from_millis(20));
    ALIVE.fetch_sub(1, Relaxed);
}

fn meet_and_nap() -> bool {
    let alive = ALIVE.fetch_add(1, Relaxed) + 1;
    PEAK.fetch_max(alive, Relaxed);
    let leads = MEETING.wait().is_leader();
    thread::sleep(Duration::from_millis(20));
    ALIVE.fetch_sub(1, Relaxed);
    leads
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: one by one, 5 waits of 20 ms");
    let begun = Instant::now();
    for _ in 0..5 {
        let thread = thread::spawn(nap);
        thread.join().map_err(|_| "a thread panicked")?;
    }
    let peak = PEAK.swap(0, Relaxed);
    let took = begun.elapsed().as_millis();
    println!("main: at most {peak} alive, {took} ms in all");

    println!("main: all together, 5 waits of 20 ms");
    let begun = Instant::now();
    let threads: Vec<_> = (0..5).map(|_| thread::spawn(meet_and_nap)).collect();
    let mut meetings = 0;
    for thread in threads {
        let leads = thread.join().map_err(|_| "a runner panicked")?;
        meetings += u32::from(leads);
    }
    let peak = PEAK.swap(0, Relaxed);
    let took = begun.elapsed().as_millis();
    println!(
        "main: at most {peak} alive, {took} ms in all, {meetings} meeting"
    );
    Ok(())
}
