//! Asks the kernel for a schedule; what it refuses is left as it is.

#![allow(unsafe_code)]

use crate::protocol::{Priority, Schedule};

/// Schedules this process, and so all that it starts.
///
/// # Errors
/// What the kernel refused, in words.
#[cfg(target_os = "linux")]
pub(crate) fn apply(schedule: &Schedule) -> Result<(), String> {
    use nix::errno::Errno;
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::Pid;

    let this = Pid::from_raw(0);
    if let Some(nth) = schedule.processor {
        let allowed = sched_getaffinity(this)
            .map_err(|e| format!("the processors allowed: {e}"))?;
        let ours: Vec<usize> = (0..CpuSet::count())
            .filter(|cpu| allowed.is_set(*cpu).unwrap_or(false))
            .collect();
        let mut one = CpuSet::new();
        ours.get(nth % ours.len().max(1))
            .ok_or(Errno::EINVAL)
            .and_then(|cpu| one.set(*cpu))
            .and_then(|()| sched_setaffinity(this, &one))
            .map_err(|e| format!("pinning to one processor: {e}"))?;
    }
    match schedule.priority {
        Priority::Normal => Ok(()),
        priority => set(priority),
    }
}

/// Sets this process's scheduling class.
///
/// # Errors
/// What the kernel refused, in words.
#[cfg(target_os = "linux")]
pub(crate) fn set(priority: Priority) -> Result<(), String> {
    use nix::errno::Errno;

    let (policy, level) = match priority {
        Priority::Normal => (libc::SCHED_OTHER, 0),
        Priority::Lowest => (libc::SCHED_IDLE, 0),
        Priority::RealTime => (libc::SCHED_RR, 1),
    };
    let parameter = libc::sched_param { sched_priority: level };
    // SAFETY: the pointer is to a live, initialised `sched_param`, which the
    // kernel only reads.
    let result = unsafe { libc::sched_setscheduler(0, policy, &parameter) };
    Errno::result(result)
        .map(drop)
        .map_err(|e| format!("the scheduling class: {e}"))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn set(_: Priority) -> Result<(), String> {
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn apply(schedule: &Schedule) -> Result<(), String> {
    if *schedule == Schedule::default() {
        return Ok(());
    }
    Err(format!("{:?}: only Linux can be asked for that", Priority::Lowest))
}
