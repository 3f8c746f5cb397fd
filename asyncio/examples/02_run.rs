//! Run: the one entry point into asynchronous code, and the way out.
//!
//! Python: `asyncio.run(hello())`, in `02_run.py`.
//! Notes: N0:1032, N0:1072, N1:141.
//!
//! A plain function cannot await. `#[tokio::main]` turns an async function into
//! a plain one: it builds a runtime (asyncio's event loop), runs the body to
//! its end and closes the runtime. Closing cancels the tasks that still wait.
//! You may enter again, each time with a new loop, but not from inside a
//! running one: Rust panics, Python raises `RuntimeError`. `join!`, Python's
//! `gather`, is no entry point: it runs coroutines in the loop that it is in.
//!
//! Four words that the other examples use:
//! - `flavor = "current_thread"`: all tasks run on the thread that entered, as
//!   in asyncio. Without it there is one worker thread for each core, and a
//!   worker with nothing to do takes tasks from another (work stealing): a task
//!   may then change its thread at any await.
//! - `Send`: for that reason `tokio::spawn` accepts only tasks that may move to
//!   another thread, under either flavor. `join!`, `join_all` and `select!`
//!   spawn nothing and do not ask for it.
//! - `LocalSet` with `spawn_local`, or `flavor = "local"`: a loop on one thread
//!   that accepts tasks which are not `Send`.
//! - `start_paused` (tokio's feature `test-util`, which `full` leaves out): the
//!   clock stands while a task can run, and jumps to the next timer when all
//!   wait. Delays are exact and take no time; meant for tests. asyncio has
//!   nothing like it, so siblings count turns of the loop: `sleep(0)`.
//!
//! In the notes: `run` "only once in a program" (N0:1069) is a habit, not a
//! rule: the second one here gets a loop of its own.
//!
//! ```text,expect
//! @tasks
//! @peak 0 threads
//! main: no loop is running
//! hello: Hello
//! hello: a loop is running
//! background: waits for ever
//! hello: World
//! worker 1: begins
//! worker 2: begins
//! worker 3: begins
//! worker 1: ends
//! worker 2: ends
//! worker 3: ends
//! background: cancelled
//! main: Done 1, Done 2, Done 3
//! main: no loop is running
//! worker 4: begins
//! worker 4: ends
//! main: once more, Done 4
//! ```
//!
//! Break it: `yield_now().await; // background begins` => ``
//! Break it: `let words = hello();` =>
//! `let words = std::thread::spawn(hello).join().expect("no panic");`
//! Break it: `join_all([1, 2, 3].map(worker)).await` =>
//! `{ let mut words = Vec::new();
//! for n in 1..4 { words.push(worker(n).await); } words }`
//!
//! Break it (Python): `asyncio.gather(worker(1), worker(2), worker(3))` =>
//! `asyncio.gather(worker(1), worker(2))`
//! Break it (Python): `words = asyncio.run(hello())` =>
//! `from concurrent.futures import ThreadPoolExecutor;
//! words = ThreadPoolExecutor().submit(asyncio.run, hello()).result()`
//! Break it (Python): `await asyncio.sleep(0)  # background begins` => `pass`

use std::future::pending;

use futures::future::join_all;
use tokio::runtime::Handle;
use tokio::task::yield_now;

fn main() {
    report("main");
    let words = hello();
    println!("main: {}", words.join(", "));
    report("main");
    println!("main: once more, {}", once_more());
}

#[tokio::main(flavor = "current_thread")]
async fn hello() -> Vec<String> {
    tokio::spawn(background());
    println!("hello: Hello");
    report("hello");
    yield_now().await; // background begins
    println!("hello: World");
    join_all([1, 2, 3].map(worker)).await
}

#[tokio::main(flavor = "current_thread")]
async fn once_more() -> String {
    worker(4).await
}

async fn worker(n: u32) -> String {
    println!("worker {n}: begins");
    yield_now().await;
    println!("worker {n}: ends");
    format!("Done {n}")
}

async fn background() {
    let _cancelled = Cancelled;
    println!("background: waits for ever");
    pending::<()>().await;
}

struct Cancelled;

impl Drop for Cancelled {
    fn drop(&mut self) {
        println!("background: cancelled");
    }
}

fn report(actor: &str) {
    let count = if Handle::try_current().is_ok() { "a" } else { "no" };
    println!("{actor}: {count} loop is running");
}
