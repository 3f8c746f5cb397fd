//! Sync against async: three waits one after the other, or all at once.
//!
//! Python: `time.sleep` against `asyncio.sleep`, in `05_sync_vs_async.py`.
//! Notes: N0:147, N0:1130, N4:1107, N4:1127, N4:1151.
//!
//! A blocking wait keeps its thread, so three take three waits. An async wait
//! gives the thread back at its `await`, so all three wait at the same moment,
//! still on one thread. That pays for work that waits (network, timers, other
//! programs), not for work that computes. Every wait on the way must be an
//! async one: a single blocking call stops all tasks of the loop, and neither
//! language moves it elsewhere by itself (see `blocking_the_loop`).
//!
//! The clock is the real one. The check asks only that the time is not shorter
//! than the waits. The order of the lines proves that they overlapped: no `Two`
//! comes before the third `One`.
//!
//! ```text,expect
//! @tasks
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
//!
//! Break it (Python): `await asyncio.sleep(PAUSE)` => `time.sleep(PAUSE)`
//! Break it (Python): `await asyncio.gather(count(), count(), count())` =>
//! `for _ in range(3): await count()`

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
