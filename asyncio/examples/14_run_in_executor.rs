//! Blocking calls in a pool: three at once, results as they are completed.
//!
//! Python: `loop.run_in_executor` and `asyncio.as_completed`, in
//! `14_run_in_executor.py`.
//! Notes: N3:134.
//!
//! A call that blocks (a file, a database driver, a C library) must not run on
//! the loop's thread. `spawn_blocking` gives it to a pool of threads and
//! returns something to await; a `JoinSet` yields the results in the order in
//! which the calls end. For a single call Python has `asyncio.to_thread`. Here
//! each call blocks until main lets it go, so the three are provably inside
//! together and end in the order 3, 1, 2.
//!
//! Python's pool is yours to choose. tokio's belongs to the runtime and grows
//! to 512 threads: limit what you send there with a semaphore, and give long
//! computations a pool of their own, such as rayon's. A call cannot be
//! cancelled once it has begun (see `timed_out_thread`).
//!
//! In the notes: the blocking function calls `asyncio.sleep(2)` and never
//! awaits it. That makes a coroutine, drops it and returns at once, so nothing
//! overlaps. A blocking function must block: `time.sleep`, `thread::sleep`.
//!
//! ```text,expect
//! @tasks
//! @threads call {:int}
//! @peak 3..4 threads
//! main: a nap was made and dropped, in the pool: true
//! nap: begins
//! main: a nap was awaited
//! call 1: blocked
//! call 2: blocked
//! call 3: blocked
//! main: 3 calls blocked at once, the loop is free
//! main: 3 let go, result 9
//! main: 1 let go, result 1
//! main: 2 let go, result 4
//! ```
//!
//! Break it: `set.spawn_blocking(move || square(n, started, gate));` =>
//! `set.spawn(async move { square(n, started, gate) });`
//! Break it: `drop(nap());` =>
//! `tokio::runtime::Handle::current().block_on(nap());`
//! Break it: `for n in 1..=3 {` => `for n in 1..=2 {`
//! Break it: `gate.blocking_recv().expect("main opens every gate");` =>
//! `drop(gate);`
//!
//! Break it (Python): `gate.wait()` => `pass`
//! Break it (Python): `loop.run_in_executor(pool, square, n, started, gate)` =>
//! `asyncio.to_thread(lambda: print("no call"))`
//! Break it (Python): `nap().close()` => `asyncio.run(nap())`

use std::collections::HashMap;
use std::error::Error;
use std::thread;

use tokio::sync::oneshot;
use tokio::task::{JoinSet, spawn_blocking, yield_now};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let in_pool = spawn_blocking(|| {
        drop(nap());
        thread::current().name() != Some("main")
    });
    let in_pool = in_pool.await?;
    println!("main: a nap was made and dropped, in the pool: {in_pool}");
    nap().await;
    println!("main: a nap was awaited");

    let mut set = JoinSet::new();
    let mut gates = HashMap::new();
    let mut inside = 0;
    for n in 1..=3 {
        let (open, gate) = oneshot::channel();
        gates.insert(n, open);
        let (started, blocked) = oneshot::channel();
        set.spawn_blocking(move || square(n, started, gate));
        inside += blocked.await?;
    }
    println!("main: {inside} calls blocked at once, the loop is free");
    for n in [3, 1, 2] {
        let open = gates.remove(&n).ok_or("no such gate")?;
        open.send(()).map_err(|()| "the call is gone")?;
        let result = set.join_next().await.ok_or("no call left")??;
        println!("main: {n} let go, result {result}");
    }
    Ok(())
}

async fn nap() {
    println!("nap: begins");
    yield_now().await;
}

fn square(
    n: u32,
    started: oneshot::Sender<u32>,
    gate: oneshot::Receiver<()>,
) -> u32 {
    println!("call {n}: blocked");
    started.send(1).expect("main waits for it");
    // On the loop's thread this would panic.
    gate.blocking_recv().expect("main opens every gate");
    n * n
}
