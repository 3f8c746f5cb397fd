//! Lazy coroutine: called but not awaited, it does nothing.
//!
//! Python: a coroutine object, in `03_lazy_coroutine.py`.
//! Notes: N0:1111, N0:1160, N3:91.
//!
//! Calling an async function runs none of its body. The call returns a
//! coroutine, in Rust a future, which moves only while somebody awaits it or a
//! task holds it. A forgotten `await` is the commonest mistake: Rust warns when
//! it compiles (`unused_must_use`), Python when the object is collected ("was
//! never awaited"). A second `await` of the same future does not compile; in
//! Python it is a `RuntimeError`. A task runs it too, awaited or not, from the
//! loop's next turn on. Only an eager task (`asyncio.eager_task_factory`, since
//! Python 3.12) begins inside `create_task`. Only a future can be awaited, and
//! only inside `async`; the compiler refuses the rest: see `src/lib.rs`.
//!
//! ```text,expect
//! @tasks
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
//! Break it: `yield_now().await;` => `break;`
//!
//! Break it (Python): `unawaited.close()` => `await unawaited`
//! Break it (Python): `await asyncio.sleep(0)` => `break`

use std::any::type_name_of_val;

use tokio::task::yield_now;

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
        yield_now().await;
    }
    println!("main: the task is done, nobody awaited it");
}

async fn fetch_data() -> &'static str {
    println!("fetch_data: fetching");
    "some data"
}
