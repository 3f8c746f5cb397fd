//! The runner: builds every example, runs it beside its Python sibling, and
//! compares what both print with the expectation in the example's header.
//!
//! `cargo xtask --help` lists the commands. [`expect`] is the language of the
//! expectations and knows nothing of processes or cargo; [`supervise`] is the
//! process around each example; the rest joins the two.

pub mod bless;
pub mod breakage;
pub mod cargo;
pub mod case;
pub mod check;
pub mod cli;
mod error;
pub mod expect;
pub mod header;
pub mod index;
mod interrupt;
pub mod junit;
pub mod list;
pub mod measure;
pub mod new;
pub mod output;
pub mod propose;
pub mod python;
pub mod run;
pub mod stress;
pub mod suite;
pub mod supervise;
pub mod workspace;

pub use error::Error;
