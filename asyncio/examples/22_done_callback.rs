//! Done callback: called with what became of a task.
//!
//! Python: `task.add_done_callback(on_done)`, in `22_done_callback.py`.
//! Notes: N1:166.
//!
//! A callback sees the finished task from outside: its result, its error, or
//! that it was cancelled. Rust's handles take no callbacks. The handle is a
//! future, so `map` puts the callback behind it, and a small task of its own
//! awaits both. Each callback runs when its task ends, in whatever order.
//!
//! Rust tells four ends apart: a value, an error (a value too), and in a
//! `JoinError` a cancellation and a panic. Python has three: a result,
//! `cancelled()`, and `exception()` for whatever was raised. Reach for a
//! callback to log, count or release where nobody awaits the task. Where
//! somebody does, the lines after that `await` are the callback. A task that
//! nobody asks keeps its error to itself (see `silent_failure`).
//!
//! The waits are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! main: adds 3 callbacks
//! slow: cancelled
//! by zero: error division by zero
//! quotient: result 7
//! main: 3 callbacks have run
//! ```
//!
//! Break it: `task.map(move |outcome| on_done(name, outcome))` =>
//! `task.map(drop)`
//! Break it: `slow.abort();` => ``
//! Break it: `sleep(Duration::from_secs(seconds)).await;` => ``
//! Break it: `let callbacks = tasks.map(|(name, task)| {` =>
//! `for (name, task) in tasks { on_done(name, task.await); }
//! let callbacks = [0; 3].map(|_| {`,
//! `tokio::spawn(task.map(move |outcome| on_done(name, outcome)))` =>
//! `tokio::spawn(async {})`
//!
//! Break it (Python): `task.add_done_callback(on_done)` => `pass`
//! Break it (Python): `tasks[2].cancel()` => `pass`
//! Break it (Python): `await asyncio.sleep(0)` => `pass`

use std::time::Duration;

use futures::future::{FutureExt, join_all};
use tokio::task::JoinError;
use tokio::time::sleep;

type Quotient = Result<u32, &'static str>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let slow = tokio::spawn(divide(1, 1, 3600));
    slow.abort();
    let tasks = [
        ("quotient", tokio::spawn(divide(14, 2, 2))),
        ("by zero", tokio::spawn(divide(1, 0, 1))),
        ("slow", slow),
    ];
    println!("main: adds {} callbacks", tasks.len());
    let callbacks = tasks.map(|(name, task)| {
        tokio::spawn(task.map(move |outcome| on_done(name, outcome)))
    });
    let ended: Result<Vec<()>, _> =
        join_all(callbacks).await.into_iter().collect();
    println!("main: {} callbacks have run", ended?.len());
    Ok(())
}

async fn divide(x: u32, y: u32, seconds: u64) -> Quotient {
    sleep(Duration::from_secs(seconds)).await;
    x.checked_div(y).ok_or("division by zero")
}

fn on_done(name: &str, outcome: Result<Quotient, JoinError>) {
    match outcome {
        Ok(Ok(quotient)) => println!("{name}: result {quotient}"),
        Ok(Err(error)) => println!("{name}: error {error}"),
        Err(error) if error.is_cancelled() => println!("{name}: cancelled"),
        Err(panic) => println!("{name}: {panic}"),
    }
}
