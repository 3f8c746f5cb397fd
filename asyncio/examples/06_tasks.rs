//! Tasks: started first, awaited later, running meanwhile.
//!
//! Python: `asyncio.create_task(work(n))`, in `06_tasks.py`.
//! Notes: N1:145, N1:160, N4:1260.
//!
//! A task is a coroutine handed to the loop: it runs from the next turn on,
//! whether or not anybody awaits it, and the handle gives its result later. So
//! start all, then await. Two traps. Rust's iterators are as lazy as its
//! futures: without `collect` each task is spawned only when the loop below
//! asks for it, after the one before has ended. And a dropped handle leaves its
//! task running, detached, where asyncio may collect a task that nobody holds.
//! The handle's `Result` is about the task itself: it panicked, or was aborted.
//!
//! The loop takes its tasks in the order in which they became ready. The waits
//! are exact on tokio's paused clock, and free; the sibling adds in turns of
//! the loop.
//!
//! ```text,expect
//! task 1: start
//! task 2: start
//! task 3: start
//! task 1: end
//! task 2: end
//! task 3: end
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

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let tasks = (1..=3).map(|n| tokio::spawn(work(n))).collect::<Vec<_>>();
    for task in tasks {
        task.await?;
    }

    let slow = tokio::spawn(add("slow", 3, 4, 50));
    let fast = tokio::spawn(add("fast", 5, 5, 30));
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
