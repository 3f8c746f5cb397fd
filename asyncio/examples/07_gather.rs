//! Gather: one await, all results, in argument order.
//!
//! Python: `asyncio.gather(...)`, in `07_gather.py`.
//! Notes: N0:1090, N0:1412, N1:164, N4:1289.
//!
//! Several coroutines make progress side by side on one loop; a single await
//! gives all results, each at the place of its argument, whatever finished
//! first. Reach for it when nothing can be done before the last one is in. For
//! a list there is `join_all`, for a few of different types
//! `tokio::join!(a, b)`. Python's `gather` makes a task of each coroutine.
//! Rust's polls the futures inside the caller: they may borrow from it, are
//! dropped with it, and never use a second thread; for that, spawn them.
//!
//! tokio's paused clock jumps to the next deadline whenever all wait: the
//! finishing order is exact and costs no time. asyncio has no such clock; the
//! sibling counts turns of the loop instead.
//!
//! ```text,expect
//! main: 4 additions
//! add 5 + 5: finished
//! add 7 + 2: finished
//! add 2 + 3: finished
//! add 4 + 5: finished
//! main: [5, 9, 10, 9]
//! ```
//!
//! Break it: `join_all(additions).await` => `{ let mut sums = Vec::new();
//! for addition in additions { sums.push(addition.await); } sums }`
//! Break it: `join_all(additions).await` =>
//! `futures::StreamExt::collect::<Vec<_>>(
//! additions.collect::<futures::stream::FuturesUnordered<_>>()).await`

use futures::future::join_all;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("main: 4 additions");
    let inputs = [(2, 3, 30), (4, 5, 40), (5, 5, 10), (7, 2, 20)];
    let additions = inputs.into_iter().map(|(x, y, ms)| add(x, y, ms));
    let sums = join_all(additions).await;
    println!("main: {sums:?}");
}

async fn add(x: u32, y: u32, ms: u64) -> u32 {
    sleep(Duration::from_millis(ms)).await;
    println!("add {x} + {y}: finished");
    x + y
}
