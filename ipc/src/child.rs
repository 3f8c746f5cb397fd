#![allow(unsafe_code)]

use std::error::Error;
use std::io::{self, Write};
use std::mem::{self, MaybeUninit};
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{self, Command};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, getpid};

/// What `main` and a forked child's body return.
pub type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The exit status of a child that panicked, as of any Rust program.
const PANICKED: i32 = 101;

/// A child process that is waited for on every path, and once.
///
/// If it is dropped before it was waited for, as when `?` leaves a function
/// early, the process is killed and then waited for: no zombie, no orphan.
///
/// The child's id stays its own until it is waited for, so a signal reaches
/// nobody else. That holds as long as only this handle waits: code that calls
/// `wait` for any child, or ignores SIGCHLD, takes the child from its handle.
#[derive(Debug)]
#[must_use = "a child that is dropped is killed"]
pub struct Child {
    pid: Pid,
    parent: Pid,
    /// Waited for: the pid may be a stranger's.
    waited: bool,
    /// What the wait gave. `None` after an error.
    status: Option<WaitStatus>,
}

impl Child {
    fn new(pid: Pid) -> Child {
        Child { pid, parent: getpid(), waited: false, status: None }
    }

    /// The child's process id. It stays the child's until it is waited for.
    pub fn id(&self) -> Pid {
        self.pid
    }

    /// Whether this process started it, and is no fork that holds a copy.
    pub(crate) fn is_ours(&self) -> bool {
        self.parent == getpid()
    }

    /// Sends a signal. An error if the child has been waited for: the pid may
    /// be a stranger's by now.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        if self.waited {
            return Err(Errno::ESRCH.into());
        }
        Ok(kill(self.pid, signal)?)
    }

    /// Waits for the end, but no longer than `limit`, and says whether it came.
    /// The child is still to be waited for.
    pub fn ends_within(&self, limit: Duration) -> io::Result<bool> {
        if self.waited { Ok(true) } else { ends_within(self.pid, limit) }
    }

    /// Says how the end came, if it has come. Then the child has been waited
    /// for: to ask again, or to wait, gives the same once more.
    pub fn try_wait(&mut self) -> io::Result<Option<WaitStatus>> {
        if !self.waited {
            let status = waitpid(self.pid, Some(WaitPidFlag::WNOHANG));
            if status == Ok(WaitStatus::StillAlive) {
                return Ok(None);
            }
            self.waited = true; // also after an error
            self.status = Some(status?);
        }
        self.status.map(Some).ok_or_else(|| Errno::ECHILD.into())
    }

    /// Waits for the end and says how it came.
    pub fn wait(mut self) -> io::Result<WaitStatus> {
        if !self.waited {
            self.waited = true; // also after an error
            self.status = Some(wait_for(self.pid)?);
        }
        self.status.ok_or_else(|| Errno::ECHILD.into())
    }

    /// Waits for the end, and takes all but exit status 0 for an error.
    pub fn join(self) -> Result<()> {
        check(self.wait()?)
    }

    /// Waits for the end, and gives the exit status. Death by a signal has
    /// none: it is an error.
    pub fn exit_code(self) -> Result<i32> {
        match self.wait()? {
            WaitStatus::Exited(_, code) => Ok(code),
            killed => check(killed).map(|()| 0),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A forked process holds copies of its siblings' handles: only the
        // parent may act on them.
        if !self.waited && self.is_ours() {
            let _ = kill(self.pid, Signal::SIGKILL);
            let _ = wait_for(self.pid);
        }
    }
}

/// Waits for all, in the order in which they end, and says how many there were.
///
/// The first that fails ends the wait: the others, which might wait for it for
/// ever, are killed. The same if a child ends meanwhile that is not among them,
/// which is left to its handle.
pub fn wait_all(children: impl IntoIterator<Item = Child>) -> Result<usize> {
    let children: Vec<Child> = children.into_iter().collect();
    let count = children.len();
    let (ended, mut left): (Vec<_>, Vec<_>) =
        children.into_iter().partition(|child| child.waited);
    ended.into_iter().try_for_each(Child::join)?;
    while !left.is_empty() {
        let ended = next_to_end()?;
        match left.iter().position(|child| child.pid == ended) {
            Some(place) => left.swap_remove(place).join()?,
            None => return Err(format!("process {ended} has ended").into()),
        }
    }
    Ok(count)
}

/// Waits for a child's end, but no longer than `limit`, and says whether it
/// came. std has no such wait. The child is still to be waited for.
pub fn ends_within(child: Pid, limit: Duration) -> io::Result<bool> {
    // Only Linux could tell of the end, by a pidfd: so look now and then.
    let begin = Instant::now();
    let (of, id) = (libc::P_PID, child.as_raw() as libc::id_t);
    while look_for_end(of, id, libc::WNOHANG)?.is_none() {
        if begin.elapsed() >= limit {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(true)
}

/// Waits until any child has ended, and leaves it to be waited for by its pid.
fn next_to_end() -> io::Result<Pid> {
    match look_for_end(libc::P_ALL, 0, 0)? {
        Some(pid) => Ok(pid),
        None => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Waits until this child has ended, and leaves it to its handle. Returns as
/// well if the handle was faster.
pub(crate) fn await_end(pid: Pid) {
    let _ = look_for_end(libc::P_PID, pid.as_raw() as libc::id_t, 0);
}

/// Finds an ended child and leaves it as it is; with WNOHANG there may be none.
/// (nix has `waitid`, but not for macOS.)
fn look_for_end(
    of: libc::idtype_t,
    id: libc::id_t,
    flags: i32,
) -> io::Result<Option<Pid>> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    let flags = flags | libc::WEXITED | libc::WNOWAIT;
    // SAFETY: the call writes to `info` alone, which is as large as it must be.
    while unsafe { libc::waitid(of, id, info.as_mut_ptr(), flags) } != 0 {
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
    // SAFETY: the call that succeeded has written the pid, or none: then it is
    // zero as before.
    let pid = unsafe { info.assume_init().si_pid() };
    Ok((pid != 0).then_some(Pid::from_raw(pid)))
}

fn wait_for(pid: Pid) -> nix::Result<WaitStatus> {
    loop {
        match waitpid(pid, None) {
            Err(Errno::EINTR) => {} // a signal handler ran: wait on
            status => return status,
        }
    }
}

fn check(status: WaitStatus) -> Result<()> {
    match status {
        WaitStatus::Exited(_, 0) => Ok(()),
        WaitStatus::Exited(pid, PANICKED) => {
            Err(format!("process {pid} panicked").into())
        }
        WaitStatus::Exited(pid, code) => {
            Err(format!("process {pid} ended with exit status {code}").into())
        }
        WaitStatus::Signaled(pid, signal, _) => {
            Err(format!("process {pid} was ended by {signal}").into())
        }
        other => Err(format!("unexpected: {other:?}").into()),
    }
}

/// Forks. The child does `work` and ends; the parent gets the handle.
///
/// What `work` owns belongs to the child alone: the parent drops its copies on
/// return, so a pipe's end that was moved in is closed in the parent. What it
/// borrows, both have.
///
/// The child never returns into the frames below `work`. Whether `work`
/// returns, fails or panics, the child tells it, flushes standard output and
/// ends by `_exit`: no destructor and no exit handler of the parent's runs
/// twice. The exit status is 0, 1 or, after a panic, 101; for another one see
/// [`exit`]. Standard output is flushed before the fork, so that nothing is
/// printed twice.
///
/// On Linux the child is killed when the thread that forked it ends. That
/// thread is the parent's only one, so this is when the parent ends.
///
/// # Errors
///
/// Fails if another thread runs: the child would have that thread's locks, held
/// for ever, but not the thread.
pub fn fork(work: impl FnOnce() -> Result<()>) -> io::Result<Child> {
    be_alone()?;
    io::stdout().flush()?;
    let parent = getpid();
    // SAFETY: this thread is the only one, as was just seen, and nobody else
    // could have started another. So the child may do all that this process may.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Ok(Child::new(child)),
        ForkResult::Child => {
            let told = catch_unwind(AssertUnwindSafe(|| {
                let done =
                    die_with(parent, Signal::SIGKILL).map_err(Into::into);
                match done.and_then(|()| work()) {
                    Ok(()) => 0,
                    Err(error) => tell(&*error),
                }
            }));
            exit(told.unwrap_or_else(|payload| {
                // The panic hook has told it. To drop a payload may panic.
                mem::forget(payload);
                PANICKED
            }))
        }
    }
}

/// Ends a forked child with this exit status, from anywhere in its work.
///
/// Standard output is flushed, and nothing else is done:
/// [`std::process::exit`] would run the exit handlers that the parent has set.
pub fn exit(status: i32) -> ! {
    let flushed = io::stdout().flush();
    let status = match flushed {
        Err(error) if status == 0 => tell(&error),
        _ => status,
    };
    // SAFETY: ends the process; nothing after this is run.
    unsafe { libc::_exit(status) }
}

/// Tells on standard error why this process fails; gives its exit status.
fn tell(error: &dyn Error) -> i32 {
    // Not `eprintln!`, which panics where nobody reads.
    let _ = writeln!(io::stderr(), "process {}: {error}", process::id());
    1
}

/// Starts a program, as [`Command::spawn`] does.
///
/// On Linux it is killed when the *thread* that started it ends, so start what
/// has to live longer than a thread from one that lives as long. Pipes that
/// `command` asks for are closed.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    spawn_ended_by(command, Signal::SIGKILL)
}

/// The same, with another signal than SIGKILL: for a program that has to tidy up.
pub(crate) fn spawn_ended_by(
    command: &mut Command,
    signal: Signal,
) -> io::Result<Child> {
    let parent = getpid();
    // SAFETY: between fork and exec `die_with` makes two system calls, and
    // nothing in it allocates or locks.
    unsafe { command.pre_exec(move || die_with(parent, signal)) };
    let pid = command.spawn()?.id();
    Ok(Child::new(Pid::from_raw(pid as i32)))
}

/// Asks the kernel for this signal when the thread that started this process
/// ends.
///
/// The parent may have died before the kernel was asked: then no signal comes
/// any more, but this process has another parent already.
#[cfg(target_os = "linux")]
fn die_with(parent: Pid, signal: Signal) -> io::Result<()> {
    nix::sys::prctl::set_pdeathsig(signal)?;
    if nix::unistd::getppid() != parent {
        return Err(Errno::ESRCH.into());
    }
    Ok(())
}

/// There is no such thing here: the children of a killed parent live on until
/// what they read from, or write to, is closed.
#[cfg(not(target_os = "linux"))]
fn die_with(_parent: Pid, _signal: Signal) -> io::Result<()> {
    Ok(())
}

/// A thread that was joined may be counted for a moment still, so look again for
/// a while.
fn be_alone() -> io::Result<()> {
    let begin = Instant::now();
    while threads()? != 1 {
        if begin.elapsed() > Duration::from_secs(1) {
            return Err(io::Error::other("fork: other threads are running"));
        }
        thread::yield_now();
    }
    Ok(())
}

#[cfg(target_os = "linux")]
fn threads() -> io::Result<usize> {
    Ok(std::fs::read_dir("/proc/self/task")?.count())
}

#[cfg(target_os = "macos")]
fn threads() -> io::Result<usize> {
    let mut info = MaybeUninit::<libc::proc_taskinfo>::uninit();
    let size = size_of::<libc::proc_taskinfo>() as i32;
    // SAFETY: `info` has room for the `size` bytes that the call may write.
    let written = unsafe {
        let buffer = info.as_mut_ptr().cast();
        let own = getpid().as_raw();
        libc::proc_pidinfo(own, libc::PROC_PIDTASKINFO, 0, buffer, size)
    };
    if written != size {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call has written all of it.
    Ok(unsafe { info.assume_init() }.pti_threadnum as usize)
}
