//! Shield: the waiter is cancelled, the work is not.
//!
//! Python: `asyncio.shield(work)`, in `21_shield.py`.
//! Notes: none.
//!
//! A client hangs up, and the handler that serves it is cancelled. What it has
//! begun should be finished all the same: a payment, a cache that others wait
//! for. Work that is awaited inside the handler is cancelled with it. `shield`
//! awaits a task and takes the cancellation on itself. In Rust a spawned task
//! needs no shield: the handler owns only the handle, and dropping a handle
//! stops nothing. Several waiters share one result through `Shared`.
//!
//! Shielded work has nobody above it. Hold the task (see `lost_task`), look at
//! its error, and wait for it before the program ends: a loop that closes
//! cancels it too (see `async_shutdown`). And `shield` protects from the
//! waiter's cancellation alone; who cancels the task itself, stops it.
//!
//! The waits are exact on tokio's paused clock; the sibling counts turns.
//!
//! ```text,expect
//! @tasks
//! bare: begins
//! main: cancels its waiter
//! bare: is cut off
//! main: the waiter was cancelled: true
//! shielded: begins
//! main: cancels its waiter
//! main: the waiter was cancelled: true
//! shielded: ends
//! main: asks later
//! main: the work gave 42
//! ```
//!
//! Break it: `tokio::spawn(work("shielded"))` =>
//! `work("shielded").map(Ok::<_, JoinError>)`
//! Break it: `tokio::spawn(work("bare"))` =>
//! `tokio::spawn(tokio::spawn(work("bare")).map(|done| done.is_ok()))`
//! Break it: `waiter.abort();` => ``
//!
//! Break it (Python): `asyncio.shield(shielded)` => `shielded`
//! Break it (Python): `waiter.cancel()` => `pass`

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::task::{JoinError, JoinHandle, yield_now};
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Arc<JoinError>> {
    let waiter = tokio::spawn(work("bare"));
    cancel(waiter).await;

    let work = tokio::spawn(work("shielded"));
    let work = work.map(|done| done.map_err(Arc::new)).shared();
    let waiter = tokio::spawn(work.clone());
    cancel(waiter).await;
    sleep(Duration::from_secs(3600)).await;
    println!("main: asks later");
    println!("main: the work gave {}", work.await?);
    Ok(())
}

async fn cancel<T>(waiter: JoinHandle<T>) {
    yield_now().await; // it waits
    println!("main: cancels its waiter");
    waiter.abort();
    let cancelled = waiter.await.is_err_and(|error| error.is_cancelled());
    println!("main: the waiter was cancelled: {cancelled}");
}

async fn work(name: &'static str) -> u32 {
    let cut_off = CutOff(name);
    println!("{name}: begins");
    sleep(Duration::from_millis(10)).await;
    println!("{name}: ends");
    std::mem::forget(cut_off);
    42
}

struct CutOff(&'static str);

impl Drop for CutOff {
    fn drop(&mut self) {
        println!("{}: is cut off", self.0);
    }
}
