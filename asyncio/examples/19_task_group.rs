//! Task group: one failure stops the siblings, every error is reported.
//!
//! Python: `asyncio.TaskGroup`, in `19_task_group.py`.
//! Notes: N3:110.
//!
//! A group owns its tasks: the block is left when all have ended, with no
//! `await` for each, and the results are there. One failure ends the rest
//! early, and every error is reported. Reach for it before bare tasks: nothing
//! outlives it. A `JoinSet` owns its tasks too (a dropped handle of
//! `tokio::spawn` lets its task run on), but the loop that collects must stop
//! the siblings. It gives the results in the order in which the tasks end.
//!
//! A panic is a failure like any other, so it is collected like one. `outcome?`
//! would return at once: the set is dropped, each sibling is dropped at its
//! await without a goodbye, and the errors collected so far are lost.
//! `abort_all` does the same to the siblings. In Python cancellation is an
//! exception, so the clean-up may await, and may fail. A Rust task that needs
//! as much listens for a `CancellationToken`.
//!
//! ```text,expect
//! @tasks
//! square 3: 9
//! square 2: 4
//! square 1: 1
//! main: squares [1, 4, 9]
//! parser: started
//! upload: started
//! heartbeat: started
//! parser: fails
//! @any
//! upload: cancelled, says goodbye
//! heartbeat: cancelled, stops
//! @end
//! upload: is refused
//! main: 0 tasks alive
//! main: error in parser: a bug
//! main: error in upload: goodbye refused
//! @stderr any
//! ```
//!
//! Break it: `stop.cancel();` => ``
//! Break it: `Err(failed) => errors.push(message(failed)),` =>
//! `Err(failed) => std::panic::resume_unwind(failed.into_panic()),`
//! Break it: `Ok(Err(error)) => errors.push(error),` => `Ok(Err(_)) => {}`
//! Break it: `sleep(Duration::from_millis(10)).await; // the goodbye` => ``
//! Break it: `squares.join_all().await; // as they ended` =>
//! `{ squares.detach_all(); squares.join_all().await };`
//!
//! Break it (Python): `group.create_task(parser())` =>
//! `await asyncio.gather(parser(), return_exceptions=True)`
//! Break it (Python): `errors.extend(failed.exceptions)` =>
//! `errors.append(failed.exceptions[0])`

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let mut squares = JoinSet::new();
    for n in 1..=3 {
        squares.spawn(square(n));
    }
    let mut squares = squares.join_all().await; // as they ended
    squares.sort_unstable();
    println!("main: squares {squares:?}");

    let stop = CancellationToken::new();
    let mut group = JoinSet::new();
    group.spawn(parser());
    group.spawn(upload(stop.clone()));
    group.spawn(heartbeat(stop.clone()));
    let mut errors = Vec::new();
    while let Some(outcome) = group.join_next().await {
        match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => errors.push(error),
            Err(failed) => errors.push(message(failed)),
        }
        stop.cancel();
    }
    let alive = Handle::current().metrics().num_alive_tasks();
    println!("main: {alive} tasks alive");
    for error in errors {
        println!("main: error in {error}");
    }
}

async fn square(n: u64) -> u64 {
    sleep(Duration::from_millis(40 - 10 * n)).await; // the first ends last
    println!("square {n}: {}", n * n);
    n * n
}

async fn parser() -> Result<(), String> {
    println!("parser: started");
    sleep(Duration::from_millis(10)).await;
    println!("parser: fails");
    panic!("parser: a bug");
}

async fn upload(stop: CancellationToken) -> Result<(), String> {
    println!("upload: started");
    if stop.run_until_cancelled(sleep(HOUR)).await.is_some() {
        println!("upload: an hour later");
        return Ok(());
    }
    println!("upload: cancelled, says goodbye");
    sleep(Duration::from_millis(10)).await; // the goodbye
    println!("upload: is refused");
    Err("upload: goodbye refused".into())
}

async fn heartbeat(stop: CancellationToken) -> Result<(), String> {
    println!("heartbeat: started");
    if stop.run_until_cancelled(sleep(HOUR)).await.is_some() {
        println!("heartbeat: an hour later");
    } else {
        println!("heartbeat: cancelled, stops");
    }
    Ok(())
}

/// The words of a panic, or that the task was aborted.
fn message(failed: JoinError) -> String {
    match failed.try_into_panic() {
        Ok(payload) => match payload.downcast::<String>() {
            Ok(words) => *words,
            Err(payload) => payload
                .downcast::<&str>()
                .map_or("a panic without words".into(), |w| w.to_string()),
        },
        Err(aborted) => aborted.to_string(),
    }
}
