//! What the kernel decides about a thread, and what it counts (Linux).
//!
//! std leaves all this to the system. Most functions here are thin covers of
//! system calls, with nothing in them but the call; on other systems each of
//! them returns [`Unsupported`](std::io::ErrorKind::Unsupported).

use std::ops::Sub;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{env, fmt, fs, hint, io};

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

/// What [`watch`] saw of another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How often the other ran while the watcher was off its core.
    pub turns: u32,
    /// How many ran at one instant at most: 1, or 2.
    pub at_one_instant: u32,
}

/// Watches another thread, which raises the count in a loop.
///
/// If the count moves while the watcher has not left its core, both were
/// running at that instant, and the watch is over. If the watcher was switched
/// away meanwhile, the two took turns; the watch is over after `enough` turns.
///
/// # Errors
/// When the kernel refuses, or is not Linux.
pub fn watch(count: &AtomicU64, enough: u32) -> io::Result<Seen> {
    for turns in 0..enough {
        let before = switches()?;
        let seen = count.load(Relaxed);
        while count.load(Relaxed) == seen {
            hint::spin_loop();
        }
        if switches()? == before {
            return Ok(Seen { turns, at_one_instant: 2 });
        }
    }
    Ok(Seen { turns: enough, at_one_instant: 1 })
}

/// The seconds that a task has spent on a core, by its folder in `/proc`.
///
/// # Errors
/// When there is no such task, or the kernel is not Linux.
pub fn time_on_core(task: &Path) -> io::Result<f64> {
    let text = fs::read_to_string(task.join("schedstat"))?;
    let nanos = text.split_whitespace().next().unwrap_or_default();
    let nanos: f64 = nanos.parse().map_err(io::Error::other)?;
    Ok(nanos / 1e9)
}

/// Starts this program again, by `chrt`, if its scheduling class is not the
/// ordinary one: the others know no niceness.
///
/// # Errors
/// When that is refused, or the kernel is not Linux.
pub fn into_ordinary_class() -> io::Result<()> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let class = fields.split_whitespace().nth(38); // field 41 of proc(5)
    if class == Some("0") || env::args().len() > 1 {
        return Ok(());
    }
    let mut chrt = Command::new("chrt");
    let chrt = chrt.args(["--other", "0"]).arg(env::current_exe()?);
    Err(chrt.arg("again").exec())
}

#[cfg(target_os = "linux")]
pub use linux::{Task, cores, pin_to, switches, switches_of_process};
#[cfg(not(target_os = "linux"))]
pub use other::{Task, cores, pin_to, switches, switches_of_process};

#[cfg(target_os = "linux")]
mod linux {
    use std::fs::File;
    use std::os::unix::fs::FileExt;
    use std::{io, thread};

    use nix::errno::Errno;
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
        switches_of(UsageWho::RUSAGE_THREAD)
    }

    /// The switches of all threads of this process, also of those that have
    /// ended: `getrusage`.
    ///
    /// # Errors
    /// When the kernel refuses, or is not Linux.
    pub fn switches_of_process() -> io::Result<Switches> {
        switches_of(UsageWho::RUSAGE_SELF)
    }

    fn switches_of(who: UsageWho) -> io::Result<Switches> {
        let usage = getrusage(who)?;
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

    /// A thread as the kernel shows it in `/proc`.
    #[derive(Debug)]
    pub struct Task {
        status: File,
    }

    impl Task {
        /// The calling thread; others may look at it through this.
        ///
        /// # Errors
        /// When the kernel refuses, or is not Linux.
        pub fn current() -> io::Result<Task> {
            Ok(Task { status: File::open("/proc/thread-self/status")? })
        }

        /// What the thread does, in the kernel's words: `R (running)`, which
        /// is also said of one that waits for a core, `S (sleeping)`. `gone`
        /// when it has ended.
        ///
        /// # Errors
        /// When the kernel refuses, or is not Linux.
        pub fn state(&self) -> io::Result<String> {
            let mut text = [0; 256];
            let length = match self.status.read_at(&mut text, 0) {
                Ok(length) => length,
                Err(error)
                    if error.raw_os_error() == Some(Errno::ESRCH as i32) =>
                {
                    return Ok("gone".to_owned());
                }
                Err(error) => return Err(error),
            };
            let text = String::from_utf8_lossy(&text[..length]);
            let state = text.lines().find_map(|l| l.strip_prefix("State:\t"));
            state.map(str::to_owned).ok_or(io::ErrorKind::InvalidData.into())
        }

        /// Looks again and again until the state begins with one of these
        /// letters, and tells which state it saw.
        ///
        /// # Errors
        /// When the kernel refuses, or is not Linux.
        pub fn until(&self, letters: &[char]) -> io::Result<String> {
            loop {
                let state = self.state()?;
                if state.starts_with(letters) || state == "gone" {
                    return Ok(state);
                }
                thread::yield_now();
            }
        }
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

    pub fn switches_of_process() -> io::Result<Switches> {
        Err(Unsupported.into())
    }

    pub fn cores() -> io::Result<Vec<usize>> {
        Err(Unsupported.into())
    }

    pub fn pin_to(_core: usize) -> io::Result<()> {
        Err(Unsupported.into())
    }

    #[derive(Debug)]
    pub struct Task;

    impl Task {
        pub fn current() -> io::Result<Task> {
            Err(Unsupported.into())
        }

        pub fn state(&self) -> io::Result<String> {
            Err(Unsupported.into())
        }

        pub fn until(&self, _letters: &[char]) -> io::Result<String> {
            Err(Unsupported.into())
        }
    }
}
