//! Block inside the loop: a loop that is started inside a running one.
//!
//! Python: `asyncio.run` inside a coroutine, in `49_block_inside_loop.py`.
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
//! main: awaits the async form, 42, on main's thread: true
//! main: calls the client in the pool, 42, on main's thread: false
//! main: from the pool into this loop, 42, on main's thread: true
//! @stderr any
//! ```
//!
//! Break it: `async { blocking_client() }` => `async { Ok::<_, io::Error>(1) }`
//! Break it: `spawn_blocking(blocking_client)` =>
//! `tokio::spawn(async { blocking_client() })`
//! Break it: `let asked = main_loop.spawn(ask());` => `let asked = async {
//! Ok::<_, tokio::task::JoinError>(ask().await) };`
//!
//! Break it (Python): `blocking_client()  # on the loop` => `pass`
//! Break it (Python): `asyncio.to_thread(blocking_client)` => `ask()`
//! Break it (Python):
//! `asyncio.run_coroutine_threadsafe(ask(), loop).result()` =>
//! `asyncio.run(ask())`

use std::error::Error;
use std::{io, thread};

use tokio::runtime::{Builder, Handle};
use tokio::task::spawn_blocking;

struct Answer {
    number: u32,
    on_main: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let on_the_loop = tokio::spawn(async { blocking_client() }).await;
    let refused = on_the_loop.is_err_and(|error| error.is_panic());
    println!("main: calls the client on the loop, refused: {refused}");

    report("awaits the async form", &ask().await);

    let answer = spawn_blocking(blocking_client).await??;
    report("calls the client in the pool", &answer);

    let main_loop = Handle::current();
    let answer = spawn_blocking(move || {
        let asked = main_loop.spawn(ask());
        main_loop.block_on(asked)
    });
    report("from the pool into this loop", &answer.await??);
    Ok(())
}

/// As a blocking HTTP client does: the caller sees no loop.
fn blocking_client() -> io::Result<Answer> {
    let own_loop = Builder::new_current_thread().build()?;
    Ok(own_loop.block_on(ask()))
}

async fn ask() -> Answer {
    let on_main = thread::current().name() == Some("main");
    Answer { number: 42, on_main }
}

fn report(how: &str, answer: &Answer) {
    let Answer { number, on_main } = answer;
    println!("main: {how}, {number}, on main's thread: {on_main}");
}
