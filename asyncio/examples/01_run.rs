//! Run: the one door into asynchronous code, and the way out.
//!
//! Python: `asyncio.run(hello())`, in `01_run.py`.
//! Notes: N0:1032, N0:1072, N1:141.
//!
//! Ordinary code cannot await. `#[tokio::main]` makes an ordinary function of
//! an async one, most often of `main`: it builds a runtime (asyncio's event
//! loop), runs the body to its end, and closes the runtime, which cuts off the
//! tasks that are still waiting. `gather`, here `join!`, is no such door: it
//! runs several coroutines inside the loop that is already running. One may
//! come through the door again, each time into a new loop, but never from
//! within: a second runtime inside a running one is a panic in Rust, a
//! `RuntimeError` in Python.
//!
//! ```text,expect
//! main: no loop is running
//! hello: Hello
//! hello: a loop is running
//! background: waits for ever
//! hello: World
//! background: cut off
//! main: Done 1, Done 2, Done 3
//! main: no loop is running
//! ```
//!
//! Break it: `sleep(Duration::from_millis(10)).await;` => ``

use std::future::pending;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::sleep;

fn main() {
    report("main");
    let words = hello();
    println!("main: {}", words.join(", "));
    report("main");
}

#[tokio::main(flavor = "current_thread")]
async fn hello() -> [String; 3] {
    tokio::spawn(background());
    println!("hello: Hello");
    report("hello");
    sleep(Duration::from_millis(10)).await;
    println!("hello: World");
    tokio::join!(worker(1), worker(2), worker(3)).into()
}

async fn worker(n: u32) -> String {
    format!("Done {n}")
}

async fn background() {
    let _cut_off = CutOff;
    println!("background: waits for ever");
    pending::<()>().await;
}

struct CutOff;

impl Drop for CutOff {
    fn drop(&mut self) {
        println!("background: cut off");
    }
}

fn report(actor: &str) {
    let count = if Handle::try_current().is_ok() { "a" } else { "no" };
    println!("{actor}: {count} loop is running");
}
