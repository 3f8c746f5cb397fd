//! The runner: builds every example, runs it beside its Python sibling, and
//! compares what both print with the expectation in the example's header.
//!
//! `cargo xtask --help` lists the commands. [`expect`] is the language of the
//! expectations and knows nothing of processes or cargo; [`supervise`] is the
//! process around each example; the rest joins the two: [`catalogue`] is the
//! examples as they lie on disk, [`session`] runs them, [`results`] is what came
//! of it, and [`commands`] has one module a command.

pub mod catalogue;
pub mod cli;
pub mod commands;
mod console;
mod error;
mod files;
pub mod junit;
pub mod options;
pub mod output;
pub mod recording;
pub mod results;
pub mod session;
pub mod times;

pub use error::Error;
