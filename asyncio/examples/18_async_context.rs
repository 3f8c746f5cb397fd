//! Async context: entered, used, and left, after an error too.
//!
//! Python: `async with`, `__aenter__`, `__aexit__`, in `18_async_context.py`.
//! Notes: N0:1363.
//!
//! A session with a server must be opened and closed with a wait each. Rust has
//! no async drop: `Drop` cannot await, so it can shut the socket, not say
//! goodbye and hear the answer. The idiom is a function that takes the body as
//! an async closure: it enters, awaits the body, exits, and only then returns
//! the body's outcome. Since an error is a value, the exit is simply the next
//! line. A panic or a cancellation inside the body skips that line, unlike
//! `__aexit__`: only what `Drop` does is certain then. Reach for it wherever
//! leaving takes a wait: transactions, sessions, leases.
//!
//! ```text,expect
//! session: opening
//! session: open
//! body: reads page 1
//! session: closing
//! session: closed
//! main: page 1
//! session: opening
//! session: open
//! body: reads page 9
//! session: closing
//! session: closed
//! main: error: there is no page 9
//! ```
//!
//! Break it: `session.exit().await;` => `drop(session.exit());`
//! Break it: `body(&session).await;` => `Ok(body(&session).await?);`

use std::time::Duration;

use tokio::time::sleep;

const ROUND_TRIP: Duration = Duration::from_millis(10);

struct Session {
    pages: u32,
}

impl Session {
    async fn scope<T, E>(
        body: impl AsyncFnOnce(&Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let session = Session::enter().await;
        let outcome = body(&session).await;
        session.exit().await;
        outcome
    }

    async fn enter() -> Session {
        println!("session: opening");
        sleep(ROUND_TRIP).await;
        println!("session: open");
        Session { pages: 3 }
    }

    async fn exit(self) {
        println!("session: closing");
        sleep(ROUND_TRIP).await;
        println!("session: closed");
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for n in [1, 9] {
        match Session::scope(async |session| read(session, n).await).await {
            Ok(page) => println!("main: {page}"),
            Err(error) => println!("main: error: {error}"),
        }
    }
}

async fn read(session: &Session, n: u32) -> Result<String, String> {
    println!("body: reads page {n}");
    sleep(ROUND_TRIP).await;
    if n > session.pages {
        return Err(format!("there is no page {n}"));
    }
    Ok(format!("page {n}"))
}
