use std::io;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Shared;

/// An [`ipc::Barrier`] that tells how many have met, and refuses whoever comes too
/// many: make it, fork, and let each child [`wait`](Barrier::wait).
///
/// If one of the party dies before it arrives the others wait for ever, so wait for
/// the children with [`ipc::wait_all`], which then ends them.
#[derive(Debug)]
pub struct Barrier {
    party: u32,
    arrived: Shared<AtomicU32>,
    all_here: ipc::Barrier,
}

impl Barrier {
    /// A barrier that opens when `party` processes wait at it, once.
    pub fn new(party: u32) -> io::Result<Barrier> {
        let arrived = Shared::new(AtomicU32::new(0))?;
        Ok(Barrier { party, arrived, all_here: ipc::Barrier::new(party)? })
    }

    /// Waits for the others, and says how many have met.
    pub fn wait(&self) -> io::Result<u32> {
        if self.arrived.fetch_add(1, Relaxed) >= self.party {
            return Err(io::Error::other("more have come than were expected"));
        }
        self.all_here.wait()?;
        Ok(self.arrived.load(Relaxed))
    }
}
