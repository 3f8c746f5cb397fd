//! Synchronisation primitives that std does not have, built by hand.
//!
//! The examples beside this crate use them where Python's `threading` has a
//! primitive and Rust's standard library has none. They are short and complete,
//! written to be read. Each is checked over all interleavings of small cases by
//! `tests/model.rs`, which also makes sure that the checks find a mistake.

mod bounded_deque;
mod bounded_semaphore;
mod event;
mod reentrant_lock;
mod semaphore;
mod spin_lock;
mod sync;

pub use bounded_deque::BoundedDeque;
pub use bounded_semaphore::{BoundedSemaphore, ReleasedTooOften};
pub use event::Event;
pub use reentrant_lock::{ReentrantGuard, ReentrantLock};
pub use semaphore::{Permit, Semaphore};
pub use spin_lock::{SpinGuard, SpinLock};
