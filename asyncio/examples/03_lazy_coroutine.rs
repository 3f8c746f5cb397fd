//! Lazy coroutine: called but not awaited, it does nothing.
//!
//! Python: a coroutine object, in `03_lazy_coroutine.py`.
//! Notes: N0:1111, N0:1160, N3:91.
//!
//! Calling an async function runs none of its body: it returns the coroutine,
//! in Rust a future, which moves only while somebody awaits it or a task holds
//! it. Forgetting the await is the commonest slip. Rust warns when it compiles
//! (`unused_must_use`), Python when the object is collected ("never awaited").
//! A future is awaited once: a second `await` of it does not compile, in Python
//! it is a `RuntimeError`. A spawned task is the other way to run it: it starts
//! at the next turn of the loop, awaited or not.
//!
//! ```text,expect
//! main: holds {:text}fetch_data{:text}
//! main: dropped it, nothing was fetched
//! main: holds another
//! fetch_data: fetching
//! main: awaited it: some data
//! main: spawned a task
//! fetch_data: fetching
//! main: the task is done, nobody awaited it
//! ```
//!
//! Break it: `drop(unawaited);` => `unawaited.await;`
//! Break it: `tokio::task::yield_now().await;` => `break;`

use std::any::type_name_of_val;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let unawaited = fetch_data();
    println!("main: holds {}", type_name_of_val(&unawaited));
    drop(unawaited);
    println!("main: dropped it, nothing was fetched");

    let fetched = fetch_data();
    println!("main: holds another");
    println!("main: awaited it: {}", fetched.await);

    let task = tokio::spawn(fetch_data());
    println!("main: spawned a task");
    while !task.is_finished() {
        tokio::task::yield_now().await;
    }
    println!("main: the task is done, nobody awaited it");
}

async fn fetch_data() -> &'static str {
    println!("fetch_data: fetching");
    "some data"
}
