//! Gather: one await, all results, in argument order.
//!
//! Python: `asyncio.gather(...)`, in `10_gather.py`.
//! Notes: N0:1090, N0:1412, N1:164, N4:1289.
//!
//! Several coroutines make progress side by side on one loop. A single await
//! gives all results, each at the place of its argument, whatever finished
//! first. Reach for it when nothing can be done before the last one is in.
//! `join_all` takes a list, `tokio::join!(a, b)` a few of different types.
//! Python's `gather` makes a task of each coroutine. Rust's polls the futures
//! inside the caller: they may borrow from it, are dropped with it, and never
//! use a second thread. For that, spawn them.
//!
//! On tokio's paused clock (see `run`) the finishing order is exact and takes
//! no time. The sibling counts turns of the loop.
//!
//! In the notes: `gather` is said to give a tuple (N0:1407) and to be a
//! coroutine (N0:1406). It gives a list, and is a future: its coroutines are
//! tasks already.
//!
//! ```text,expect
//! @tasks
//! main: 4 additions
//! add 2 + 3: started
//! add 4 + 5: started
//! add 5 + 5: started
//! add 7 + 2: started
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
//!
//! Break it (Python): `await asyncio.gather(*additions)` =>
//! `[await addition for addition in additions]`
//! Break it (Python): `await asyncio.gather(*additions)` =>
//! `[await addition for addition in asyncio.as_completed(additions)]`

use futures::future::join_all;
use std::time::Duration;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let inputs = [(2, 3, 30), (4, 5, 40), (5, 5, 10), (7, 2, 20)];
    println!("main: {} additions", inputs.len());
    let additions = inputs.into_iter().map(|(x, y, ms)| add(x, y, ms));
    let sums = join_all(additions).await;
    println!("main: {sums:?}");
}

async fn add(x: u32, y: u32, ms: u64) -> u32 {
    println!("add {x} + {y}: started");
    sleep(Duration::from_millis(ms)).await;
    println!("add {x} + {y}: finished");
    x + y
}
