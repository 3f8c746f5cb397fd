//! Exception group: several errors, reported together, handled by kind.
//!
//! Python: `ExceptionGroup` and `except*`, in `16_exception_group.py`.
//! Notes: N0:1460.
//!
//! When things run side by side, several can fail, and a plain `raise` or `?`
//! carries only one error. Since 3.11 Python has a group for them, which
//! `except*` takes apart. Rust needs no new construct: an error is a value, so
//! a `Vec` of them inside your own error type is the group, and `match` takes
//! it apart. The compiler demands an arm for every kind; in Python a kind
//! without its `except*` goes on upwards. Reach for it when the caller can use
//! all the errors, as in checking a form. Otherwise the first is enough.
//!
//! The waits are as 1 : 2 : 0.5, exact on tokio's paused clock; the sibling
//! counts turns of the loop.
//!
//! ```text,expect
//! @tasks
//! coro c: fails
//! coro a: fails
//! coro b: fails
//! main: Errors (3 sub-exceptions)
//! main: value: error in coro a
//! main: type: error in coro b
//! main: index: error in coro c
//! ```
//!
//! Break it: `join_all(coros).await` =>
//! `vec![futures::future::try_join_all(coros).await.map(drop)]`
//! Break it: `filter_map(Result::err)` => `find_map(Result::err).into_iter()`
//! Break it: `let outcomes = join_all(coros).await;` =>
//! `let mut outcomes = Vec::new();
//! for coro in coros { outcomes.push(coro.await); }`
//!
//! Break it (Python): `return_exceptions=True` => `return_exceptions=False`
//! Break it (Python): `raise ExceptionGroup("Errors", errors)` =>
//! `raise ExceptionGroup("Errors", errors[:1])`

use std::error::Error;
use std::fmt;
use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;

#[derive(Debug)]
enum Failure {
    Value(String),
    Type(String),
    Index(String),
}

#[derive(Debug)]
struct ErrorGroup(Vec<Failure>);

impl fmt::Display for ErrorGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Errors ({} sub-exceptions)", self.0.len())
    }
}

impl Error for ErrorGroup {}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let Err(group) = run_all().await else { return };
    println!("main: {group}");
    for failure in group.0 {
        match failure {
            Failure::Value(error) => println!("main: value: {error}"),
            Failure::Type(error) => println!("main: type: {error}"),
            Failure::Index(error) => println!("main: index: {error}"),
        }
    }
}

async fn run_all() -> Result<(), ErrorGroup> {
    let coros = [
        coro("a", 20, Failure::Value),
        coro("b", 40, Failure::Type),
        coro("c", 10, Failure::Index),
    ];
    let outcomes = join_all(coros).await;
    let errors: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
    if errors.is_empty() { Ok(()) } else { Err(ErrorGroup(errors)) }
}

async fn coro(
    name: &str,
    wait_ms: u64,
    kind: fn(String) -> Failure,
) -> Result<(), Failure> {
    sleep(Duration::from_millis(wait_ms)).await;
    println!("coro {name}: fails");
    Err(kind(format!("error in coro {name}")))
}
