//! Event loop: a runtime driven by hand, and stopped from inside.
//!
//! Python: `run_until_complete`, `run_forever` and `stop`, in
//! `02_event_loop.py`.
//! Notes: N0:1048, N4:1091, N4:1175, N4:1192, N4:1212, N4:1240, N1:156.
//!
//! A current-thread runtime is asyncio's event loop: tasks wait in it and move
//! only while `block_on` drives it, on the thread that called. It keeps them
//! from one drive to the next: the task with 5 + 5 is queued before the first
//! drive and finished in the second. `block_on(future)` is
//! `run_until_complete`. There is no `run_forever`: one waits for a message,
//! and sending it is `stop`. Dropping the runtime is `close`. By hand one
//! needs it where the loop is a guest in a larger program; else write
//! `#[tokio::main]`, as the other examples do, or `asyncio.run`.
//!
//! The notes get their loop from `asyncio.get_event_loop()`; where none runs or
//! is set, that is an error since Python 3.14: `new_event_loop()` makes one.
//!
//! ```text,expect
//! main: a task is queued, not done
//! main: 7
//! main: 10
//! main: runs until stopped
//! results: 7 10
//! results: stop
//! main: closed
//! ```
//!
//! Break it: `event_loop.block_on(stopped)?;` =>
//! `{ let mut stopped = stopped; stopped.try_recv()?; }`

use std::error::Error;

use tokio::runtime::Builder;
use tokio::sync::oneshot;

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = Builder::new_current_thread().build()?;
    let queued = event_loop.spawn(add(5, 5));
    assert!(!queued.is_finished());
    println!("main: a task is queued, not done");
    println!("main: {}", event_loop.block_on(add(3, 4)));
    println!("main: {}", event_loop.block_on(queued)?);

    let (stop, stopped) = oneshot::channel();
    event_loop.spawn(results(stop));
    println!("main: runs until stopped");
    event_loop.block_on(stopped)?;
    drop(event_loop);
    println!("main: closed");
    Ok(())
}

async fn add(x: u32, y: u32) -> u32 {
    x + y
}

async fn results(stop: oneshot::Sender<()>) {
    let first = add(3, 4).await;
    let second = add(5, 5).await;
    println!("results: {first} {second}");
    println!("results: stop");
    stop.send(()).expect("main waits for it");
}
