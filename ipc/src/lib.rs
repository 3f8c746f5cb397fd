//! What the examples beside this crate share: child processes that are waited
//! for on every path, and memory that several processes see.
//!
//! The unsafe calls of the two stand here, each with its reason, so that an
//! example can be about what it is about. `fork` by itself, with all its traps,
//! is in the crate `multiprocessing`.

mod child;
mod shared;

pub use child::{Child, Result, exit, fork, spawn, wait_all};
pub use shared::{ProcessShared, Shared};
