//! As completed: each result as soon as it is there.
//!
//! Python: `asyncio.as_completed(...)`, in `11_as_completed.py`.
//! Notes: N4:1311.
//!
//! `gather` waits for the last result; this hands over each one when it comes.
//! Reach for it when results are of use one by one. Which comes next is open,
//! so each must say whose it is (since Python 3.13 `async for` over
//! `as_completed` gives the tasks themselves). `FuturesOrdered` keeps the order
//! of arguments.
//!
//! `FuturesUnordered` polls bare futures inside the caller, and only while the
//! caller awaits the next one: if the loop's body awaits something else, all of
//! them stand still meanwhile, time limits included. Python's are tasks and go
//! on. In Rust spawn them into a `JoinSet` then and ask `join_next`; see
//! `buffered_stream`. For the first result alone see `first_completed`.
//!
//! The waits are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! add 5 + 5: finished
//! main: 5 + 5 = 10
//! add 7 + 2: finished
//! main: 7 + 2 = 9
//! add 2 + 3: finished
//! main: 2 + 3 = 5
//! add 4 + 5: finished
//! main: 4 + 5 = 9
//! ```
//!
//! Break it: `FuturesUnordered<_>` => `FuturesOrdered<_>`
//! Break it: `while let Some(sum) = sums.next().await` =>
//! `for sum in sums.by_ref().collect::<Vec<_>>().await`
//!
//! Break it (Python): `asyncio.as_completed(additions)` => `additions`

use std::time::Duration;

use futures::stream::{self, StreamExt};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let inputs = [(2, 3, 30), (4, 5, 40), (5, 5, 10), (7, 2, 20)];
    let additions = inputs.into_iter().map(|(x, y, ms)| add(x, y, ms));
    let mut sums = additions.collect::<stream::FuturesUnordered<_>>();
    while let Some(sum) = sums.next().await {
        println!("main: {sum}");
    }
}

async fn add(x: u32, y: u32, ms: u64) -> String {
    sleep(Duration::from_millis(ms)).await;
    println!("add {x} + {y}: finished");
    format!("{x} + {y} = {}", x + y)
}
