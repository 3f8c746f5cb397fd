//! Async queue: joined when each item is done, not when it is taken.
//!
//! Python: `asyncio.Queue`, `task_done`, `join`, in `29_async_queue.py`.
//! Notes: N4:1482.
//!
//! Ten producers put, five consumers get. When all is produced, `join` waits
//! until as many items are reported done as were put. Then the consumers, who
//! would wait forever, are cancelled. In Rust a queue with many consumers is
//! `async-channel`; tokio's `mpsc` has only one. Neither has `join`. Here each
//! item carries a token, dropping it is `task_done`, and a `TaskTracker` waits
//! for the last one, so an item that is lost to a panic is not waited for in
//! vain. Simpler, where it is enough: drop the senders, and each consumer ends
//! when the channel is empty (Python 3.13: `queue.shutdown`). The queue here is
//! unbounded so that main can count; a bounded one makes quick producers wait
//! (see `backpressure`).
//!
//! The work waits for a permit, so main decides how much of it is done.
//!
//! In the notes: each producer dies of a `NameError` at its first item, for `t`
//! is never set and `time` is not imported. It is meant to be the moment of
//! putting, so that the time in the queue is known; here it travels with the
//! item.
//!
//! ```text,expect
//! @tasks
//! main: 10 producers, 5 consumers
//! main: produced 55 items, 5 are in work, 50 wait
//! main: 50 are done, 0 wait, joined: false
//! main: 55 are done, joined: true
//! main: the longest wait in the queue: {:int 20..} ms
//! main: 5 consumers cancelled, each item once
//! ```
//!
//! Break it: `queue.recv().await` =>
//! `queue.recv().await.map(|(item, put, done)| (item, put, drop(done)))`
//! Break it: `permits.add_permits(50);` => `permits.add_permits(55);`
//! Break it: `sleep(Duration::from_millis(20)).await;` => ``
//! Break it: `for _ in 0..5 {` => `for _ in 0..4 {`
//! Break it: `permit.forget();` => ``
//!
//! Break it (Python): `await permits.acquire()  # the work` => `pass`
//! Break it (Python): `item, put = await queue.get()` =>
//! `item, put = await queue.get(); queue.task_done()`,
//! `queue.task_done()  # done` => `pass`
//! Break it (Python): `await asyncio.sleep(0.02)` => `pass`

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_channel::{Receiver, Sender};
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

type Item = (u32, Instant, TaskTrackerToken);
type Log = Arc<Mutex<Vec<(u32, Duration)>>>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (queue, items) = async_channel::unbounded();
    let (unfinished, log) = (TaskTracker::new(), Log::default());
    let permits = Arc::new(Semaphore::new(0));
    let mut producers = JoinSet::new();
    for n in 1..=10 {
        producers.spawn(produce(n, queue.clone(), unfinished.clone()));
    }
    let mut consumers = JoinSet::new();
    for _ in 0..5 {
        consumers.spawn(consume(items.clone(), permits.clone(), log.clone()));
    }
    let (putting, getting) = (producers.len(), consumers.len());
    println!("main: {putting} producers, {getting} consumers");

    let mut produced = producers.join_all().await.concat();
    let (put, wait) = (produced.len(), queue.len());
    let taken = put - wait;
    println!("main: produced {put} items, {taken} are in work, {wait} wait");
    sleep(Duration::from_millis(20)).await;

    unfinished.close();
    let tracker = unfinished.clone();
    let joined = tokio::spawn(async move { tracker.wait().await });
    let done = || log.lock().expect("no panic").len();
    permits.add_permits(50);
    while done() < 50 || !queue.is_empty() {
        yield_now().await;
    }
    yield_now().await; // enough for a join that does not wait
    yield_now().await;
    let (done_now, wait) = (done(), queue.len());
    let ended = joined.is_finished();
    println!("main: {done_now} are done, {wait} wait, joined: {ended}");
    permits.add_permits(5);
    joined.await?;
    println!("main: {} are done, joined: true", done());

    consumers.abort_all();
    let mut cancelled = 0;
    while let Some(outcome) = consumers.join_next().await {
        match outcome {
            Err(error) if error.is_cancelled() => cancelled += 1,
            other => other?,
        }
    }
    let done = std::mem::take(&mut *log.lock().expect("no panic"));
    let longest = done.iter().map(|(_, waited)| waited.as_millis()).max();
    println!(
        "main: the longest wait in the queue: {} ms",
        longest.ok_or("nothing was done")?
    );
    let mut consumed: Vec<_> = done.iter().map(|(item, _)| *item).collect();
    consumed.sort_unstable();
    produced.sort_unstable();
    let each = if consumed == produced { "once" } else { "not once" };
    println!("main: {cancelled} consumers cancelled, each item {each}");
    Ok(())
}

async fn produce(
    n: u32,
    queue: Sender<Item>,
    unfinished: TaskTracker,
) -> Vec<u32> {
    let items: Vec<u32> = (0..n).map(|k| 100 * n + k).collect();
    for &item in &items {
        yield_now().await; // making it
        let put = (item, Instant::now(), unfinished.token());
        queue.send(put).await.expect("consumers hold it open");
    }
    items
}

async fn consume(queue: Receiver<Item>, permits: Arc<Semaphore>, log: Log) {
    while let Ok((item, put, done)) = queue.recv().await {
        let waited = put.elapsed();
        let permit = permits.acquire().await.expect("never closed"); // the work
        permit.forget();
        log.lock().expect("no panic").push((item, waited));
        drop(done);
    }
}
