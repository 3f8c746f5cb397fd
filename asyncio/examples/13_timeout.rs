//! Timeout: a wait with a limit, and a fallback.
//!
//! Python: `asyncio.wait_for(add(3, 4), timeout)`, in `13_timeout.py`.
//! Notes: N4:1333.
//!
//! `timeout` polls a future and a timer together; whichever is first decides.
//! Too late means cancelled: Rust drops the future at the await where it is,
//! Python raises `CancelledError` there. So whatever is under a timeout must
//! bear being cut off at any await. The late call comes back as an error value,
//! `Elapsed`, which the caller cannot overlook; in Python as `TimeoutError`.
//! Reach for it wherever the other side may never answer. Like every
//! cancellation it needs an await: a blocking call is not cut short.
//!
//! On tokio's paused clock 10 ms, 30 ms and 50 ms are exact and free. In the
//! sibling the quick one takes one turn of the loop, and the limit was set
//! before the slow one began its wait, so it is over first on any machine.
//!
//! ```text,expect
//! quick: adds 3 + 4
//! quick: finished
//! main: 7
//! slow: adds 3 + 4
//! main: fallback payload
//! main: waited on, and the slow one did not finish
//! ```
//!
//! Break it: `from_millis(30)` => `from_millis(60)`
//! Break it: `add(name, 3, 4, ms)).await {` => `tokio::spawn(
//! add(name, 3, 4, ms))).await.map(|sum| sum.expect("no panic")) {`

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
    sleep(2 * LIMIT).await;
    println!("main: waited on, and the slow one did not finish");
}

async fn add(name: &str, x: u32, y: u32, ms: u64) -> u32 {
    println!("{name}: adds {x} + {y}");
    sleep(Duration::from_millis(ms)).await;
    println!("{name}: finished");
    x + y
}
