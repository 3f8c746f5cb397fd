//! The runner: builds every example, runs it beside its Python sibling, and
//! compares what both print with the expectation in the example's header.
//!
//! `cargo xtask --help` lists the commands. [`expect`] is the language of the
//! expectations and knows nothing of processes or cargo; [`supervise`] is the
//! process around each example; the rest joins the two.

pub mod catalogue;
pub mod cli;
pub mod commands;
mod error;
pub mod junit;
pub mod output;
pub mod suite;

pub use error::Error;
