use std::io;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Whose processor time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// This process with all its threads.
    Me,
    /// Its children, each from the moment at which it was waited for.
    Children,
}

/// The processor time that the kernel has charged: in the program and in the
/// kernel for it.
pub fn cpu_time(who: Who) -> io::Result<Duration> {
    let usage = getrusage(match who {
        Who::Me => UsageWho::RUSAGE_SELF,
        Who::Children => UsageWho::RUSAGE_CHILDREN,
    })?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}
