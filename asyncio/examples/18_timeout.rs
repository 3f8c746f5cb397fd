//! Timeout: a wait with a limit, and a fallback.
//!
//! Python: `asyncio.wait_for(add(3, 4), timeout)`, in `18_timeout.py`.
//! Notes: N4:1333.
//!
//! `timeout` polls a future and a timer together, and the first of them
//! decides. Too late means cancelled: Rust drops the future at the await where
//! it is, Python raises `CancelledError` there. So what stands under a time
//! limit must bear being cut off at any await (see `lost_on_cancel`). The
//! caller gets an error value, `Elapsed`, which cannot be overlooked; in Python
//! `TimeoutError`. For a whole block Python 3.11 has `asyncio.timeout`. Reach
//! for it wherever the other side may never answer.
//!
//! Work that must not be cut off is a task of its own: then the limit ends the
//! wait, not the work. In Rust a dropped handle lets its task run on, in Python
//! `shield` does that. A blocking call is not cut short at all (see
//! `timed_out_thread`).
//!
//! On tokio's paused clock 10 ms, 30 ms and 50 ms are exact. In the sibling the
//! limit is set before the slow one begins its wait, so it is over first on any
//! machine.
//!
//! ```text,expect
//! @tasks
//! quick: adds 3 + 4
//! quick: finished
//! main: 7
//! slow: adds 3 + 4
//! main: fallback payload
//! kept: adds 3 + 4
//! main: fallback payload
//! kept: finished
//! main: waited on, and only the kept one has finished
//! ```
//!
//! Break it: `from_millis(30)` => `from_millis(60)`
//! Break it: `timeout(LIMIT, add(name, 3, 4, ms)).await {` =>
//! `timeout(LIMIT, tokio::spawn(add(name, 3, 4, ms))).await
//! .map(|sum| sum.expect("no panic")) {`
//! Break it: `tokio::spawn(add("kept", 3, 4, 50))` => `add("kept", 3, 4, 50)`
//! Break it: `sleep(2 * LIMIT).await;` => ``
//!
//! Break it (Python): `asyncio.wait_for(add(name, 3, 4, wait), LIMIT)` =>
//! `add(name, 3, 4, wait)`
//! Break it (Python): `asyncio.shield(kept)` => `kept`
//! Break it (Python): `await asyncio.sleep(2 * LIMIT)` => `pass`

use std::time::Duration;

use tokio::time::{sleep, timeout};

const LIMIT: Duration = Duration::from_millis(30);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for (name, ms) in [("quick", 10), ("slow", 50)] {
        match timeout(LIMIT, add(name, 3, 4, ms)).await {
            Ok(sum) => println!("main: {sum}"),
            Err(_elapsed) => println!("main: fallback payload"),
        }
    }

    let kept = tokio::spawn(add("kept", 3, 4, 50));
    if timeout(LIMIT, kept).await.is_err() {
        println!("main: fallback payload");
    }
    sleep(2 * LIMIT).await;
    println!("main: waited on, and only the kept one has finished");
}

async fn add(name: &'static str, x: u32, y: u32, ms: u64) -> u32 {
    println!("{name}: adds {x} + {y}");
    sleep(Duration::from_millis(ms)).await;
    println!("{name}: finished");
    x + y
}
