//! Context lost: whose request is this, after an await and in a pool?
//!
//! Python: `threading.local` against `contextvars`, in `57_context_lost.py`.
//! Reported: python/cpython#78195, tokio-rs/tracing#698.
//! Symptom: it says nothing: the log names another user, or none.
//!
//! A web server keeps the user of the present request where any function can
//! find it, for its log. In a thread-local that goes wrong: tasks share a
//! thread, so after an await the value is that of the last task. A task-local
//! goes with the task: `contextvars` in Python, `tokio::task_local!` in Rust.
//!
//! It does not go with work that is handed to somebody else. A pool's thread
//! knows nothing of the task: `run_in_executor` and `spawn_blocking` start with
//! nothing. `asyncio.to_thread` copies the context; in Rust you take the value
//! along by hand, as `tracing` does with a span. Python copies the context
//! into each new task, tokio does not: `spawn` too begins with nothing. Where
//! you can, hand the value over as an argument; the compiler then checks it.
//!
//! ```text,expect
//! @tasks
//! ann: begins, thread-local ann, task-local ann
//! bob: begins, thread-local bob, task-local bob
//! bob: goes on, thread-local bob, task-local bob
//! ann: goes on, thread-local bob, task-local ann
//! main: in a pool: nobody
//! main: in a pool, taken along: ann
//! main: in a task of her own: {:word}
//! ```
//!
//! Break it: `TASK_LOCAL.sync_scope(user, who_asks)` =>
//! `who_asks()`
//! Break it: `(THREAD_LOCAL.get(), TASK_LOCAL.get())` =>
//! `(THREAD_LOCAL.get(), THREAD_LOCAL.get())`
//! Break it (Python): `asyncio.to_thread(who_asks)` =>
//! `loop.run_in_executor(None, who_asks)`
//! Break it (Python): `task-local {task_local.get()}` =>
//! `task-local {thread_local.user}`

use std::cell::Cell;
use std::error::Error;
use tokio::sync::Barrier;
use tokio::task::spawn_blocking;
use tokio::{join, spawn, task_local};

thread_local! {
    static THREAD_LOCAL: Cell<&'static str> = const { Cell::new("nobody") };
}
task_local! {
    static TASK_LOCAL: &'static str;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let turn = Barrier::new(2);
    join!(
        TASK_LOCAL.scope("ann", request("ann", &turn)),
        TASK_LOCAL.scope("bob", request("bob", &turn)),
    );
    TASK_LOCAL.scope("ann", hand_over()).await
}

async fn request(user: &'static str, both_began: &Barrier) {
    THREAD_LOCAL.set(user);
    tell(user, "begins");
    both_began.wait().await;
    tell(user, "goes on");
}

fn tell(user: &str, what: &str) {
    let (thread_local, task_local) = (THREAD_LOCAL.get(), TASK_LOCAL.get());
    print!("{user}: {what}, thread-local {thread_local}, ");
    println!("task-local {task_local}");
}

async fn hand_over() -> Result<(), Box<dyn Error>> {
    let user = spawn_blocking(who_asks).await?;
    println!("main: in a pool: {user}");

    let user = TASK_LOCAL.get();
    let taken_along = move || TASK_LOCAL.sync_scope(user, who_asks);
    println!(
        "main: in a pool, taken along: {}",
        spawn_blocking(taken_along).await?
    );

    let user = spawn(async { who_asks() }).await?;
    println!("main: in a task of her own: {user}");
    Ok(())
}

fn who_asks() -> &'static str {
    TASK_LOCAL.try_with(|user| *user).unwrap_or("nobody")
}
