//! Tasks: started first, awaited later, running meanwhile.
//!
//! Python: `asyncio.create_task(work(n))`, in `06_tasks.py`.
//! Notes: N1:145, N1:160, N4:1260.
//!
//! A task is a coroutine given to the loop. It runs from the next turn on,
//! whether or not anybody awaits it, and its handle gives the result later. So
//! start all, then await. Three traps. Iterators are as lazy as futures in
//! Rust: without `collect` each task is spawned only when the `for` asks for
//! it, after the one before has ended. A dropped handle lets its task run on;
//! in Python hold the task, for the loop does not (see `lost_task`). And
//! `tokio::spawn` wants `Send + 'static`: a task borrows nothing from its
//! caller, and may move to another thread (see `run`).
//! The handle's own `Err` tells of a panic or an abort, not of the work.
//!
//! The loop takes tasks in the order in which they became ready. The waits are
//! exact on tokio's paused clock; the sibling counts turns of the loop.
//!
//! ```text,expect
//! @tasks
//! main: 3 tasks alive
//! task 1: start
//! task 2: start
//! task 3: start
//! task 1: end
//! task 2: end
//! task 3: end
//! main: 2 tasks alive
//! slow: starts to add
//! fast: starts to add
//! fast: result ready
//! slow: result ready
//! main: 7 10
//! ```
//!
//! Break it: `.collect::<Vec<_>>()` => ``
//! Break it: `let fast = tokio::spawn(add("fast", 5, 5, 30));` => ``,
//! `fast.await?` => `tokio::spawn(add("fast", 5, 5, 30)).await?`
//! Break it: `tokio::spawn(work(n))` =>
//! `Box::pin(async move { work(n).await; Ok::<(), JoinError>(()) })`
//!
//! Break it (Python): `asyncio.create_task(work(n)) for` => `work(n) for`
//! Break it (Python): `asyncio.create_task(add("fast", 5, 5, 3))` =>
//! `add("fast", 5, 5, 3)`

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let tasks = (1..=3).map(|n| tokio::spawn(work(n))).collect::<Vec<_>>();
    report_alive();
    for task in tasks {
        task.await?;
    }

    let slow = tokio::spawn(add("slow", 3, 4, 50));
    let fast = tokio::spawn(add("fast", 5, 5, 30));
    report_alive();
    println!("main: {} {}", slow.await?, fast.await?);
    Ok(())
}

async fn work(n: u64) {
    println!("task {n}: start");
    sleep(Duration::from_millis(10 * n)).await;
    println!("task {n}: end");
}

async fn add(name: &str, x: u32, y: u32, ms: u64) -> u32 {
    println!("{name}: starts to add");
    sleep(Duration::from_millis(ms)).await;
    println!("{name}: result ready");
    x + y
}

fn report_alive() {
    let alive = Handle::current().metrics().num_alive_tasks();
    println!("main: {alive} tasks alive");
}
