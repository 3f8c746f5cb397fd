//! Future: one task sets the value that another awaits.
//!
//! Python: `loop.create_future()`, in `13_future.py`.
//! Notes: N3:100.
//!
//! asyncio's `Future` is a slot with a waiter; other languages say promise. Do
//! not take it for Rust's `Future` trait, which is the coroutine. Its
//! counterpart is a `oneshot` channel in two halves: the sender sets the value,
//! once, and the receiver is awaited. Setting switches to nobody: the waiter
//! runs at the next turn of the loop, and the setter goes on with its own work.
//! Rust checks more. `send` consumes the sender, so a second one does not
//! compile (`InvalidStateError` in Python). A sender that is dropped unused
//! gives the waiter an error; asyncio's waiter waits forever. Reach for it to
//! hand one answer to one waiter (see `actor`). For more of either there are
//! `watch` and `mpsc`.
//!
//! ```text,expect
//! @tasks
//! main: waits
//! setter: sets 42
//! setter: goes on at once
//! main: got 42
//! setter: goes on after main
//! main: the setter has ended
//! ```
//!
//! Break it: `promise.send(42)` => `Ok::<(), u32>(drop(promise))`
//! Break it: `.expect("main awaits it");` =>
//! `.expect("main awaits it"); tokio::task::yield_now().await;`
//! Break it: `setter.await?;` => `drop(setter);`
//!
//! Break it (Python): `future.set_result(42)` => `future.cancel()`
//! Break it (Python): `print("setter: goes on at once")` =>
//! `await asyncio.sleep(0); print("setter: goes on at once")`
//! Break it (Python): `await task` => `pass`

use std::error::Error;

use tokio::sync::oneshot;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (promise, future) = oneshot::channel();
    let (heard, main_heard) = oneshot::channel();
    let setter = tokio::spawn(setter(promise, main_heard));
    println!("main: waits");
    let value = future.await?;
    println!("main: got {value}");
    heard.send(()).expect("the setter awaits it");
    setter.await?;
    println!("main: the setter has ended");
    Ok(())
}

async fn setter(
    promise: oneshot::Sender<u32>,
    main_heard: oneshot::Receiver<()>,
) {
    println!("setter: sets 42");
    promise.send(42).expect("main awaits it");
    println!("setter: goes on at once");
    main_heard.await.expect("main sends it");
    println!("setter: goes on after main");
}
