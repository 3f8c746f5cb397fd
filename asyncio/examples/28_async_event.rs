//! Async event: one set releases all who wait.
//!
//! Python: `asyncio.Event`, in `28_async_event.py`.
//! Notes: N3:125.
//!
//! A flag that can be waited for: "ready", "connected", "stop". It stays set
//! until it is cleared: a waiter after `set` goes straight on. In tokio a
//! `watch` channel of a `bool` is that event: `send_replace(true)` sets,
//! `send_replace(false)` clears, `wait_for` awaits. It may hold more than a
//! bool, such as the newest configuration. If the sender is dropped the waiters
//! get an error, where asyncio's wait on.
//!
//! `Notify` looks nearer, but it has no flag: `notify_waiters` reaches the
//! `Notified` futures that exist at that moment, awaited or not, and none that
//! is made later. Make the future first, then look, then await it.
//!
//! On tokio's paused clock the setter's wait is over when all others wait; in
//! the sibling, after a turn of the loop. The setter is started first, so
//! without that wait it would be too early.
//!
//! ```text,expect
//! @tasks
//! ann: waits
//! bob: waits
//! setter: sets the event
//! ann: goes on
//! bob: goes on
//! late: waits
//! late: goes on
//! main: cleared
//! again: waits
//! main: again has not gone on
//! ```
//!
//! Break it: `event.wait_for(|set| *set).await?;` => ``
//! Break it: `event.send_replace(true);` => `event.send_replace(false);`
//! Break it: `sleep(Duration::from_millis(10)).await;` => ``
//! Break it: `event.send_replace(false);` => ``
//!
//! Break it (Python): `await event.wait()` => `pass`
//! Break it (Python): `event.set()` => `event.clear()`
//! Break it (Python): `await asyncio.sleep(0)  # both wait now` => `pass`
//! Break it (Python): `event.clear()` => `pass`

use std::time::Duration;

use futures::try_join;
use tokio::sync::watch;
use tokio::sync::watch::error::RecvError;
use tokio::time::{sleep, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), RecvError> {
    let (event, waiter) = watch::channel(false);
    try_join!(
        set(&event),
        wait("ann", waiter.clone()),
        wait("bob", waiter.clone()),
    )?;
    wait("late", waiter.clone()).await?;

    event.send_replace(false);
    println!("main: cleared");
    let again = timeout(Duration::from_millis(10), wait("again", waiter));
    if again.await.is_err() {
        println!("main: again has not gone on");
    }
    Ok(())
}

async fn wait(
    name: &str,
    mut event: watch::Receiver<bool>,
) -> Result<(), RecvError> {
    println!("{name}: waits");
    event.wait_for(|set| *set).await?;
    println!("{name}: goes on");
    Ok(())
}

async fn set(event: &watch::Sender<bool>) -> Result<(), RecvError> {
    sleep(Duration::from_millis(10)).await;
    println!("setter: sets the event");
    event.send_replace(true);
    Ok(())
}
