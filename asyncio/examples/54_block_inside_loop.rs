//! Block inside the loop: a loop that is started inside a running one.
//!
//! Python: `asyncio.run` inside a coroutine, in `54_block_inside_loop.py`.
//! Reported: seanmonstar/reqwest#1017, tokio-rs/tokio#5273.
//! Symptom: it dies: "Cannot start a runtime from within a runtime",
//! "asyncio.run() cannot be called from a running event loop".
//!
//! "Cannot start a runtime from within a runtime", "Cannot drop a runtime in a
//! context where blocking is not allowed", "asyncio.run() cannot be called from
//! a running event loop": a plain function hides a loop of its own, as blocking
//! HTTP clients do, and is called from async code. It would block the thread
//! that runs all tasks, so both languages refuse when it runs; Rust's compiler
//! does not see it. The panic ends the task, not the program.
//!
//! The bridges: from async code await the async form. If there is only a
//! blocking one, call it in the pool (`spawn_blocking`, `asyncio.to_thread`),
//! where it may start its own loop. From such a thread back into the loop lead
//! `Handle::block_on` and `asyncio.run_coroutine_threadsafe`. A runtime that
//! was made in async code is dropped there by `shutdown_background`.
//!
//! ```text,expect
//! @tasks
//! @peak 1.. threads
//! main: calls the client on the loop, refused: true
//! main: awaits the async form, asked on main, ran on main
//! main: calls it in the pool, asked in the pool, ran in the pool
//! main: from the pool into this loop, asked in the pool, ran on main
//! @stderr any
//! ```
//!
//! Break it: `async { blocking_client() }` =>
//! `async { Ok::<_, io::Error>("") }`
//! Break it: `spawn_blocking(blocking_client)` =>
//! `tokio::spawn(async { blocking_client() })`
//! Break it: `let answer = main_loop.spawn(ask());` => `let answer = async {
//! Ok::<_, tokio::task::JoinError>(ask().await) };`
//!
//! Break it (Python): `blocking_client()  # on the loop` => `pass`
//! Break it (Python): `asyncio.to_thread(client_of, loop)` =>
//! `asyncio.sleep(0, (here(), await ask()))`
//! Break it (Python):
//! `asyncio.run_coroutine_threadsafe(ask(), loop).result()` =>
//! `asyncio.run(ask())`

use std::error::Error;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::spawn_blocking;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let on_the_loop = tokio::spawn(async { blocking_client() }).await;
    let refused = on_the_loop.is_err_and(|error| error.is_panic());
    println!("main: calls the client on the loop, refused: {refused}");

    report("awaits the async form", here(), ask().await);

    let (asked, ran) = spawn_blocking(blocking_client).await??;
    report("calls it in the pool", asked, ran);

    let main_loop = Handle::current();
    let client = spawn_blocking(move || {
        let answer = main_loop.spawn(ask());
        main_loop.block_on(answer).map(|ran| (here(), ran))
    });
    let (asked, ran) = client.await??;
    report("from the pool into this loop", asked, ran);
    Ok(())
}

/// As a blocking HTTP client does: the caller sees no loop.
fn blocking_client() -> io::Result<(&'static str, &'static str)> {
    let own_loop = Builder::new_current_thread().build()?;
    Ok((here(), own_loop.block_on(ask())))
}

/// Gives the place where it ran.
async fn ask() -> &'static str {
    here()
}

fn here() -> &'static str {
    let on_main = thread::current().name() == Some("main");
    if on_main { "on main" } else { "in the pool" }
}

fn report(how: &str, asked: &str, ran: &str) {
    println!("main: {how}, asked {asked}, ran {ran}");
}
