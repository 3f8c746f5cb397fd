//! Everything that the primitives need from std. The model checks
//! in `tests/model.rs` compile the same sources with a checker's types in its
//! place.

pub(crate) use std::sync::atomic::{AtomicBool, Ordering};
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
pub(crate) use std::{hint, thread};
