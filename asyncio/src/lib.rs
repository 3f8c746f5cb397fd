//! What the examples beside this crate share.
//!
//! The toy executor stands here so that `tests/model.rs` can check it; the rest
//! is how a server that is run by hand learns its port.

pub mod by_hand;
mod sync;
pub mod toy_executor;
