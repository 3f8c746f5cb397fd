//! What the executor takes from outside: here from std. The model checks in
//! `tests/model.rs` compile the same source with the checker's types instead.

pub(crate) use std::sync::atomic::{AtomicBool, Ordering};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
