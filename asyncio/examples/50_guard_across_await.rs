//! A guard across an await: the lock stays locked while its task waits.
//!
//! Python: `with threading.Lock()` around an `await`, in
//! `50_guard_across_await.py`.
//! Reported: rust-lang/rust-clippy#4226, tokio-rs/tokio#4588.
//! Symptom: it hangs: every task stands still, the processor is idle.
//!
//! The whole program stands still, the processor idle: a task locks a plain
//! mutex and awaits, another task locks the same mutex. That call blocks the
//! loop's thread, so the first task can never run again to unlock. Both
//! languages have it. `tokio::spawn` refuses such a task, because the guard of
//! `std::sync::Mutex` is not `Send` (see `src/lib.rs`); `join!`, `select!` and
//! `spawn_local` do not. Clippy warns: `await_holding_lock`.
//!
//! Await first and lock after, so that the guard's scope holds no await: most
//! often that is right, and it is the cheapest. Where the lock must be held
//! over the wait, take an async mutex: then the other task waits, not the
//! thread.
//!
//! Bob only tries the plain lock, so the program goes on.
//!
//! ```text,expect
//! @tasks
//! ann: holds a plain lock and awaits
//! bob: finds the lock free: false
//! ann: paid, balance 10
//! ann: awaits without the lock
//! bob: finds the lock free: true
//! ann: paid, balance 20
//! ann: holds an async lock and awaits
//! bob: waits for the async lock
//! ann: paid, balance 30
//! bob: sees balance 30
//! ```
//!
//! Break it: `let fee = fee().await; // first` => `let mut balance =
//! account.lock().expect("no panic"); let fee = fee().await;`,
//! `let mut balance = account.lock().expect("no panic"); // after` => ``
//! Break it: `println!("bob: sees balance {}", account.lock().await);` =>
//! `let free = account.try_lock().is_ok(); println!("bob: free {free}");`
//!
//! Break it (Python): `fee = await get_fee()  # first` =>
//! `account.lock.acquire(); fee = await get_fee(); account.lock.release()`
//! Break it (Python): `async with account.async_lock:  # bob` => `if True:`

use std::sync::{Mutex, TryLockError};

use futures::join;
use tokio::task::yield_now;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let account = Mutex::new(0);
    join!(holds_and_awaits(&account), tries(&account));
    join!(awaits_then_locks(&account), tries(&account));

    let account = account.into_inner().expect("no panic");
    let account = tokio::sync::Mutex::new(account);
    join!(holds_async(&account), waits(&account));
}

#[expect(clippy::await_holding_lock, reason = "the bug")]
async fn holds_and_awaits(account: &Mutex<u32>) {
    let mut balance = account.lock().expect("no panic");
    println!("ann: holds a plain lock and awaits");
    *balance += fee().await;
    println!("ann: paid, balance {balance}");
}

async fn awaits_then_locks(account: &Mutex<u32>) {
    println!("ann: awaits without the lock");
    let fee = fee().await; // first
    let mut balance = account.lock().expect("no panic"); // after
    *balance += fee;
    println!("ann: paid, balance {balance}");
}

async fn holds_async(account: &tokio::sync::Mutex<u32>) {
    let mut balance = account.lock().await;
    println!("ann: holds an async lock and awaits");
    *balance += fee().await;
    println!("ann: paid, balance {balance}");
}

async fn fee() -> u32 {
    yield_now().await;
    10
}

async fn tries(account: &Mutex<u32>) {
    // `lock` would block the thread that has to run ann.
    let busy = matches!(account.try_lock(), Err(TryLockError::WouldBlock));
    println!("bob: finds the lock free: {}", !busy);
}

async fn waits(account: &tokio::sync::Mutex<u32>) {
    println!("bob: waits for the async lock");
    println!("bob: sees balance {}", account.lock().await);
}
