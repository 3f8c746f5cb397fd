//! What the examples beside this crate share.
//!
//! The toy executor stands here so that `tests/model.rs` can check it, and the
//! accept loop because each server needs it. The rest is what the examples use
//! but are not about.

pub mod by_hand;
pub mod chat_clients;
pub mod expression;
pub mod http_site;
pub mod load;
pub mod proactor;
mod sync;
pub mod toy_executor;
