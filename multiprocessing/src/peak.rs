use std::io;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Shared;

/// Counts who is inside, and the most at one time, over threads and over the
/// processes that are forked after it was made.
#[derive(Debug)]
pub struct Peak(Shared<[AtomicU32; 2]>);

impl Peak {
    /// Nobody is inside yet.
    pub fn new() -> io::Result<Peak> {
        Ok(Peak(Shared::new([const { AtomicU32::new(0) }; 2])?))
    }

    /// Counts one in.
    pub fn enter(&self) {
        let now = self.0[0].fetch_add(1, Relaxed) + 1;
        self.0[1].fetch_max(now, Relaxed);
    }

    /// Counts one out.
    pub fn leave(&self) {
        self.0[0].fetch_sub(1, Relaxed);
    }

    /// The most that have been inside at one time.
    pub fn most(&self) -> u32 {
        self.0[1].load(Relaxed)
    }
}
