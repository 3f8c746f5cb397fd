//! The pages: every example with its Python beside it, and pictures of what both
//! print, drawn from recorded runs.
//!
//! [`pages`] makes all files in memory, from the sources, the recordings and what
//! `cargo xtask index` wrote; [`faults`] holds them to their promises.

mod check;
mod code;
mod entry;
mod error;
mod layout;
mod names;
mod pages;
mod picture;
mod prose;
mod search;
mod serve;
mod write;

pub use check::faults;
pub use error::Error;
pub use pages::{pages, readme};
pub use serve::serve;
pub use write::{put, write};

/// Every file of the site: its path below the root, and what it holds.
pub type Files = std::collections::BTreeMap<String, Vec<u8>>;
