//! Runs a program under a supervisor and observes it.
//!
//! The supervisor is a small process of its own around each program. It is the
//! program's parent: on Linux the init of fresh pid, IPC and mount namespaces,
//! where these are allowed, else a sub-reaper. Whatever the program leaves behind
//! falls to it, is reported, and is killed. When the runner says so, or dies, it
//! kills all that it has started. All supervisors are forks of one process, the
//! *zygote*, which the runner starts.

mod cast;
mod error;
mod folder;
pub mod interrupt;
mod leaks;
mod lines;
#[cfg(target_os = "linux")]
mod namespaces;
pub mod protocol;
mod rights;
mod runner;
mod schedule;
mod supervisor;
mod watch;
pub mod zygote;

pub use error::Error;
pub use preload::SEED;
pub use runner::{Fault, Outcome, Runner};
