//! Sync against async: three waits one after the other, or all at once.
//!
//! Python: `time.sleep` against `asyncio.sleep`, in `05_sync_vs_async.py`.
//! Notes: N0:147, N0:1130, N4:1091, N4:1127, N4:1151.
//!
//! The blocking count holds its thread while it waits, so three take three
//! waits. The async one gives its thread back at each `await`, so that all
//! three are waiting at the same moment, still on one thread. It pays for work
//! that waits (network, timers, other programs), not for work that computes.
//! Every wait on the way must be an async one: a single blocking call stops
//! them all, and neither language moves it elsewhere by itself.
//!
//! The clock is the real one here. How long it took is shown, but only that it
//! was not shorter than the waits is checked. That they overlapped is told by
//! the order of the lines: one thread, and no `Two` before the third `One`.
//!
//! ```text,expect
//! sync: One
//! sync: Two
//! sync: One
//! sync: Two
//! sync: One
//! sync: Two
//! main: {:int 60..} ms
//! async: One
//! async: One
//! async: One
//! async: Two
//! async: Two
//! async: Two
//! main: {:int 20..} ms
//! ```
//!
//! Break it: `tokio::time::sleep(PAUSE).await;` => `thread::sleep(PAUSE);`
//! Break it: `tokio::join!(count(), count(), count());` =>
//! `for _ in 0..3 { count().await; }`

use std::thread;
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(20);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let start = Instant::now();
    for _ in 0..3 {
        count_blocking();
    }
    println!("main: {} ms", start.elapsed().as_millis());

    let start = Instant::now();
    tokio::join!(count(), count(), count());
    println!("main: {} ms", start.elapsed().as_millis());
}

fn count_blocking() {
    println!("sync: One");
    thread::sleep(PAUSE);
    println!("sync: Two");
}

async fn count() {
    println!("async: One");
    tokio::time::sleep(PAUSE).await;
    println!("async: Two");
}
