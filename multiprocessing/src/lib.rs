//! Processes by example; here is what more than one example needs.
//!
//! The examples stand in `examples/`, each beside its Python sibling. Most of
//! them start processes with `fork` of the crate [ipc], which waits for each
//! child exactly once and lets none run on into its parent's frames. This
//! library adds:
//!
//! - [`pool`]: a pool of worker processes, the counterpart of
//!   `multiprocessing.Pool` and of `concurrent.futures.ProcessPoolExecutor`;
//! - [`Barrier`]: the counterpart of `multiprocessing.Barrier`;
//! - [`exit_now`]: the counterpart of `os._exit`;
//! - [`cpu_time`]: processor time, as `resource.getrusage` gives it.

mod barrier;
mod exit;
pub mod pool;
mod usage;

pub use barrier::Barrier;
pub use exit::exit_now;
pub use usage::{Who, cpu_time};
