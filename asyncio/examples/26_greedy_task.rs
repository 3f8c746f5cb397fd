//! A greedy task: it starves the rest until it yields.
//!
//! Python: `asyncio.sleep(0)` against a plain loop, in `26_greedy_task.py`.
//! Notes: N0:183, N0:190, N1:11, N3:6.
//!
//! Tasks are scheduled cooperatively: the loop gets control back only when the
//! running task lets go. A long computation therefore gives it back of its own
//! accord, every so often, with `yield_now().await` (`asyncio.sleep(0)`), or
//! moves to a thread. Threads need none of this: the kernel preempts them.
//!
//! The notes say that control passes on when you write `await`. That is not
//! enough: an `await` on what is ready at once goes straight on, and a task
//! whose awaits are all of that kind is as greedy as one without any. (tokio
//! makes its own channels, sockets and timers yield now and then, to soften
//! this; it cannot help with `async` code that uses none of them.)
//!
//! Two tasks, one loop: greedy does 3 pieces of work, and modest counts how
//! many turns it gets meanwhile.
//!
//! ```text,expect
//! greedy: never awaits, turns left to modest: 0
//! greedy: awaits what is ready, turns left to modest: 0
//! greedy: yields, turns left to modest: {:int 1..}
//! ```
//!
//! Break it: `yield_now().await; // lets go` => `ready(()).await;`

use std::error::Error;
use std::future::ready;
use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::task::yield_now;

const PIECES: u32 = 3;
static TURNS: AtomicU32 = AtomicU32::new(0);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let other = tokio::spawn(modest());
    yield_now().await; // lets modest begin

    let left = tokio::spawn(never_awaits()).await?;
    println!("greedy: never awaits, turns left to modest: {left}");
    let left = tokio::spawn(awaits_what_is_ready()).await?;
    println!("greedy: awaits what is ready, turns left to modest: {left}");
    let left = tokio::spawn(yields()).await?;
    println!("greedy: yields, turns left to modest: {left}");

    other.abort();
    Ok(())
}

async fn modest() {
    loop {
        TURNS.fetch_add(1, Ordering::Relaxed);
        yield_now().await;
    }
}

async fn never_awaits() -> u32 {
    let before = TURNS.load(Ordering::Relaxed);
    for _ in 0..PIECES {
        work();
    }
    TURNS.load(Ordering::Relaxed) - before
}

async fn awaits_what_is_ready() -> u32 {
    let before = TURNS.load(Ordering::Relaxed);
    for _ in 0..PIECES {
        work();
        ready(()).await;
    }
    TURNS.load(Ordering::Relaxed) - before
}

async fn yields() -> u32 {
    let before = TURNS.load(Ordering::Relaxed);
    for _ in 0..PIECES {
        work();
        yield_now().await; // lets go
    }
    TURNS.load(Ordering::Relaxed) - before
}

fn work() -> u32 {
    (0..1000).map(black_box).sum()
}
