//! Async generator: values made one by one, on demand, closed on leaving.
//!
//! Python: `async def` with `yield`, in `17_async_generator.py`.
//! Notes: N0:1225, N0:1319.
//!
//! The short way to an async iterator: write the loop, `yield` each value. In
//! Rust the `stream!` macro of `async-stream` does it (`gen` blocks are not
//! stable yet), and the result is pinned before use, here in a box. It is
//! lazy: the body runs up to the next `yield` only when the consumer asks.
//!
//! Left early, it stands at a `yield` with its resources open. Dropping it
//! drops them, at once and in any case. In Python `break` alone leaves the
//! closing to the collector and the loop's end; `aclosing` closes it on the
//! spot, and its `finally` may even await, which `drop` may not.
//!
//! ```text,expect
//! source: makes 0
//! main: got 0
//! source: makes 1
//! main: got 1
//! source: makes 2
//! main: got 2
//! source: closed
//! main: took all
//! source: makes 0
//! main: got 0
//! source: makes 1
//! main: got 1
//! main: leaves early
//! source: closed
//! main: left
//! ```
//!
//! Break it: `drop(some);` => `std::mem::forget(some);`
//! Break it: `while let Some(n) = all.next().await` =>
//! `for n in all.by_ref().collect::<Vec<_>>().await`

use std::time::Duration;

use async_stream::stream;
use futures::stream::{Stream, StreamExt};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut all = Box::pin(numbers());
    while let Some(n) = all.next().await {
        println!("main: got {n}");
    }
    println!("main: took all");

    let mut some = Box::pin(numbers());
    while let Some(n) = some.next().await {
        println!("main: got {n}");
        if n == 1 {
            println!("main: leaves early");
            break;
        }
    }
    drop(some);
    println!("main: left");
}

fn numbers() -> impl Stream<Item = u32> {
    stream! {
        let _source = Source;
        for n in 0..3 {
            sleep(Duration::from_millis(10)).await;
            println!("source: makes {n}");
            yield n;
        }
    }
}

struct Source;

impl Drop for Source {
    fn drop(&mut self) {
        println!("source: closed");
    }
}
