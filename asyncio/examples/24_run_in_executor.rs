//! Blocking calls in a pool: three at once, results as they are completed.
//!
//! Python: `loop.run_in_executor` and `asyncio.as_completed`, in
//! `24_run_in_executor.py`.
//! Notes: N3:134.
//!
//! A call that blocks (a file, a database driver, a C library) must not run on
//! the loop's thread. `spawn_blocking` hands it to a pool of threads and gives
//! back something to await; a `JoinSet` yields the results in the order in
//! which the calls end. Here each call blocks until main lets it go, so the
//! three are provably inside together and end in the order 3, 1, 2.
//!
//! The notes' blocking function says `asyncio.sleep(2)` and never awaits it: it
//! makes a coroutine, drops it and returns at once, so nothing was shown to
//! overlap. A blocking function must block: `time.sleep`, `thread::sleep`. In
//! Rust a future is as lazy, and the compiler warns of one that is not used.
//! Python's pool is yours to choose; tokio's is the runtime's, up to 512
//! threads, and a call in it cannot be cancelled once it has begun.
//!
//! ```text,expect
//! main: sleep not awaited, sleeps begun: 0
//! @lanes
//! call 1: blocked
//! call 2: blocked
//! call 3: blocked
//! @end
//! main: 3 calls blocked at once, the loop is free
//! main: 3 let go, result 9
//! main: 1 let go, result 1
//! main: 2 let go, result 4
//! ```
//!
//! Break it: `set.spawn_blocking(move || square(n, started, gate));` =>
//! `set.spawn(async move { square(n, started, gate) });`
//! Break it: `drop(nap)` => `tokio::runtime::Handle::current().block_on(nap)`

use std::cell::Cell;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let begun = spawn_blocking(never_awaits).await?;
    println!("main: sleep not awaited, sleeps begun: {begun}");

    let mut set = JoinSet::new();
    let mut gates = HashMap::new();
    let (started, mut starts) = mpsc::channel(3);
    for n in 1..=3 {
        let (open, gate) = oneshot::channel();
        gates.insert(n, open);
        let started = started.clone();
        set.spawn_blocking(move || square(n, started, gate));
    }
    drop(started);
    for _ in 1..=3 {
        starts.recv().await.ok_or("a call never started")?;
    }
    println!("main: 3 calls blocked at once, the loop is free");
    for n in [3, 1, 2] {
        let open = gates.remove(&n).ok_or("no such gate")?;
        open.send(()).map_err(|()| "the call is gone")?;
        let result = set.join_next().await.ok_or("no call left")??;
        println!("main: {n} let go, result {result}");
    }
    Ok(())
}

/// The notes' mistake: the sleep is made and thrown away.
fn never_awaits() -> u32 {
    let begun = Cell::new(0);
    let nap = async {
        begun.set(1);
        sleep(Duration::from_millis(20)).await;
    };
    drop(nap);
    begun.get()
}

fn square(
    n: u32,
    started: mpsc::Sender<()>,
    gate: oneshot::Receiver<()>,
) -> u32 {
    println!("call {n}: blocked");
    // Either of the two panics on the loop's thread.
    started.blocking_send(()).expect("main counts the starts");
    gate.blocking_recv().expect("main opens every gate");
    n * n
}
