//! A toy executor: under 100 lines, and it runs what tokio runs.
//!
//! Python: a loop over `coroutine.send`, in `35_toy_executor.py`.
//! Notes: N0:997.
//!
//! An event loop is less than it seems: a queue of tasks that are ready, a
//! waker that puts a task back into it, and timers. `src/toy_executor.rs` is
//! all of that; `tests/model.rs` checks it over every interleaving of a wake
//! with the loop. The `async fn`s below do not know what runs them. They are
//! woken by a timer, by another task, and by a thread outside. Only the sleep
//! belongs to a runtime, so it is passed in: tokio's panics in any other
//! executor, while tokio's channels work in all of them.
//!
//! Where asyncio resumes a coroutine with `send`, Rust polls a future and
//! hands it a waker. A task is polled once to start it and once for each wake:
//! three tasks that wait once each take at most 6 polls. A loop that asks again
//! and again takes thousands. A little longer than a screen: it serves two
//! executors.
//!
//! ```text,expect
//! @threads visitor
//! @tasks
//! main: on the toy executor
//! cup: waits for water
//! guest: waits for the door
//! kettle: on
//! kettle: boils
//! cup: full
//! visitor: opens the door, from another thread
//! guest: comes in
//! main: 3 tasks, {:int 5..6} polls
//! main: on {:word}
//! cup: waits for water
//! guest: waits for the door
//! kettle: on
//! kettle: boils
//! cup: full
//! visitor: opens the door, from another thread
//! guest: comes in
//! main: 3 tasks, {:int 5..6} polls
//! ```
//!
//! Break it: `water.await.is_ok()` => `true`
//! Break it: `boil.await;` => `let end = std::time::Instant::now() + BOIL;
//! while end > std::time::Instant::now() { tokio::task::yield_now().await }`
//! Break it (Python): `    await door` => `    pass`

use asyncio::toy_executor::Executor;
use std::error::Error;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

const BOIL: Duration = Duration::from_millis(20);
static POLLS: AtomicU32 = AtomicU32::new(0);

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: on the toy executor");
    let toy = Executor::default();
    let clock = toy.clone();
    let (tasks, visitor) = breakfast(async move { clock.sleep(BOIL).await });
    for task in tasks {
        toy.spawn(counted(task));
    }
    toy.run();
    visitor.join().unwrap_or_else(|panic| resume_unwind(panic));
    println!("main: 3 tasks, {} polls", POLLS.swap(0, Ordering::Relaxed));

    println!("main: on tokio");
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let (tasks, visitor) = breakfast(async { sleep(BOIL).await });
    runtime.block_on(async {
        let mut set: JoinSet<()> = tasks.into_iter().map(counted).collect();
        while let Some(ended) = set.join_next().await {
            ended?;
        }
        Ok::<(), Box<dyn Error>>(())
    })?;
    visitor.join().unwrap_or_else(|panic| resume_unwind(panic));
    println!("main: 3 tasks, {} polls", POLLS.load(Ordering::Relaxed));
    Ok(())
}

fn breakfast(
    boil: impl Future<Output = ()> + Send + 'static,
) -> ([Task; 3], JoinHandle<()>) {
    let (pour, water) = oneshot::channel();
    let (open, door) = oneshot::channel();
    let (ring, bell) = mpsc::channel();
    let visitor = thread::spawn(move || {
        if bell.recv().is_ok() {
            println!("visitor: opens the door, from another thread");
            let _ = open.send(());
        }
    });
    let (cup, guest) = (Box::pin(cup(water, ring)), Box::pin(guest(door)));
    ([cup, guest, Box::pin(kettle(boil, pour))], visitor)
}

async fn kettle(boil: impl Future<Output = ()>, pour: oneshot::Sender<()>) {
    println!("kettle: on");
    boil.await;
    println!("kettle: boils");
    let _ = pour.send(());
}

async fn cup(water: oneshot::Receiver<()>, ring: mpsc::Sender<()>) {
    println!("cup: waits for water");
    if water.await.is_ok() {
        println!("cup: full");
    }
    let _ = ring.send(());
}

async fn guest(door: oneshot::Receiver<()>) {
    println!("guest: waits for the door");
    if door.await.is_ok() {
        println!("guest: comes in");
    }
}

async fn counted(mut task: Task) {
    poll_fn(|cx| {
        POLLS.fetch_add(1, Ordering::Relaxed);
        task.as_mut().poll(cx)
    })
    .await;
}
