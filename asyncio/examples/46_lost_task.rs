//! A lost task: nobody holds it, and it ends in the middle.
//!
//! Python: `create_task` without a name, in `46_lost_task.py`.
//! Reported: python/cpython#91887, BerriAI/litellm#5559, bolna-ai/bolna#809.
//! Symptom: it says nothing: a background task never finishes, "Task was
//! destroyed but it is pending".
//!
//! "Task was destroyed but it is pending", or nothing at all: a background task
//! stops at an await, now and then, and no exception is seen. asyncio's loop
//! refers to its tasks weakly. A task that waits for something that only the
//! task itself refers to is a cycle, and the garbage collector takes it. Hold
//! every task: in a set that it leaves when it is done, or in a `TaskGroup`.
//!
//! In Rust the runtime owns its tasks: dropping the handle of `tokio::spawn`
//! loses the result, never the task. But a `JoinSet` owns its tasks, and
//! dropping it aborts them: a function that makes one and returns starts tasks
//! that do not live. Give the set to an owner that outlives them. The compiler
//! sees neither.
//!
//! Main has news for both tasks. The first one is gone before it is told.
//!
//! ```text,expect
//! @tasks
//! forgotten: waits for news
//! forgotten: leaves
//! main: tells forgotten, heard: false, tasks alive: 0
//! held: waits for news
//! main: tells held, heard: true, tasks alive: 1
//! held: got the news
//! held: leaves
//! main: all that were held have ended, still held: 0
//! @stderr any
//! ```
//!
//! Break it: `let mut held = start("held", &mut desk);` =>
//! `let mut held = JoinSet::<()>::new(); start("held", &mut desk);`
//! Break it: `let _tasks = start("forgotten", &mut desk);` =>
//! `start("forgotten", &mut desk).detach_all();`
//!
//! Break it (Python): `held.add(task)` => `pass`
//! Break it (Python): `start("forgotten", desk)` =>
//! `kept = start("forgotten", desk)`
//! Break it (Python): `task.add_done_callback(held.discard)` => `pass`

use std::collections::HashMap;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet, yield_now};

/// Who waits for news, by name.
type Desk = HashMap<&'static str, oneshot::Sender<()>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), JoinError> {
    let mut desk = Desk::new();
    {
        let _tasks = start("forgotten", &mut desk);
        yield_now().await; // it begins
    }
    yield_now().await; // it has been dropped
    tell("forgotten", &mut desk);

    let mut held = start("held", &mut desk);
    yield_now().await; // it begins
    tell("held", &mut desk);
    while let Some(outcome) = held.join_next().await {
        outcome?;
    }
    println!("main: all that were held have ended, still held: {}", held.len());
    Ok(())
}

fn start(name: &'static str, desk: &mut Desk) -> JoinSet<()> {
    let (news, heard) = oneshot::channel();
    desk.insert(name, news);
    let mut tasks = JoinSet::new();
    tasks.spawn(listen(name, heard));
    tasks
}

async fn listen(name: &'static str, news: oneshot::Receiver<()>) {
    let _leaves = Leaves(name);
    println!("{name}: waits for news");
    if news.await.is_ok() {
        println!("{name}: got the news");
    }
}

fn tell(name: &str, desk: &mut Desk) {
    let heard = desk.remove(name).is_some_and(|news| news.send(()).is_ok());
    let alive = Handle::current().metrics().num_alive_tasks();
    println!("main: tells {name}, heard: {heard}, tasks alive: {alive}");
}

struct Leaves(&'static str);

impl Drop for Leaves {
    fn drop(&mut self) {
        println!("{}: leaves", self.0);
    }
}
