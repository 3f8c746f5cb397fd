//! Blocking the loop: one blocking sleep stops every task.
//!
//! Python: `time.sleep` in a coroutine against `asyncio.to_thread`, in
//! `09_blocking_the_loop.py`.
//! Notes: N2:629, N4:298, N4:305.
//!
//! All tasks of a loop share one thread. A call that blocks it (a sleep, a file
//! read, a lock held elsewhere, a long computation) stops them all, timers and
//! sockets included. Neither tokio nor asyncio moves such a call away by
//! itself. Await what has an async form, and give the rest to a pool with
//! `spawn_blocking` or `asyncio.to_thread`. To find such calls, run asyncio in
//! debug mode (`asyncio.run(main(), debug=True)`): it logs each step that takes
//! over 100 ms. tokio says nothing by itself; `tokio-console` shows tasks that
//! stay busy.
//!
//! A clock ticks whenever the loop runs it and its last tick has been taken.
//! The call in the pool waits for three ticks. On the loop it would wait
//! forever: tokio's `blocking_recv` panics there instead, Python hangs.
//!
//! In the notes: blocking calls "cannot" be used in an async program, and
//! asyncio "has its own form of all popular ones" (N4:298). It has none for
//! `input` or for reading a file; those go to the pool, which is allowed. "GIL:
//! no" for async (N4:306) is wrong: the one thread holds it like any other.
//!
//! ```text,expect
//! @tasks
//! @peak 1..2 threads
//! sleeper: slept on the loop, ticks meanwhile: 0
//! timer: due after 5 ms, fired after {:int 20..} ms
//! sleeper: slept {:int 20..} ms in the pool, ticks meanwhile: 3
//! ```
//!
//! Break it: `blocking_sleep(); // on the loop` => `sleep(NAP).await;`
//! Break it: `spawn_blocking(move || sleep_and_count(ticks)).await?` =>
//! `sleep_and_count(ticks)`
//! Break it: `thread::sleep(NAP);` => ``
//! Break it: `tokio::spawn(fire_after(Duration::from_millis(5)))` =>
//! `spawn_blocking(|| tokio::runtime::Handle::current()
//! .block_on(fire_after(Duration::from_millis(5))))`
//!
//! Break it (Python): `blocking_sleep()  # on the loop` =>
//! `await asyncio.sleep(NAP)`
//! Break it (Python): `time.sleep(NAP)` => `pass`
//! Break it (Python): `blocking_sleep()  # in the pool` => `pass`

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

const NAP: Duration = Duration::from_millis(20);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (tick, mut ticks) = mpsc::channel(1);
    let clock =
        tokio::spawn(async move { while tick.send(()).await.is_ok() {} });
    let timer = tokio::spawn(fire_after(Duration::from_millis(5)));
    ticks.recv().await.ok_or("no clock")?; // and the timer is set

    blocking_sleep(); // on the loop
    println!("sleeper: slept on the loop, ticks meanwhile: {}", ticks.len());
    timer.await?;

    let (took, meanwhile) =
        spawn_blocking(move || sleep_and_count(ticks)).await?;
    let took = took.as_millis();
    println!(
        "sleeper: slept {took} ms in the pool, ticks meanwhile: {meanwhile}"
    );
    Ok(clock.await?)
}

fn blocking_sleep() {
    thread::sleep(NAP);
}

fn sleep_and_count(mut ticks: mpsc::Receiver<()>) -> (Duration, usize) {
    let start = Instant::now();
    blocking_sleep(); // in the pool
    let took = start.elapsed();
    (took, (0..3).filter_map(|_| ticks.blocking_recv()).count())
}

async fn fire_after(due: Duration) {
    let set_at = Instant::now();
    sleep(due).await;
    let (due, late) = (due.as_millis(), set_at.elapsed().as_millis());
    println!("timer: due after {due} ms, fired after {late} ms");
}
