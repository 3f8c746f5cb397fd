//! Async event: one set releases all who wait.
//!
//! Python: `asyncio.Event`, in `21_async_event.py`.
//! Notes: N3:125.
//!
//! A flag that can be waited for: "ready", "connected", "stop". It stays set,
//! so who comes late goes straight on. In tokio a `watch` channel of a `bool`
//! is that event: `send_replace(true)` sets, `send_replace(false)` clears,
//! `wait_for` awaits; and it may hold more than a bool, such as the newest
//! configuration. `Notify` looks nearer, but forgets: `notify_waiters` reaches
//! only those who wait at that moment. If the sender is dropped, the waiters
//! get an error, while asyncio's wait on.
//!
//! On tokio's paused clock the setter's wait is over when all others wait.
//!
//! ```text,expect
//! @lanes
//! ann: waits  #waits
//! ann: goes on  #on
//! bob: waits  #waits
//! bob: goes on  #on
//! setter: sets the event  #set
//! @end
//! @before waits set
//! @before set on
//! late: waits
//! late: goes on
//! main: all have gone on
//! ```
//!
//! Break it: `event.wait_for(|set| *set).await?;` => ``
//! Break it: `event.send_replace(true);` => `event.send_replace(false);`

use std::time::Duration;

use tokio::sync::watch;
use tokio::sync::watch::error::RecvError;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), RecvError> {
    let (event, waiter) = watch::channel(false);
    tokio::try_join!(
        wait("ann", waiter.clone()),
        wait("bob", waiter.clone()),
        set(event),
    )?;
    wait("late", waiter).await?;
    println!("main: all have gone on");
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

async fn set(event: watch::Sender<bool>) -> Result<(), RecvError> {
    sleep(Duration::from_millis(10)).await;
    println!("setter: sets the event");
    event.send_replace(true);
    Ok(())
}
