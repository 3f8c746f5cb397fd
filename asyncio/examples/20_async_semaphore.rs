//! Async semaphore: 100 calls, 2 at a time.
//!
//! Python: `async with asyncio.Semaphore(2)`, in `20_async_semaphore.py`.
//! Notes: N3:121.
//!
//! Tasks are cheap, what they call is not: a server that is asked 100 things at
//! once refuses, or falls over. All 100 are started, each takes one of two
//! permits before it calls, and gives it back after. `acquire` waits without
//! blocking the thread; the permit is given back when the guard is dropped, at
//! the end of the scope, after an error, and on cancellation. Reach for it at
//! the border to anything with a limit; where the calls come from a list,
//! `buffer_unordered(2)` on a stream does it too.
//!
//! The server here refuses a third call at once. The waits are free on tokio's
//! paused clock; the sibling's are a turn of the loop.
//!
//! ```text,expect
//! main: 100 calls
//! main: 100 answered, 0 refused
//! main: most at once: 2
//! ```
//!
//! Break it: `Semaphore::new(2)` => `Semaphore::new(3)`
//! Break it: `Semaphore::new(2)` => `Semaphore::new(1)`
//! Break it: `let _permit =` => `let _ =`

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
    let (server, permits) = (Server::default(), Semaphore::new(2));
    let calls = (0..100).map(|_| call(&server, &permits));
    println!("main: {} calls", calls.len());
    let outcomes = join_all(calls).await;
    let answered = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let refused = outcomes.len() - answered;
    println!("main: {answered} answered, {refused} refused");
    println!("main: most at once: {}", server.most.get());
}

async fn call(
    server: &Server,
    permits: &Semaphore,
) -> Result<(), &'static str> {
    let _permit = permits.acquire().await.expect("never closed");
    server.answer().await
}
