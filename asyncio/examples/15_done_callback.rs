//! Done callback: called with what became of a task.
//!
//! Python: `task.add_done_callback(on_done)`, in `15_done_callback.py`.
//! Notes: N1:166.
//!
//! A callback sees the finished task from outside: its result, its error, or
//! that it was cancelled. Rust's handles take no callbacks. The handle is a
//! future, so `map` puts the callback behind it, and a small task of its own
//! awaits both. Rust tells apart a value, an error (a value too), and a task
//! that came to no end, by cancellation or by a panic, as a `JoinError`; Python
//! has one way for the last two. Reach for a callback to log, count or release
//! where nobody awaits the task; where somebody does, the lines after that
//! `await` are the callback.
//!
//! ```text,expect
//! main: adds 3 callbacks
//! @any
//! quotient: result 7
//! by zero: error division by zero
//! slow: cancelled
//! @end
//! main: the callbacks have run
//! ```
//!
//! Break it: `task.map(move |outcome| on_done(name, outcome))` =>
//! `task.map(drop)`
//! Break it: `slow.abort();` => ``

use std::time::Duration;

use futures::future::{FutureExt, join_all};
use tokio::task::JoinError;
use tokio::time::sleep;

type Quotient = Result<u32, &'static str>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let slow = tokio::spawn(divide(1, 1, 3600));
    slow.abort();
    let tasks = [
        ("quotient", tokio::spawn(divide(14, 2, 0))),
        ("by zero", tokio::spawn(divide(1, 0, 0))),
        ("slow", slow),
    ];
    println!("main: adds {} callbacks", tasks.len());
    let callbacks = tasks.map(|(name, task)| {
        tokio::spawn(task.map(move |outcome| on_done(name, outcome)))
    });
    join_all(callbacks).await;
    println!("main: the callbacks have run");
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
