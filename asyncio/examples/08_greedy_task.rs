//! A greedy task: it starves the rest until it yields.
//!
//! Python: `asyncio.sleep(0)` against a plain loop, in `08_greedy_task.py`.
//! Notes: N0:183, N0:190, N1:11, N3:6, N4:1099.
//!
//! Tasks are scheduled cooperatively: the loop gets control back only when the
//! running task gives it. A long computation therefore yields every so often
//! with `yield_now().await`, Python's `asyncio.sleep(0)`, or moves to a thread.
//! Threads need none of this: the kernel preempts them. (Early Mac OS and
//! Windows before 95 did not: one greedy program stopped all the others.) On a
//! multi-threaded runtime a greedy task stops only its own worker, and the
//! others steal from its queue. As many greedy tasks as workers stop all.
//!
//! An `await` alone is not enough: one that is ready at once goes straight on. A
//! task with only such awaits is as greedy as one without any.
//! tokio makes its own channels, sockets and timers yield now and then to
//! soften this. It cannot help `async` code that uses none of them.
//!
//! Two tasks, one loop: greedy does 3 pieces of work, and modest counts the
//! turns that it gets meanwhile. They share an `Rc`, so they are not `Send`:
//! `spawn_local` takes them, `tokio::spawn` would not (see `run`).
//!
//! In the notes: coroutines are called "voluntarily preemptive" (N4:1099). They
//! are cooperative. (The word is Conway's, but not from the law that has his
//! name.) That control passes at an `await` alone (N0:191) is true, but not at
//! every `await`.
//!
//! ```text,expect
//! @tasks
//! main: modest runs, turns so far: 1
//! greedy: never awaits, did 3 pieces, turns left to modest: 0
//! greedy: awaits what is ready, did 3 pieces, turns left to modest: 0
//! greedy: yields, did 3 pieces, turns left to modest: {:int 2..3}
//! ```
//!
//! Break it: `yield_now().await; // lets go` => `ready(()).await;`
//! Break it: `ready(()).await; // no wait` => `yield_now().await;`
//! Break it: `yield_now().await; // lets modest begin` => ``
//!
//! Break it (Python): `await asyncio.sleep(0)  # lets go` => `await ready()`
//! Break it (Python): `await ready()  # no wait` => `await asyncio.sleep(0)`
//! Break it (Python): `await asyncio.sleep(0)  # lets modest begin` => `pass`

use std::cell::Cell;
use std::future::ready;
use std::hint::black_box;
use std::rc::Rc;

use tokio::task::{JoinError, spawn_local, yield_now};

const PIECES: u32 = 3;

type Turns = Rc<Cell<u32>>;

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), JoinError> {
    let turns = Turns::default();
    let other = spawn_local(modest(turns.clone()));
    yield_now().await; // lets modest begin
    println!("main: modest runs, turns so far: {}", turns.get());

    spawn_local(never_awaits(turns.clone())).await?;
    spawn_local(awaits_what_is_ready(turns.clone())).await?;
    spawn_local(yields(turns)).await?;

    other.abort();
    Ok(())
}

async fn modest(turns: Turns) {
    loop {
        turns.update(|turns| turns + 1);
        yield_now().await;
    }
}

async fn never_awaits(turns: Turns) {
    let (before, mut done) = (turns.get(), 0);
    for _ in 0..PIECES {
        done += work();
    }
    report("never awaits", done, turns.get() - before);
}

async fn awaits_what_is_ready(turns: Turns) {
    let (before, mut done) = (turns.get(), 0);
    for _ in 0..PIECES {
        done += work();
        ready(()).await; // no wait
    }
    report("awaits what is ready", done, turns.get() - before);
}

async fn yields(turns: Turns) {
    let (before, mut done) = (turns.get(), 0);
    for _ in 0..PIECES {
        done += work();
        yield_now().await; // lets go
    }
    report("yields", done, turns.get() - before);
}

fn report(how: &str, done: u32, left: u32) {
    println!("greedy: {how}, did {done} pieces, turns left to modest: {left}");
}

/// One piece of work.
fn work() -> u32 {
    (0..1000).map(black_box).sum::<u32>() / 499_500
}
