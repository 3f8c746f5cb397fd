//! Chain: one after the other inside, side by side outside.
//!
//! Python: `await part1(n)`, then `await part2(n, p1)`, in `12_chain.py`.
//! Notes: N4:1357.
//!
//! Part 2 needs what part 1 found, so a chain awaits them in turn: plain code,
//! one line under the other. The chains need nothing of each other, so they are
//! gathered: while one waits in its first part, another is already through its
//! second. This is the usual shape of an asynchronous program: a sequence for
//! each client, user or page, and many of them at once. If all first parts were
//! gathered, and then all second ones, each chain would wait in the middle for
//! the slowest.
//!
//! The notes draw the waits at random. Here they are exact on tokio's paused
//! clock; the sibling counts turns of the loop.
//!
//! ```text,expect
//! @tasks
//! chain 2: result2-1
//! chain 3: result3-1
//! chain 2: result2-2 derived from result2-1
//! chain 1: result1-1
//! chain 1: result1-2 derived from result1-1
//! chain 3: result3-2 derived from result3-1
//! main: 3 chains have ended
//! ```
//!
//! Break it: `join_all(chains).await.len()` =>
//! `{ let mut n = 0; for chain in chains { chain.await; n += 1; } n }`
//! Break it: `.map(|(n, first, second)| chain(n, first, second))` =>
//! `.map(|(n, first, second)| async move { let p1 = part1(n, first).await;
//! sleep(Duration::from_millis(40 - first)).await; println!("chain {n}: {p1}");
//! println!("chain {n}: {}", part2(n, &p1, second).await); })`
//!
//! Break it (Python): `len(await asyncio.gather(*chains))` =>
//! `len([await one for one in chains])`
//! Break it (Python): `await asyncio.sleep(0)  # a turn of part 2` => `pass`

use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let waits = [(1, 40, 10), (2, 10, 20), (3, 20, 40)];
    let chains = waits.map(|(n, first, second)| chain(n, first, second));
    let ended = join_all(chains).await.len();
    println!("main: {ended} chains have ended");
}

async fn chain(n: u32, first_ms: u64, second_ms: u64) {
    let p1 = part1(n, first_ms).await;
    println!("chain {n}: {p1}");
    let p2 = part2(n, &p1, second_ms).await;
    println!("chain {n}: {p2}");
}

async fn part1(n: u32, ms: u64) -> String {
    sleep(Duration::from_millis(ms)).await;
    format!("result{n}-1")
}

async fn part2(n: u32, p1: &str, ms: u64) -> String {
    sleep(Duration::from_millis(ms)).await;
    format!("result{n}-2 derived from {p1}")
}
