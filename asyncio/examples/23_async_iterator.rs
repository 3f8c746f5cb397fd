//! Async iterator: the protocol by hand, with a wait at each step.
//!
//! Python: `__aiter__` and `__anext__`, in `23_async_iterator.py`.
//! Notes: N0:1269.
//!
//! An iterator whose next value may have to be waited for: rows from a
//! database, messages from a socket. In Rust it is a `Stream`. Its `poll_next`
//! answers `Pending` (not yet; the waker is kept and will call), a value, or
//! `None` at the end, which is Python's `StopAsyncIteration`. `async for` is
//! written `while let Some(n) = counter.next().await`. The standard library's
//! own trait is not stable yet; `Stream` is from the `futures` crate. You
//! seldom write it by hand: `async_generator` shows the short way.
//!
//! Each step waits, so two counters on one loop keep pace: neither gets its
//! second value before the other has its first. The steps are exact on tokio's
//! paused clock; the sibling's step is a turn of the loop.
//!
//! ```text,expect
//! @tasks
//! ann: 1
//! bob: 1
//! ann: 2
//! bob: 2
//! ann: 3
//! bob: 3
//! main: both have ended
//! ```
//!
//! Break it: `ready!(self.step.poll_tick(context));` => ``
//! Break it: `if self.count == self.limit` => `if self.count > self.limit`
//! Break it: `futures::join!(consume("ann"), consume("bob"));` =>
//! `consume("ann").await; consume("bob").await;`
//!
//! Break it (Python): `await asyncio.sleep(0)` => `pass`
//! Break it (Python): `if self.count == self.limit` =>
//! `if self.count > self.limit`

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::stream::{Stream, StreamExt};
use tokio::time::{Instant, Interval, interval_at};

struct Counter {
    count: u32,
    limit: u32,
    step: Interval,
}

impl Counter {
    fn new(limit: u32) -> Counter {
        let step = Duration::from_millis(10);
        let step = interval_at(Instant::now() + step, step);
        Counter { count: 0, limit, step }
    }
}

impl Stream for Counter {
    type Item = u32;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<u32>> {
        if self.count == self.limit {
            return Poll::Ready(None);
        }
        ready!(self.step.poll_tick(context));
        self.count += 1;
        Poll::Ready(Some(self.count))
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    futures::join!(consume("ann"), consume("bob"));
    println!("main: both have ended");
}

async fn consume(name: &str) {
    let mut counter = Counter::new(3);
    while let Some(n) = counter.next().await {
        println!("{name}: {n}");
    }
}
