//! The supervisor: a small process of its own around each example.
//!
//! Two processes stand between the runner and an example. The *outer* one makes
//! the working folder, watches the runner's socket, and cleans up. The *inner*
//! one is the example's parent: on Linux the init of fresh pid, IPC and mount
//! namespaces, where these are allowed, else a sub-reaper. Whatever the example
//! leaves behind falls to the inner process, is reported, and is killed.

mod inner;
mod leaks;
mod outer;
pub mod protocol;
mod schedule;

pub use outer::main;
