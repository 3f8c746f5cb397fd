//! Async lock: held across an await, it keeps the others out.
//!
//! Python: `async with asyncio.Lock()`, in `26_async_lock.py`.
//! Notes: N3:118, N4:296.
//!
//! On one loop no other task runs between two awaits. But what was read before
//! an await may be stale after it: there the lock is needed. Waiting for an
//! async lock suspends the task and leaves the thread free. In both languages
//! the task that has waited longest gets it next. In Rust the data lives inside
//! the lock and is reached through the guard alone.
//!
//! With no await inside, take the cheaper `std::sync::Mutex`. Held across one,
//! it blocks the thread, and with it the very task that should release it; its
//! guard is not `Send`, so `tokio::spawn` refuses that, but `join!` does not
//! (see `guard_across_await`).
//!
//! The waits are exact on tokio's paused clock; the sibling's is a turn of the
//! loop.
//!
//! In the notes: asyncio is said to end nearly all problems of thread safety
//! (N4:296). The lost update below needs no threads, one await is enough.
//!
//! ```text,expect
//! @tasks
//! ann: reads 0
//! bob: reads 0
//! ann: writes 10
//! bob: writes 20
//! main: without a lock, the balance is 20
//! ann: wants to deposit 10
//! ann: reads 0
//! bob: wants to deposit 20
//! cid: wants to deposit 30
//! ann: writes 10
//! bob: reads 10
//! bob: writes 30
//! cid: reads 30
//! cid: writes 60
//! main: with a lock, the balance is 60
//! ```
//!
//! Break it: `let seen = *balance;` => `let seen = *balance; drop(balance);`,
//! `*balance = seen + amount;` =>
//! `let mut balance = account.lock().await; *balance = seen + amount;`
//! Break it:
//! `join!(careless("ann", &balance, 10), careless("bob", &balance, 20));` =>
//! `careless("ann", &balance, 10).await;
//! careless("bob", &balance, 20).await;`
//!
//! Break it (Python): `async with account.lock:` => `if True:`
//! Break it (Python): `await asyncio.sleep(0)  # another task comes in` =>
//! `pass`

use std::cell::Cell;
use std::time::Duration;

use futures::join;
use tokio::sync::Mutex;
use tokio::time::sleep;

const ROUND_TRIP: Duration = Duration::from_millis(10);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let balance = Cell::new(0);
    join!(careless("ann", &balance, 10), careless("bob", &balance, 20));
    println!("main: without a lock, the balance is {}", balance.get());

    let account = Mutex::new(0);
    join!(
        deposit("ann", &account, 10),
        deposit("bob", &account, 20),
        deposit("cid", &account, 30),
    );
    println!("main: with a lock, the balance is {}", account.into_inner());
}

async fn deposit(name: &str, account: &Mutex<u32>, amount: u32) {
    println!("{name}: wants to deposit {amount}");
    let mut balance = account.lock().await;
    println!("{name}: reads {balance}");
    let seen = *balance;
    sleep(ROUND_TRIP).await;
    *balance = seen + amount;
    println!("{name}: writes {balance}");
}

async fn careless(name: &str, balance: &Cell<u32>, amount: u32) {
    let seen = balance.get();
    println!("{name}: reads {seen}");
    sleep(ROUND_TRIP).await; // another task comes in
    balance.set(seen + amount);
    println!("{name}: writes {}", balance.get());
}
