//! Gather and errors: the first one at once, or every outcome.
//!
//! Python: `gather`, then `return_exceptions=True`, in `15_gather_errors.py`.
//! Notes: N0:1440, N3:106.
//!
//! `gather` raises the first error and lets the other tasks run on; nobody
//! hears of a second error. In Rust `try_join_all` over the handles of spawned
//! tasks does the same, but only if each outcome is flattened. A handle's own
//! `Err` means a panic or an abort; a task that returns an error is an `Ok`
//! with an `Err` inside, and without `flatten` no error is seen at all. Over
//! bare futures `try_join_all` drops the others at their awaits: what is not
//! spawned ends with its caller.
//!
//! With `return_exceptions=True`, or plain `join_all`, every outcome is a value
//! in argument order, and the caller must look. To stop the others at the first
//! error see `task_group`.
//!
//! The waits are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! users: fails
//! main: first error: no users
//! main: 2 tasks still run
//! items: fails
//! orders: done
//! users: fails
//! items: fails
//! orders: done
//! main: error: no users
//! main: value: orders
//! main: error: no items
//! ```
//!
//! Break it: `task.map(flatten)` => `task`
//! Break it: `println!("main: first error: {error}");` =>
//! `println!("main: first error: {error}");
//! tasks.iter().for_each(|task| task.abort());`
//! Break it: `let outcomes = join_all(fetches()).await;` =>
//! `let mut outcomes = Vec::new();
//! for fetch in fetches() { outcomes.push(fetch.await); }`
//! Break it: `for outcome in outcomes` =>
//! `for outcome in outcomes.into_iter().take(1)`
//!
//! Break it (Python): `await asyncio.gather(*tasks)` =>
//! `await asyncio.gather(*tasks, return_exceptions=True)`
//! Break it (Python):
//! `outcomes = await asyncio.gather(*fetches(), return_exceptions=True)` =>
//! `outcomes = [await asyncio.wait_for(asyncio.gather(one,
//! return_exceptions=True), None) for one in fetches()];
//! outcomes = [one for [one] in outcomes]`

use std::future::Future;
use std::time::Duration;

use futures::future::{FutureExt, join_all, try_join_all};
use tokio::task::JoinError;
use tokio::time::sleep;

type Outcome = Result<&'static str, String>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut tasks = Vec::from(fetches().map(tokio::spawn));
    let awaited = tasks.iter_mut().map(|task| task.map(flatten));
    if let Err(error) = try_join_all(awaited).await {
        println!("main: first error: {error}");
    }
    tasks.retain(|task| !task.is_finished());
    println!("main: {} tasks still run", tasks.len());
    join_all(tasks).await;

    let outcomes = join_all(fetches()).await;
    for outcome in outcomes {
        match outcome {
            Ok(value) => println!("main: value: {value}"),
            Err(error) => println!("main: error: {error}"),
        }
    }
}

fn fetches() -> [impl Future<Output = Outcome>; 3] {
    [
        fetch("users", 10, false),
        fetch("orders", 30, true),
        fetch("items", 20, false),
    ]
}

async fn fetch(name: &'static str, ms: u64, there: bool) -> Outcome {
    sleep(Duration::from_millis(ms)).await;
    if there {
        println!("{name}: done");
        Ok(name)
    } else {
        println!("{name}: fails");
        Err(format!("no {name}"))
    }
}

// A task that panicked or was aborted has no outcome of its own.
fn flatten(outcome: Result<Outcome, JoinError>) -> Outcome {
    outcome.unwrap_or_else(|error| Err(error.to_string()))
}
