//! What the examples beside this crate share, and what the compiler refuses.
//!
//! The toy executor stands here so that `tests/model.rs` can check it, and the
//! accept loop because each server needs it. The rest is what the examples use
//! but are not about.
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
//! # A guard across an await stays on its thread
//!
//! Example `guard_across_await`. The guard of `std::sync::Mutex` is not `Send`,
//! and this error has no code either. `join!` does not ask for `Send`, so the
//! same function compiles there and stops the loop.
//!
//! ```compile_fail
//! # use std::sync::{Arc, Mutex};
//! fn start(balance: Arc<Mutex<u32>>) {
//!     tokio::spawn(async move {
//!         let mut balance = balance.lock().unwrap();
//!         *balance += std::future::ready(10).await;
//!     });
//! }
//! ```
//!
//! The await comes first, and no guard lives across it.
//!
//! ```
//! # use std::sync::{Arc, Mutex};
//! fn start(balance: Arc<Mutex<u32>>) {
//!     tokio::spawn(async move {
//!         let fee = std::future::ready(10).await;
//!         *balance.lock().unwrap() += fee;
//!     });
//! }
//! ```
//!
//! # What is for one thread stays there (E0277)
//!
//! Example `wrong_thread`. `asyncio.Queue` is not safe to fill from another
//! thread, and nothing says so. The type that is not safe here cannot get
//! there.
//!
//! ```compile_fail,E0277
//! use std::{cell::RefCell, collections::VecDeque, rc::Rc};
//!
//! fn fill(queue: Rc<RefCell<VecDeque<u32>>>) {
//!     std::thread::spawn(move || queue.borrow_mut().push_back(1));
//! }
//! ```
//!
//! The sender of a channel is `Send`, and wakes the task that receives.
//!
//! ```
//! fn fill(queue: tokio::sync::mpsc::Sender<u32>) {
//!     std::thread::spawn(move || queue.blocking_send(1));
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
pub mod chat_clients;
pub mod expression;
pub mod http_site;
pub mod load;
pub mod proactor;
mod sync;
pub mod toy_executor;
