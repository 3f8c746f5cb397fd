//! What the examples beside this crate share: child processes that are waited
//! for on every path, memory that several processes see, a semaphore and a
//! barrier in it, programs that are started with a channel to them, and a Redis
//! server of one's own.
//!
//! The unsafe calls stand here, each with its reason, so that an example can be
//! about what it is about. `fork` by itself, with all its traps, is in the crate
//! `multiprocessing`.

mod child;
mod name;
mod pipe;
mod redis;
#[cfg(target_os = "linux")]
mod robust;
mod semaphore;
mod shared;
mod start;

pub use child::{Child, Result, ends_within, exit, fork, spawn, wait_all};
pub use name::random_name;
pub use pipe::{pipe_with_room, write_at_once};
pub use redis::RedisServer;
#[cfg(target_os = "linux")]
pub use robust::{Guard, LockError, OwnerDied, Plain, RobustMutex};
pub use semaphore::{Barrier, Permit, Semaphore};
pub use shared::{ProcessShared, Shared};
pub use start::{connect, start};
