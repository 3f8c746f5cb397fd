//! A second connection: each task holds one and waits for another.
//!
//! Python: `asyncio.Semaphore`, and a condition, in `52_second_connection.py`.
//! Reported: brettwooldridge/HikariCP#442, launchbadge/sqlx#2276.
//! Symptom: it hangs: "timed out while waiting for an open
//! connection", only under load.
//!
//! "Timed out while waiting for an open connection", under load, though each
//! request is quick: a request takes a connection from the pool and, while it
//! holds it, calls something that takes another. As soon as as many requests as
//! the pool has connections hold one each, all wait for a second that nobody
//! will give back. A larger pool only makes it rarer. Neither language sees it.
//!
//! Take all that is needed in one step (`acquire_many`; the sibling's condition
//! does the same), so that a task which waits holds nothing. Better still, hand
//! down the connection that you have. Where neither is possible, a pool of
//! `tasks * (connections each - 1) + 1` cannot get stuck. A time limit turns
//! the standstill into an error; it is no cure.
//!
//! A barrier makes both hold one. Bob's limit is over first; a second barrier
//! keeps his connection from freeing ann. The limits can only run out, on
//! tokio's paused clock when all wait.
//!
//! ```text,expect
//! @tasks
//! main: a pool of 2
//! ann: has 1
//! bob: has 1
//! bob: gets no second one in time
//! ann: gets no second one in time
//! main: free again: 2
//! ann: asks for 2
//! ann: has 2
//! bob: asks for 2
//! ann: done
//! bob: has 2
//! bob: done
//! main: free again: 2
//! ```
//!
//! Break it: `let connections = pool.acquire_many(2).await?;` =>
//! `let connections = pool.acquire().await?; yield_now().await;
//! let _second = timeout(LIMIT, pool.acquire()).await;`
//! Break it: `Semaphore::new(2)` => `Semaphore::new(3)`
//! Break it: `both.wait().await; // nobody gives back before` => ``
//! Break it: `let first = pool.acquire().await?;` =>
//! `let first = pool.acquire_many(0).await?;`
//!
//! Break it (Python): `await pool.take(2)` => `await pool.take(1);
//! await asyncio.sleep(0); await asyncio.wait_for(pool.take(1), LIMIT)`
//! Break it (Python): `Pool(2)` => `Pool(3)`
//! Break it (Python): `await both.wait()  # nobody gives back before` => `pass`

use std::time::Duration;

use futures::try_join;
use tokio::sync::{AcquireError, Barrier, Semaphore};
use tokio::task::yield_now;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), AcquireError> {
    let (pool, both) = (Semaphore::new(2), Barrier::new(2));
    println!("main: a pool of {}", pool.available_permits());
    try_join!(
        one_then_another("ann", &pool, &both, 10 * LIMIT),
        one_then_another("bob", &pool, &both, LIMIT),
    )?;
    println!("main: free again: {}", pool.available_permits());
    try_join!(two_at_once("ann", &pool), two_at_once("bob", &pool))?;
    println!("main: free again: {}", pool.available_permits());
    Ok(())
}

async fn one_then_another(
    name: &str,
    pool: &Semaphore,
    both: &Barrier,
    limit: Duration,
) -> Result<(), AcquireError> {
    let first = pool.acquire().await?;
    println!("{name}: has {}", first.num_permits());
    both.wait().await;
    match timeout(limit, pool.acquire()).await {
        Ok(_second) => println!("{name}: has a second one"),
        Err(_elapsed) => println!("{name}: gets no second one in time"),
    }
    both.wait().await; // nobody gives back before
    Ok(())
}

async fn two_at_once(name: &str, pool: &Semaphore) -> Result<(), AcquireError> {
    println!("{name}: asks for 2");
    let connections = pool.acquire_many(2).await?;
    println!("{name}: has {}", connections.num_permits());
    yield_now().await; // the other one asks
    println!("{name}: done");
    Ok(())
}
