//! Async lock: held across an await, it keeps the others out.
//!
//! Python: `async with asyncio.Lock()`, in `19_async_lock.py`.
//! Notes: N3:118.
//!
//! On one loop nobody comes in between two awaits. But whatever is read before
//! an await may be stale after it: there the lock is needed. Waiting for an
//! async lock puts the task aside and leaves the thread free; in both languages
//! the longest waiting gets it next. The data lives inside the lock in Rust and
//! is reached through the guard alone. With no await inside, take the cheaper
//! `std::sync::Mutex`; held across one, it would block the thread, and with it
//! the very task that is to release it.
//!
//! The waits are exact on tokio's paused clock, and free.
//!
//! ```text,expect
//! ann: wants to deposit 10
//! ann: reads 0
//! bob: wants to deposit 20
//! cid: wants to deposit 30
//! ann: writes 10
//! bob: reads 10
//! bob: writes 30
//! cid: reads 30
//! cid: writes 60
//! main: the balance is 60
//! ```
//!
//! Break it: `let seen = *balance;` => `let seen = *balance; drop(balance);`,
//! `*balance = seen + amount;` =>
//! `let mut balance = account.lock().await; *balance = seen + amount;`

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let account = Mutex::new(0);
    tokio::join!(
        deposit("ann", &account, 10),
        deposit("bob", &account, 20),
        deposit("cid", &account, 30),
    );
    println!("main: the balance is {}", account.into_inner());
}

async fn deposit(name: &str, account: &Mutex<u32>, amount: u32) {
    println!("{name}: wants to deposit {amount}");
    let mut balance = account.lock().await;
    println!("{name}: reads {balance}");
    let seen = *balance;
    sleep(Duration::from_millis(10)).await;
    *balance = seen + amount;
    println!("{name}: writes {balance}");
}
