//! What two examples of this crate stand on, written to be read.
//!
//! Everything else is in the examples themselves, from `main` down.

mod sync;
pub mod toy_executor;
