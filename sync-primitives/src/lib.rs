//! Synchronisation primitives that std does not have, built by hand.
//!
//! The examples beside this crate use them where Python's `threading` has a
//! primitive and Rust's standard library has none. They are short and complete,
//! written to be read. `tests/model.rs` has loom explore small cases of each,
//! and makes sure that the checks find a mistake.
//!
//! What follows is what the compiler refuses where locks are used. Each piece
//! is a test: it fails if the program compiles.
//!
//! # Data in a lock cannot be reached without the lock (E0368)
//!
//! Example `mutex`. In Python the lock stands beside the data, and nothing
//! stops a user who forgets it.
//!
//! ```compile_fail,E0368
//! let mut counter = std::sync::Mutex::new(0);
//! counter += 1;
//! ```
//!
//! ```
//! let counter = std::sync::Mutex::new(0);
//! *counter.lock().unwrap() += 1;
//! assert_eq!(counter.into_inner().unwrap(), 1);
//! ```
//!
//! # Data cannot be kept when the lock is let go (E0505)
//!
//! Example `mutex`. The reference is borrowed from the guard.
//!
//! ```compile_fail,E0505
//! let counter = std::sync::Mutex::new(0);
//! let mut guard = counter.lock().unwrap();
//! let number = &mut *guard;
//! drop(guard);
//! *number += 1;
//! ```
//!
//! # A mutex is released where it was locked (E0277)
//!
//! Example `semaphore_as_mutex`. A guard is not [`Send`], for some systems'
//! mutexes know their owner. A [`Permit`] is.
//!
//! ```compile_fail,E0277
//! let turn = std::sync::Mutex::new(());
//! let guard = turn.lock().unwrap();
//! std::thread::scope(|s| {
//!     s.spawn(move || drop(guard));
//! });
//! ```
//!
//! ```
//! let turn = sync_primitives::Semaphore::new(1);
//! let permit = turn.acquire();
//! std::thread::scope(|s| {
//!     s.spawn(move || drop(permit));
//! });
//! assert_eq!(turn.available(), 1);
//! ```
//!
//! # A reader cannot write (E0594)
//!
//! Example `rwlock`. `read` gives `&`, `write` gives `&mut`.
//!
//! ```compile_fail,E0594
//! let page = std::sync::RwLock::new(1);
//! let mut text = page.read().unwrap();
//! *text = 2;
//! ```
//!
//! # What is sent is gone (E0382)
//!
//! Example `message_passing`. A channel takes ownership of the message.
//!
//! ```compile_fail,E0382
//! let (send, receive) = std::sync::mpsc::channel();
//! let order = String::from("30 from one to two");
//! send.send(order).unwrap();
//! println!("{order}");
//! # drop(receive);
//! ```
//!
//! # Two threads cannot change one deque (E0499)
//!
//! Example `bounded_deque`. A mutex gives each of them `&mut` in turn.
//!
//! ```compile_fail,E0499
//! let mut latest = std::collections::VecDeque::new();
//! std::thread::scope(|s| {
//!     s.spawn(|| latest.push_back("ann"));
//!     s.spawn(|| latest.push_back("bob"));
//! });
//! ```
//!
//! ```
//! let latest = sync_primitives::BoundedDeque::new(1);
//! std::thread::scope(|s| {
//!     s.spawn(|| latest.push_back("ann"));
//!     s.spawn(|| latest.push_back("bob"));
//! });
//! assert_eq!(latest.len(), 1);
//! ```

//!
//! # Waiting for a condition needs the lock (E0061)
//!
//! Example `lost_wakeup`. `wait` takes the guard. It cannot know that the data
//! was looked at under it.
//!
//! ```compile_fail,E0061
//! let bell = std::sync::Condvar::new();
//! let _held = bell.wait();
//! ```
//!
//! ```
//! let mail = std::sync::Mutex::new(true);
//! let bell = std::sync::Condvar::new();
//! let held = mail.lock().unwrap();
//! assert!(*bell.wait_while(held, |mail| !*mail).unwrap());
//! ```
//!
//! # A snapshot cannot be changed (E0594)
//!
//! Example `snapshot`. An [`Arc`](std::sync::Arc) gives `&`, so a new version
//! is a new value.
//!
//! ```compile_fail,E0594
//! struct Server { port: u16 }
//!
//! let server = std::sync::Arc::new(Server { port: 1000 });
//! server.port = 2000;
//! ```
//!
//! ```
//! struct Server { port: u16 }
//!
//! let server = std::sync::Arc::new(Server { port: 1000 });
//! let next = std::sync::Arc::new(Server { port: server.port + 1000 });
//! assert_eq!((server.port, next.port), (1000, 2000));
//! ```
//!
//! # A lazy static value cannot be replaced (E0596)
//!
//! Example `lazy_static_value`.
//!
//! ```compile_fail,E0596
//! use std::sync::LazyLock;
//!
//! static PORT: LazyLock<u16> = LazyLock::new(|| 8080);
//! *PORT = 8081;
//! ```
//!
//! # Temporaries in the head of `match`, `if let` and `while let`
//!
//! Example `temporary_guard`. All of this compiles. The guard is held in the
//! body of each, in every edition:
//!
//! ```
//! use std::sync::Mutex;
//!
//! let jobs = Mutex::new(vec![1]);
//! match jobs.lock().unwrap().last() {
//!     Some(_) => assert!(jobs.try_lock().is_err()),
//!     None => unreachable!(),
//! }
//! if let Some(_) = jobs.lock().unwrap().last() {
//!     assert!(jobs.try_lock().is_err());
//! }
//! while let Some(_) = jobs.lock().unwrap().pop() {
//!     assert!(jobs.try_lock().is_err());
//! }
//! ```
//!
//! Until edition 2021 it is held in the `else` of `if let`, too:
//!
//! ```edition2021
//! let jobs = std::sync::Mutex::new(Vec::<u32>::new());
//! if let Some(_) = jobs.lock().unwrap().last() {
//!     unreachable!();
//! } else {
//!     assert!(jobs.try_lock().is_err());
//! };
//! ```
//!
//! Since edition 2024 it is not. `match` has not changed:
//!
//! ```edition2024
//! let jobs = std::sync::Mutex::new(Vec::<u32>::new());
//! if let Some(_) = jobs.lock().unwrap().last() {
//!     unreachable!();
//! } else {
//!     assert!(jobs.try_lock().is_ok());
//! }
//! match jobs.lock().unwrap().last() {
//!     Some(_) => unreachable!(),
//!     None => assert!(jobs.try_lock().is_err()),
//! };
//! ```
//!
//! A `let` before the body is the cure in every edition:
//!
//! ```
//! let jobs = std::sync::Mutex::new(vec![1]);
//! let job = jobs.lock().unwrap().pop();
//! if let Some(_) = job {
//!     assert!(jobs.try_lock().is_ok());
//! }
//! ```

mod bounded_deque;
mod bounded_semaphore;
mod breakable_barrier;
mod event;
mod reentrant_lock;
mod semaphore;
mod spin_lock;
mod sync;
mod wait_graph;

pub use bounded_deque::BoundedDeque;
pub use bounded_semaphore::{BoundedSemaphore, ReleasedTooOften};
pub use breakable_barrier::{Arrival, BreakableBarrier, Broken};
pub use event::Event;
pub use reentrant_lock::{ReentrantGuard, ReentrantLock};
pub use semaphore::{Permit, Semaphore};
pub use spin_lock::{SpinGuard, SpinLock};
pub use wait_graph::{Wait, WaitGraph, WatchedGuard, WatchedLock};
