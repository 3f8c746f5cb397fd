//! Async semaphore: 100 calls, 2 at a time.
//!
//! Python: `async with asyncio.Semaphore(2)`, in `27_async_semaphore.py`.
//! Notes: N3:121.
//!
//! Tasks are cheap, but what they call is not: a server that is asked 100
//! things at once refuses, or breaks down. All 100 calls are started. Each
//! takes one of two permits before it calls, and gives it back after. `acquire`
//! waits without blocking the thread. The permit is given back when its guard
//! is dropped: at the end of the scope, after an error, on cancellation. Reach
//! for it in front of anything with a limit. Where the calls come from a list,
//! `buffer_unordered(2)` on a stream does it too (see `buffered_stream`); for
//! work that keeps coming, a few workers on a bounded queue.
//!
//! The server here refuses a third call at once. The waits are exact on tokio's
//! paused clock; the sibling's are turns of the loop.
//!
//! ```text,expect
//! @tasks
//! main: 100 calls at once
//! main: 2 answered, 98 refused
//! main: 100 calls, 2 permits
//! main: 100 answered, 0 refused
//! main: most at once: 2
//! ```
//!
//! Break it: `Semaphore::new(2)` => `Semaphore::new(3)`
//! Break it: `Semaphore::new(2)` => `Semaphore::new(1)`
//! Break it: `let _permit =` => `let _ =`
//! Break it: `sleep(Duration::from_millis(10)).await;` => ``
//! Break it: `if self.open.get() == 2` => `if self.open.get() == 3`
//! Break it: `println!("main: {} calls, {free} permits", calls.len());` =>
//! `println!("main: {} calls, {free} permits", calls.len());
//! let calls = [async { for call in calls { call.await?; } Ok(()) }];`
//!
//! Break it (Python): `async with permits:` => `if True:`
//! Break it (Python): `limit = 2` => `limit = 1`
//! Break it (Python): `await asyncio.gather(*calls, return_exceptions=True)` =>
//! `[await call for call in calls]`
//! Break it (Python): `await asyncio.sleep(0)` => `pass`

use std::cell::Cell;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::sleep;

#[derive(Default)]
struct Server {
    open: Cell<u32>,
    most: Cell<u32>,
}

impl Server {
    async fn answer(&self) -> Result<(), &'static str> {
        if self.open.get() == 2 {
            return Err("too many requests");
        }
        self.open.update(|open| open + 1);
        self.most.update(|most| most.max(self.open.get()));
        sleep(Duration::from_millis(10)).await;
        self.open.update(|open| open - 1);
        Ok(())
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let server = Server::default();
    let calls = (0..100).map(|_| server.answer());
    println!("main: {} calls at once", calls.len());
    report(join_all(calls).await);

    let (server, permits) = (Server::default(), Semaphore::new(2));
    let calls = (0..100).map(|_| call(&server, &permits));
    let free = permits.available_permits();
    println!("main: {} calls, {free} permits", calls.len());
    report(join_all(calls).await);
    println!("main: most at once: {}", server.most.get());
}

async fn call(
    server: &Server,
    permits: &Semaphore,
) -> Result<(), &'static str> {
    let _permit = permits.acquire().await.expect("never closed");
    server.answer().await
}

fn report(outcomes: Vec<Result<(), &str>>) {
    let answered = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.len() - answered;
    println!("main: {answered} answered, {refused} refused");
}
