//! Futurelock: the one that holds the lock is not polled any more.
//!
//! Python: an async generator that holds `asyncio.Lock`, in `51_futurelock.py`.
//! Reported: oxidecomputer/omicron#9272.
//! Symptom: it hangs: a task waits for a lock, and nothing seems to hold it.
//!
//! A future does something only while it is polled. `select!` polls `work`
//! until another branch is ready, here a tick, and then runs that branch's
//! body. If `work` is kept for later (`&mut work`), it is still there, and so
//! is the lock that it has: but nobody polls it while the body runs. A body
//! that awaits the same lock waits forever. So does one that awaits room in a
//! channel that only `work` empties. Neither the compiler nor a debugger shows
//! it, as no task holds the lock.
//!
//! The cure is to spawn the work: a task is polled by the runtime, whatever
//! its owner does. Or await nothing in the bodies of a `select!` whose futures
//! live longer than it. In asyncio all that `wait` takes are tasks, which go on
//! by themselves. But an async generator is suspended between two of its
//! values, with all the locks that it has, and makes the same deadlock.
//!
//! The clock is paused, in Python by a selector of one's own: a wait is over as
//! soon as no task has anything to do.
//!
//! ```text,expect
//! @tasks
//! work: has the lock
//! main: work is not polled, the lock in time: false
//! work: gives the lock back
//! work: has the lock
//! work: gives the lock back
//! main: work is a task, the lock in time: true
//! ```
//!
//! Break it: `pin!(tokio::spawn(work(Arc::clone(&lock))))` =>
//! `pin!(work(Arc::clone(&lock)))`
//! Break it (Python): `task = asyncio.create_task(run_to_the_end(work(lock)))` =>
//! `task = anext(work(lock)); await task; task = asyncio.sleep(0)`

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::select;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

const TICK: Duration = Duration::from_millis(10);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let lock = Arc::new(Mutex::new(()));
    let mut unpolled = pin!(work(Arc::clone(&lock)));
    select! {
        () = &mut unpolled => return Err("faster than the tick".into()),
        () = sleep(TICK) => {
            let free = is_free_in_time(&lock).await;
            println!("main: work is not polled, the lock in time: {free}");
        }
    }
    unpolled.await; // polled again, it goes on

    let mut task = pin!(tokio::spawn(work(Arc::clone(&lock))));
    select! {
        _ = &mut task => return Err("faster than the tick".into()),
        () = sleep(TICK) => {
            let free = is_free_in_time(&lock).await;
            println!("main: work is a task, the lock in time: {free}");
        }
    }
    Ok(())
}

/// Holds the lock for two ticks.
async fn work(lock: Arc<Mutex<()>>) {
    let _held = lock.lock().await;
    println!("work: has the lock");
    sleep(2 * TICK).await;
    println!("work: gives the lock back");
}

async fn is_free_in_time(lock: &Mutex<()>) -> bool {
    timeout(Duration::from_secs(1), lock.lock()).await.is_ok()
}
