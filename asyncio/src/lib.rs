//! What the examples beside this crate share, and what the compiler refuses.
//!
//! The toy executor stands here so that `tests/model.rs` can check it;
//! [`by_hand`] is how a server that is run by hand learns its port.
//!
//! The programs below that do not compile are tests: `cargo test --doc` fails
//! if one of them compiles, and with `RUSTC_BOOTSTRAP=1` also if the error is
//! another than the one named. Beside each stands the nearest one that does.
//!
//! # Only what is awaitable can be awaited (E0277)
//!
//! Example `lazy_coroutine`. Python finds this when the line runs, with a
//! `TypeError`.
//!
//! ```compile_fail,E0277
//! async fn answer() -> u32 {
//!     42.await
//! }
//! ```
//!
//! [`std::future::ready`] makes a future of a value.
//!
//! ```
//! async fn answer() -> u32 {
//!     std::future::ready(42).await
//! }
//! # assert_eq!(futures::FutureExt::now_or_never(answer()), Some(42));
//! ```
//!
//! # Only asynchronous code can await (E0728)
//!
//! Example `async_generator`. In Python `await` and `async for` outside
//! `async def` are a `SyntaxError`.
//!
//! ```compile_fail,E0728
//! fn answer() -> u32 {
//!     std::future::ready(42).await
//! }
//! ```
//!
//! A plain function enters a runtime; see example `run`.
//!
//! ```
//! #[tokio::main(flavor = "current_thread")]
//! async fn answer() -> u32 {
//!     std::future::ready(42).await
//! }
//! assert_eq!(answer(), 42);
//! ```
//!
//! # A future is awaited once (E0382)
//!
//! Example `lazy_coroutine`. In Python the second `await` of a coroutine is a
//! `RuntimeError`.
//!
//! ```compile_fail,E0382
//! async fn twice(answer: impl Future<Output = u32>) -> u32 {
//!     answer.await + answer.await
//! }
//! ```
//!
//! A `Shared` future keeps its value for all who await a clone of it.
//!
//! ```
//! use futures::FutureExt;
//!
//! async fn twice(answer: impl Future<Output = u32>) -> u32 {
//!     let answer = answer.shared();
//!     answer.clone().await + answer.await
//! }
//! # assert_eq!(twice(std::future::ready(21)).now_or_never(), Some(42));
//! ```
//!
//! # A task may move to another thread
//!
//! Examples `run`, `tasks`, `greedy_task`. `tokio::spawn` demands `Send` of
//! whatever the task holds across an await; this error has no code of its own.
//!
//! ```compile_fail
//! async fn count(turns: std::rc::Rc<std::cell::Cell<u32>>) {
//!     tokio::task::yield_now().await;
//!     turns.set(1);
//! }
//!
//! fn start(turns: std::rc::Rc<std::cell::Cell<u32>>) {
//!     tokio::spawn(count(turns));
//! }
//! ```
//!
//! `spawn_local` keeps it on its thread.
//!
//! ```
//! # async fn count(turns: std::rc::Rc<std::cell::Cell<u32>>) {
//! #     tokio::task::yield_now().await;
//! #     turns.set(1);
//! # }
//! fn start(turns: std::rc::Rc<std::cell::Cell<u32>>) {
//!     tokio::task::spawn_local(count(turns));
//! }
//! ```
//!
//! # A spawned task borrows nothing (E0597)
//!
//! Example `tasks`. The task may outlive its caller, so what it uses must be
//! its own or shared by an [`Arc`](std::sync::Arc).
//!
//! ```compile_fail,E0597
//! async fn start() {
//!     let words = vec!["take", "me"];
//!     let task = tokio::spawn(print(&words));
//!     task.await.ok();
//! }
//!
//! async fn print(words: &[&str]) {
//!     println!("{words:?}");
//! }
//! ```
//!
//! What is awaited here and not spawned may borrow.
//!
//! ```
//! async fn start() {
//!     let words = vec!["borrow", "me"];
//!     futures::join!(print(&words), print(&words));
//! }
//!
//! async fn print(words: &[&str]) {
//!     println!("{words:?}");
//! }
//! # futures::FutureExt::now_or_never(start());
//! ```

pub mod by_hand;
mod sync;
pub mod toy_executor;
