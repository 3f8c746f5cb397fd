//! Async generator: values made one by one, on demand, closed on leaving.
//!
//! Python: `async def` with `yield` (PEP 525), in `24_async_generator.py`.
//! Notes: N0:1225, N0:1319.
//!
//! The short way to an async iterator: write the loop and `yield` each value.
//! In Rust the `stream!` macro of `async-stream` does it (`gen` blocks are not
//! stable yet); pin the result before use, here in a box. It is lazy: the body
//! runs up to the next `yield` only when the consumer asks. `async for` and
//! `.await` are allowed inside `async` alone (refused in `src/lib.rs`).
//!
//! A consumer that leaves early leaves the generator at a `yield`, its
//! resources open. In Rust dropping it drops them, at once and in any case. In
//! Python `break` alone leaves the closing to the garbage collector or to the
//! end of the loop. `aclosing` closes on the spot, and the `finally` inside may
//! even await, which `drop` may not.
//!
//! ```text,expect
//! @tasks
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
//!
//! Break it (Python): `import aclosing` => `import nullcontext as aclosing`
//! Break it (Python): `async for n in numbers():` =>
//! `for n in [n async for n in numbers()]:`

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
