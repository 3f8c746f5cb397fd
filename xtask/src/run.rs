//! Runs one job under a supervisor and observes it.

mod folder;
mod lines;
mod watch;

use std::collections::VecDeque;
use std::io;
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use self::folder::Folder;
use self::lines::Lines;
use self::watch::Watch;
use crate::Error;
use crate::expect::{Observed, Stream};
use crate::interrupt::Interrupt;
use crate::supervise::protocol::{ARGUMENT, Isolation, Job};

/// One run, as it was seen.
#[derive(Debug)]
pub struct Outcome {
    /// What the program printed, how it ended, what it left.
    pub observed: Observed,
    /// From its start to its end, supervision included.
    pub wall: Duration,
    /// Why namespaces were not used, where they were asked for.
    pub fallback: Option<String>,
}

/// Why there is no outcome.
#[derive(Debug)]
pub enum Fault {
    /// The user stopped the run.
    Interrupted,
    /// The program could not be run at all.
    Failed(String),
}

/// Runs jobs.
#[derive(Debug)]
pub struct Runner {
    supervisor: PathBuf,
    folder: Folder,
    interrupt: Interrupt,
    isolation: Isolation,
    announced: AtomicUsize,
    ready: Mutex<Vec<Supervisor>>,
    left: Mutex<VecDeque<(Child, UnixStream)>>,
}

/// A supervisor that has no job yet.
#[derive(Debug)]
struct Supervisor {
    child: Child,
    socket: UnixStream,
    streams: [Lines; 2],
}

/// How many supervisors may be cleaning up while others go on.
const BEHIND: usize = 4;

/// The environment variable that forbids namespaces.
const NO_NAMESPACES: &str = "XTASK_NO_NAMESPACES";

impl Runner {
    /// A runner whose supervisors are the xtask binary at `supervisor`. Takes
    /// over Ctrl-C, and makes the folder in which the examples run.
    ///
    /// # Errors
    /// When there is no room for the folder, or no signal handler to be had.
    pub fn new(supervisor: PathBuf) -> Result<Runner, Error> {
        let interrupt = Interrupt::install()
            .map_err(|e| Error::new(format!("the signal handlers: {e}")))?;
        let folder = Folder::create().map_err(|e| {
            Error::new(format!(
                "no working folder under {}: {e}; make room there, or set \
                 TMPDIR to another folder",
                std::env::temp_dir().display()
            ))
        })?;
        let isolation = match std::env::var_os(NO_NAMESPACES) {
            Some(_) => Isolation::Reaper,
            None => Isolation::Auto,
        };
        Ok(Runner {
            supervisor,
            folder,
            interrupt,
            isolation,
            announced: AtomicUsize::new(0),
            ready: Mutex::default(),
            left: Mutex::default(),
        })
    }

    /// A runner for the commands: this very binary is its supervisor.
    ///
    /// # Errors
    /// As [`Runner::new`], or when the system does not say where we are.
    pub fn of_this_binary() -> Result<Runner, Error> {
        let path = std::env::current_exe().map_err(|e| {
            Error::new(format!("the path of xtask itself: {e}"))
        })?;
        Runner::new(path)
    }

    /// Whether the user wants to stop.
    pub fn interrupted(&self) -> bool {
        self.interrupt.is_set()
    }

    /// Says that `more` jobs are to come, so that supervisors for them can be
    /// started in good time.
    pub fn announce(&self, more: usize) {
        self.announced.fetch_add(more, Ordering::Relaxed);
    }

    /// Runs `job`, for at most `timeout`.
    ///
    /// # Errors
    /// When the job cannot be started, or the user stops the run.
    pub fn run(&self, job: &Job, timeout: Duration) -> Result<Outcome, Fault> {
        let mut job = job.clone();
        if self.isolation == Isolation::Reaper {
            job.isolation = Isolation::Reaper;
        }
        let fail = |e: io::Error| {
            Fault::Failed(format!("the supervisor cannot be started: {e}"))
        };
        let ready = self.ready.lock().expect("no holder panics").pop();
        let Supervisor { mut child, socket, streams } = match ready {
            Some(supervisor) => supervisor,
            None => self.start().map_err(fail)?,
        };
        // A supervisor that died before its time is told of by its silence.
        let _ = job.send(&socket);
        let mut watch = Watch::new(socket, streams, timeout);
        self.start_next();
        let result = watch.until_done(&self.interrupt);
        let (socket, seen) = watch.finish();
        if result.is_err() {
            // The supervisor did not do its duty; in namespaces its death is
            // the death of all below.
            let _ = child.kill();
        }
        self.leave(child, socket);
        result.map_err(|e| Fault::Failed(format!("watching it: {e}")))?;
        seen.outcome()
    }

    /// Starts a supervisor for a job that has been announced.
    fn start_next(&self) {
        let count = |n: usize| n.checked_sub(1);
        let order = Ordering::Relaxed;
        if self.announced.fetch_update(order, order, count).is_err() {
            return;
        }
        // Where that fails, the job will start its own and tell.
        if let Ok(supervisor) = self.start() {
            self.ready.lock().expect("no holder panics").push(supervisor);
        }
    }

    /// Leaves a supervisor to its cleaning up: it need not be waited for before
    /// the next example starts, but no more than a few may be behind.
    fn leave(&self, child: Child, socket: UnixStream) {
        let over = {
            let mut left = self.left.lock().expect("no holder panics");
            left.push_back((child, socket));
            let over = left.len().saturating_sub(BEHIND);
            left.drain(..over).collect::<Vec<_>>()
        };
        over.into_iter().for_each(wait);
    }

    fn start(&self) -> io::Result<Supervisor> {
        let (socket, theirs) = UnixStream::pair()?;
        let (stdout, stdout_writer) = io::pipe()?;
        let (stderr, stderr_writer) = io::pipe()?;
        let child = Command::new(&self.supervisor)
            .arg(ARGUMENT)
            .arg(self.folder.path())
            .stdin(OwnedFd::from(theirs))
            .stdout(stdout_writer)
            .stderr(stderr_writer)
            .spawn()?;
        socket.set_nonblocking(true)?;
        let streams = [
            Lines::new(stdout, Stream::Stdout)?,
            Lines::new(stderr, Stream::Stderr)?,
        ];
        Ok(Supervisor { child, socket, streams })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let ready = self.ready.get_mut().expect("no holder panics");
        for Supervisor { child, socket, .. } in ready.drain(..) {
            // No job will come.
            let _ = socket.shutdown(Shutdown::Write);
            wait((child, socket));
        }
        let left = self.left.get_mut().expect("no holder panics");
        left.drain(..).for_each(wait);
    }
}

/// Waits for a supervisor's end; until then it sees by its socket that the
/// runner lives.
fn wait((mut child, socket): (Child, UnixStream)) {
    let _ = child.wait();
    drop(socket);
}
