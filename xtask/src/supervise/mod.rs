//! The supervisor: a small process of its own around each example.
//!
//! It is the example's parent: on Linux the init of fresh pid, IPC and mount
//! namespaces, where these are allowed, else a sub-reaper. Whatever the example
//! leaves behind falls to it, is reported, and is killed. When the runner says
//! so, or dies, it kills all that it has started. All supervisors are forks of
//! one process, the *zygote*, which the runner starts.

mod leaks;
#[cfg(target_os = "linux")]
mod namespaces;
pub mod protocol;
mod schedule;
mod supervisor;
pub mod zygote;
