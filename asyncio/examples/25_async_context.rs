//! Async context: entered, used, and left, after an error too.
//!
//! Python: `async with`, `__aenter__`, `__aexit__`, in `25_async_context.py`.
//! Notes: N0:1363.
//!
//! Opening and closing a session with a server takes a wait each. Rust has no
//! async drop: `Drop` cannot await, so it can shut the socket, but not say
//! goodbye and hear the answer. The idiom is a function that takes the body as
//! an async closure: it enters, awaits the body, exits, and only then returns
//! the body's outcome. An error is a value, so the exit is simply the next
//! line. Reach for it wherever leaving takes a wait: transactions, sessions,
//! leases.
//!
//! Unlike `__aexit__`, that line is skipped when the body panics or is
//! cancelled. Only what `Drop` does is certain then: let it do the least that
//! must happen, such as closing the connection, and let the server end what
//! was left open.
//!
//! Two visits run side by side, so each wait lets the other one speak. The
//! round trips are exact on tokio's paused clock; the sibling's are turns.
//!
//! ```text,expect
//! @tasks
//! ann: opening
//! bob: opening
//! ann: open
//! bob: open
//! ann: reads page 1
//! ann: closing
//! bob: reads page 9
//! bob: closing
//! ann: closed
//! bob: closed
//! ann: gave page 1
//! bob: gave an error, there is no page 9
//! ```
//!
//! Break it: `session.exit().await;` => `drop(session.exit());`
//! Break it: `body(&session).await;` => `Ok(body(&session).await?);`
//! Break it: `sleep(ROUND_TRIP).await; // the goodbye` => ``
//! Break it: `join_all([visit("ann", 1), visit("bob", 9)]).await` =>
//! `[visit("ann", 1).await, visit("bob", 9).await]`
//!
//! Break it (Python): `print(f"{self.name}: closing")` => `return`
//! Break it (Python): `await asyncio.sleep(0)  # the goodbye` => `pass`

use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;

const ROUND_TRIP: Duration = Duration::from_millis(10);

struct Session {
    name: &'static str,
    pages: u32,
}

impl Session {
    async fn scope<T, E>(
        name: &'static str,
        body: impl AsyncFnOnce(&Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let session = Session::enter(name).await;
        let outcome = body(&session).await;
        session.exit().await;
        outcome
    }

    async fn enter(name: &'static str) -> Session {
        println!("{name}: opening");
        sleep(ROUND_TRIP).await; // the greeting
        println!("{name}: open");
        Session { name, pages: 3 }
    }

    async fn exit(self) {
        println!("{}: closing", self.name);
        sleep(ROUND_TRIP).await; // the goodbye
        println!("{}: closed", self.name);
    }

    async fn read(&self, n: u32) -> Result<String, String> {
        sleep(ROUND_TRIP).await;
        println!("{}: reads page {n}", self.name);
        if n > self.pages {
            return Err(format!("there is no page {n}"));
        }
        Ok(format!("page {n}"))
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for line in join_all([visit("ann", 1), visit("bob", 9)]).await {
        println!("{line}");
    }
}

async fn visit(name: &'static str, n: u32) -> String {
    match Session::scope(name, async |session| session.read(n).await).await {
        Ok(page) => format!("{name}: gave {page}"),
        Err(error) => format!("{name}: gave an error, {error}"),
    }
}
