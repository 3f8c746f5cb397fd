//! Event loop: a runtime driven by hand, and stopped from inside.
//!
//! Python: `run_until_complete`, `run_forever` and `stop`, in
//! `07_event_loop.py`.
//! Notes: N0:1048, N1:156, N4:1105, N4:1175, N4:1192, N4:1212, N4:1240.
//!
//! A current-thread runtime is asyncio's event loop. Its tasks move only while
//! `block_on` drives it, on the thread that called, and stay in it between two
//! drives: the task with 5 + 5 is queued before the first drive and awaited in
//! the second. `block_on(future)` is `run_until_complete`. There is no
//! `run_forever`: you await a message, and sending it is `stop`. Dropping the
//! runtime is `close`; a task spawned after that is cancelled at once, where
//! Python raises `RuntimeError`. Drive a loop by hand only where it is a guest
//! in a larger program. Everywhere else use `#[tokio::main]`, `asyncio.run`.
//!
//! In the notes: `asyncio.get_event_loop()` made a loop where none was set.
//! Since Python 3.14 that is an error: `asyncio.new_event_loop()` makes one.
//!
//! ```text,expect
//! @tasks
//! main: a task is queued, done: false
//! main: 7
//! main: 10
//! main: runs until stopped
//! results: 7 10
//! results: stop
//! main: closed: false
//! main: closed: true
//! ```
//!
//! Break it: `event_loop.block_on(stopped)?;` =>
//! `{ let mut stopped = stopped; stopped.try_recv()?; }`
//! Break it: `drop(event_loop);` => ``
//! Break it: `event_loop.spawn(results(stop));` =>
//! `let handle = event_loop.handle().clone();
//! std::thread::spawn(move || handle.block_on(results(stop)));`
//! Break it: `event_loop.spawn(results(stop));` =>
//! `event_loop.block_on(results(stop));`
//!
//! Break it (Python): `loop.run_forever()` => `pass`
//! Break it (Python): `loop.close()` => `pass`

use std::error::Error;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

fn main() -> Result<(), Box<dyn Error>> {
    let event_loop = Builder::new_current_thread().build()?;
    let queued = event_loop.spawn(add(5, 5));
    println!("main: a task is queued, done: {}", queued.is_finished());
    println!("main: {}", event_loop.block_on(add(3, 4)));
    println!("main: {}", event_loop.block_on(queued)?);

    let (stop, stopped) = oneshot::channel();
    event_loop.spawn(results(stop));
    println!("main: runs until stopped");
    event_loop.block_on(stopped)?;

    let handle = event_loop.handle().clone();
    println!("main: closed: {}", is_closed(&handle));
    drop(event_loop);
    println!("main: closed: {}", is_closed(&handle));
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

fn is_closed(event_loop: &Handle) -> bool {
    event_loop.spawn(async {}).is_finished()
}
