//! What the kernel decides about a thread, and what it counts (Linux).
//!
//! std leaves all this to the system. The functions here are thin covers of
//! system calls, with nothing in them but the call; on other systems each of
//! them returns [`Unsupported`](std::io::ErrorKind::Unsupported).

use std::fmt;
use std::ops::Sub;

/// How often a thread has left its core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// It waited for something: a sleep, a lock, a read with no data.
    pub voluntary: i64,
    /// It would have gone on, and its core was given to another.
    pub involuntary: i64,
}

impl Sub for Switches {
    type Output = Switches;

    fn sub(self, earlier: Switches) -> Switches {
        Switches {
            voluntary: self.voluntary - earlier.voluntary,
            involuntary: self.involuntary - earlier.involuntary,
        }
    }
}

impl fmt::Display for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Switches { voluntary, involuntary } = self;
        write!(f, "voluntary {voluntary}, involuntary {involuntary}")
    }
}

#[cfg(target_os = "linux")]
pub use linux::{cores, pin_to, switches};
#[cfg(not(target_os = "linux"))]
pub use other::{cores, pin_to, switches};

#[cfg(target_os = "linux")]
mod linux {
    use std::io;

    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::unistd::Pid;

    use super::Switches;

    /// To the kernel 0 is the calling thread.
    const THIS_THREAD: Pid = Pid::from_raw(0);

    /// The switches of the calling thread since it began: `getrusage`.
    ///
    /// # Errors
    /// When the kernel refuses, or is not Linux.
    pub fn switches() -> io::Result<Switches> {
        let usage = getrusage(UsageWho::RUSAGE_THREAD)?;
        Ok(Switches {
            voluntary: usage.voluntary_context_switches(),
            involuntary: usage.involuntary_context_switches(),
        })
    }

    /// The cores on which the calling thread may run: `sched_getaffinity`.
    ///
    /// # Errors
    /// When the kernel refuses, or is not Linux.
    pub fn cores() -> io::Result<Vec<usize>> {
        let allowed = sched_getaffinity(THIS_THREAD)?;
        let is_allowed = |core: &usize| allowed.is_set(*core) == Ok(true);
        Ok((0..CpuSet::count()).filter(is_allowed).collect())
    }

    /// From now on the calling thread runs on this core only, and so do the
    /// threads that it starts: `sched_setaffinity`.
    ///
    /// # Errors
    /// When there is no such core, the kernel refuses, or is not Linux.
    pub fn pin_to(core: usize) -> io::Result<()> {
        let mut only = CpuSet::new();
        only.set(core)?;
        Ok(sched_setaffinity(THIS_THREAD, &only)?)
    }
}

#[cfg(not(target_os = "linux"))]
#[allow(missing_docs, clippy::missing_errors_doc)]
mod other {
    use std::io::{self, ErrorKind::Unsupported};

    use super::Switches;

    pub fn switches() -> io::Result<Switches> {
        Err(Unsupported.into())
    }

    pub fn cores() -> io::Result<Vec<usize>> {
        Err(Unsupported.into())
    }

    pub fn pin_to(_core: usize) -> io::Result<()> {
        Err(Unsupported.into())
    }
}
