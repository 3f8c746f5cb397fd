//! Processes by example; here is what more than one example needs.
//!
//! The examples stand in `examples/`, each beside its Python sibling. Most of
//! them start processes with `fork` of the crate [ipc], which waits for each
//! child exactly once and lets none run on into its parent's frames. This
//! library adds:
//!
//! - [`pool`]: a pool of worker processes, the counterpart of
//!   `multiprocessing.Pool` and of `concurrent.futures.ProcessPoolExecutor`;
//! - [`Zygote`]: a fork server, as `multiprocessing` has one;
//! - [`Group`]: a foreign program with all that it starts;
//! - [`Barrier`]: the counterpart of `multiprocessing.Barrier`;
//! - [`Peak`]: how many are inside at one time, over threads and processes;
//! - [`keep_busy`]: work of a known size;
//! - [`cpu_time`], [`switches`]: what the kernel counts, as
//!   `resource.getrusage` gives it.

mod barrier;
mod group;
mod peak;
pub mod pool;
mod usage;
mod zygote;

pub use barrier::Barrier;
pub use group::Group;
pub use peak::Peak;
pub use usage::{Who, cpu_time, keep_busy, switches};
pub use zygote::Zygote;
