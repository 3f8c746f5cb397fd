use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Shared;

/// A barrier for processes: make it, fork, and let each child [`wait`].
///
/// It serves one meeting. The last to arrive puts a byte for each of the party
/// into a pipe, and each takes one. If one of the party dies before it arrives
/// the others wait for ever, so wait for the children with [`ipc::wait_all`],
/// which then ends them.
///
/// [`wait`]: Barrier::wait
#[derive(Debug)]
pub struct Barrier {
    party: u32,
    arrived: Shared<AtomicU32>,
    gate: PipeReader,
    key: PipeWriter,
}

impl Barrier {
    /// A barrier that opens when `party` processes wait at it.
    pub fn new(party: u32) -> io::Result<Barrier> {
        let (gate, key) = pipe()?;
        let arrived = Shared::new(AtomicU32::new(0))?;
        Ok(Barrier { party, arrived, gate, key })
    }

    /// Waits for the others, and says how many have met.
    pub fn wait(&self) -> io::Result<u32> {
        // The pipe orders what was written before the meeting; the count need
        // not.
        let arrived = self.arrived.fetch_add(1, Relaxed) + 1;
        if arrived > self.party {
            return Err(io::Error::other("more have come than were expected"));
        }
        if arrived == self.party {
            (&self.key).write_all(&vec![0; self.party as usize])?;
        }
        (&self.gate).read_exact(&mut [0])?;
        Ok(self.arrived.load(Relaxed))
    }
}
