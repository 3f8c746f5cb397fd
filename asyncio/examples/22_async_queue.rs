//! Async queue: joined when each item is done, not when it is taken.
//!
//! Python: `asyncio.Queue`, `task_done`, `join`, in `22_async_queue.py`.
//! Notes: N4:1482.
//!
//! Ten producers put, five consumers get. When all is produced, `join` waits
//! until as many items are reported done as were put; then the consumers, who
//! would wait for ever, are cancelled. In Rust a queue with many consumers is
//! `async-channel`; tokio's `mpsc` has a single one. Neither has `join`: here
//! each item carries a token, dropping it is `task_done`, and the tracker waits
//! for the last one, so that an item lost on the way is not waited for in vain.
//! Plainer still: drop the senders, and each consumer ends once the channel is
//! empty; then nobody need be cancelled.
//!
//! In the notes each producer dies of a `NameError` at its first item: `t` is
//! never set, and `time` not imported. It is meant to be the moment of putting,
//! so that the time spent in the queue is known; here it travels with the item.
//! A bounded queue would make quick producers wait: prefer it. The waits are
//! free on tokio's paused clock. Longer than a screen, for both sides keep
//! account of what they did.
//!
//! ```text,expect
//! main: 10 producers, 5 consumers
//! main: produced 55 items
//! main: joined, 55 items are done
//! main: the longest wait in the queue: {:int 0..} ms
//! main: 5 consumers cancelled, each item once
//! ```
//!
//! Break it: `queue.recv().await` =>
//! `queue.recv().await.map(|(item, put, done)| (item, put, drop(done)))`
//! Break it: `unfinished.wait().await;` => ``

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::{Receiver, Sender};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

type Item = (u32, Instant, TaskTrackerToken);
type Log = Arc<Mutex<Vec<(u32, Duration)>>>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    println!("main: 10 producers, 5 consumers");
    let (queue, items) = async_channel::unbounded();
    let (unfinished, log) = (TaskTracker::new(), Log::default());
    let mut producers = JoinSet::new();
    for n in 1..=10 {
        producers.spawn(produce(n, queue.clone(), unfinished.clone()));
    }
    let mut consumers = JoinSet::new();
    for _ in 0..5 {
        consumers.spawn(consume(items.clone(), log.clone()));
    }
    let mut produced = producers.join_all().await.concat();
    println!("main: produced {} items", produced.len());

    unfinished.close();
    unfinished.wait().await;
    let done = std::mem::take(&mut *log.lock().expect("no panic"));
    println!("main: joined, {} items are done", done.len());
    let longest = done.iter().map(|done| done.1.as_millis()).max().unwrap_or(0);
    println!("main: the longest wait in the queue: {longest} ms");

    consumers.abort_all();
    let mut cancelled = 0;
    while let Some(outcome) = consumers.join_next().await {
        cancelled += u32::from(outcome.is_err_and(|e| e.is_cancelled()));
    }
    let mut consumed: Vec<_> = done.iter().map(|(item, _)| *item).collect();
    consumed.sort_unstable();
    produced.sort_unstable();
    assert_eq!(consumed, produced);
    println!("main: {cancelled} consumers cancelled, each item once");
}

async fn produce(
    n: u32,
    queue: Sender<Item>,
    unfinished: TaskTracker,
) -> Vec<u32> {
    let items: Vec<u32> = (0..n).map(|k| 100 * n + k).collect();
    for &item in &items {
        sleep(Duration::from_millis(10)).await;
        let put = (item, Instant::now(), unfinished.token());
        queue.send(put).await.expect("consumers hold it open");
    }
    items
}

async fn consume(queue: Receiver<Item>, log: Log) {
    while let Ok((item, put, done)) = queue.recv().await {
        let waited = put.elapsed();
        sleep(Duration::from_millis(20)).await; // the work
        log.lock().expect("no panic").push((item, waited));
        drop(done);
    }
}
