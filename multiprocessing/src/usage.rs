use std::io;
use std::time::Duration;

use nix::sys::resource::{Usage, UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::time::{ClockId, clock_gettime};

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
    let usage = usage(who)?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Duration::from_micros(micros.unsigned_abs()))
}

/// How often the kernel has taken the processor from them: because they waited
/// for something, or because another task was to run.
pub fn switches(who: Who) -> io::Result<u64> {
    let usage = usage(who)?;
    let waits = usage.voluntary_context_switches();
    Ok((waits + usage.involuntary_context_switches()).unsigned_abs())
}

/// Keeps a core busy for so long of this thread's own processor time, so that it
/// is the same work on a machine with other things to do.
pub fn keep_busy(time: Duration) {
    let spent = || {
        let spent = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID);
        Duration::from(spent.expect("each thread has this clock"))
    };
    let end = spent() + time;
    while spent() < end {}
}

fn usage(who: Who) -> nix::Result<Usage> {
    getrusage(match who {
        Who::Me => UsageWho::RUSAGE_SELF,
        Who::Children => UsageWho::RUSAGE_CHILDREN,
    })
}
