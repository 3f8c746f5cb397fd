//! Await: this task waits, others go on, the value comes back.
//!
//! Python: `await f()`, in `04_await_result.py`.
//! Notes: N0:1176, N1:141, N4:1115.
//!
//! `await` on a coroutine runs it inside the task that awaits, like a call. No
//! task is made, and no other task gets a turn until something deep down has to
//! wait. Then the whole chain is suspended: `main` in `g` in `f`. The loop runs
//! other tasks, and later goes on at that very place with the value. Rust
//! writes `await` behind the call, `g().await`, so that `?` can follow.
//!
//! On tokio's paused clock (see `run`) the waits are exact: the third 10 ms of
//! the other task end between the 25 ms of `f`. The sibling counts turns of the
//! loop.
//!
//! ```text,expect
//! @tasks
//! main: awaits g
//! g: awaits f
//! f: fetching, tasks besides main: 1
//! other: 1
//! other: 2
//! f: half of it
//! other: 3
//! f: fetched
//! g: f returned some data
//! main: g returned some data
//! ```
//!
//! Break it: `sleep(Duration::from_millis(10)).await;` => ``
//! Break it: `sleep(HALF).await; // first` => `std::thread::sleep(HALF);`
//! Break it: `g().await` => `tokio::spawn(g()).await?`
//!
//! Break it (Python): `await asyncio.sleep(0)  # one turn of the loop` =>
//! `pass`
//! Break it (Python): `await g()` => `await asyncio.create_task(g())`

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinError;
use tokio::time::sleep;

const HALF: Duration = Duration::from_millis(25);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let other = tokio::spawn(other());
    println!("main: awaits g");
    let data = g().await;
    println!("main: g returned {data}");
    other.await
}

async fn g() -> &'static str {
    println!("g: awaits f");
    let data = f().await;
    println!("g: f returned {data}");
    data
}

async fn f() -> &'static str {
    let tasks = Handle::current().metrics().num_alive_tasks();
    println!("f: fetching, tasks besides main: {tasks}");
    sleep(HALF).await; // first
    println!("f: half of it");
    sleep(HALF).await;
    println!("f: fetched");
    "some data"
}

async fn other() {
    for n in 1..=3 {
        sleep(Duration::from_millis(10)).await;
        println!("other: {n}");
    }
}
