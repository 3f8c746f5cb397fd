#![allow(unsafe_code)]

use std::ffi::CString;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{
    AtomicU32,
    Ordering::{AcqRel, Relaxed},
};

use nix::errno::Errno;

use crate::{Shared, random_name};

/// A counting semaphore for this process and the children it forks later.
///
/// std and nix have none; this is the C library's, as in Python's
/// `multiprocessing`. `sem_open` puts it in shared memory under a name, which
/// is unlinked at once, so nothing is left, however the program ends.
///
/// A process that is killed while it holds a permit takes the permit with it.
#[derive(Debug)]
pub struct Semaphore(NonNull<libc::sem_t>);

// SAFETY: the calls on a semaphore may be made by any thread at any time.
unsafe impl Send for Semaphore {}
// SAFETY: as above.
unsafe impl Sync for Semaphore {}

impl Semaphore {
    /// Makes a semaphore with that many permits.
    pub fn new(permits: u32) -> io::Result<Semaphore> {
        let name = CString::new(random_name())?;
        let new = libc::O_CREAT | libc::O_EXCL;
        // SAFETY: `name` is a string of C, the others are numbers.
        let place =
            unsafe { libc::sem_open(name.as_ptr(), new, 0o600, permits) };
        if place == libc::SEM_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: as above. It succeeds: the name was made a moment ago.
        unsafe { libc::sem_unlink(name.as_ptr()) };
        NonNull::new(place)
            .map(Semaphore)
            .ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Waits for a permit.
    pub fn acquire(&self) -> io::Result<Permit<'_>> {
        self.take()?;
        Ok(Permit(self))
    }

    /// Takes a permit if there is one now.
    pub fn try_acquire(&self) -> io::Result<Option<Permit<'_>>> {
        // SAFETY: the semaphore is open until this is dropped.
        match Errno::result(unsafe { libc::sem_trywait(self.0.as_ptr()) }) {
            Ok(_) => Ok(Some(Permit(self))),
            Err(Errno::EAGAIN) => Ok(None),
            Err(errno) => Err(errno.into()),
        }
    }

    /// Waits for a permit and keeps it for good. `sem_wait` ends early when a
    /// signal was handled: there is no permit then, so ask again.
    fn take(&self) -> io::Result<()> {
        loop {
            // SAFETY: as above.
            match Errno::result(unsafe { libc::sem_wait(self.0.as_ptr()) }) {
                Err(Errno::EINTR) => {}
                taken => return Ok(taken.map(drop)?),
            }
        }
    }

    fn give(&self) -> io::Result<()> {
        // SAFETY: as above.
        let given = unsafe { libc::sem_post(self.0.as_ptr()) };
        Ok(Errno::result(given).map(drop)?)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: opened by `new`, and no permit outlives this. The processes
        // that were forked have the semaphore open themselves.
        unsafe { libc::sem_close(self.0.as_ptr()) };
    }
}

/// A permit of a [`Semaphore`]. Goes back when it is dropped.
#[derive(Debug)]
#[must_use = "a permit that is dropped has gone back"]
pub struct Permit<'a>(&'a Semaphore);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let _ = self.0.give(); // fails only where no permit was taken
    }
}

/// A meeting of a fixed number of processes, for one round.
///
/// Each `wait` blocks until all have called it. Whoever calls it once more
/// passes. If one of them dies before it comes, the others wait until they are
/// killed, as [`wait_all`](crate::wait_all) does.
#[derive(Debug)]
pub struct Barrier {
    processes: u32,
    arrived: Shared<AtomicU32>,
    all_here: Semaphore,
}

impl Barrier {
    /// Makes a barrier for that many processes.
    pub fn new(processes: u32) -> io::Result<Barrier> {
        Ok(Barrier {
            processes,
            arrived: Shared::new(AtomicU32::new(0))?,
            all_here: Semaphore::new(0)?,
        })
    }

    /// Waits for the others, and says how many have come. What each did before
    /// it came, all see afterwards.
    pub fn wait(&self) -> io::Result<u32> {
        let place = self.arrived.fetch_add(1, AcqRel) + 1;
        if place < self.processes {
            self.all_here.take()?;
        } else if place == self.processes {
            for _ in 1..self.processes {
                self.all_here.give()?;
            }
        }
        Ok(self.arrived.load(Relaxed))
    }
}
