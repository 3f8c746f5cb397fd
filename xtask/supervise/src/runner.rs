//! Runs one job under a supervisor and observes it.

use std::collections::VecDeque;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use crate::Error;
use crate::folder::Folder;
use crate::interrupt::Interrupt;
use crate::lines::Lines;
use crate::outcome::{Fault, Outcome};
use crate::processes::Processes;
use crate::protocol::{ARGUMENT, Isolation, Job};
use crate::watch::Watch;
use crate::zygote;
use expect::Stream;

/// Runs jobs.
#[derive(Debug)]
pub struct Runner {
    interrupt: Interrupt,
    isolation: Isolation,
    /// Why namespaces are not to be had, once they were refused.
    refused: OnceLock<String>,
    announced: AtomicUsize,
    ready: Mutex<Vec<Supervisor>>,
    /// The sockets of supervisors that are cleaning up.
    left: Mutex<VecDeque<UnixStream>>,
    zygote: Zygote,
    /// That the zygote is gone was said.
    lost: AtomicBool,
    processes: Option<Processes>,
    /// Removed when nothing can be in it any more.
    _folder: Folder,
}

/// A supervisor that has no job yet.
#[derive(Debug)]
struct Supervisor {
    socket: UnixStream,
    streams: [Lines; 2],
}

/// The process that forks the supervisors.
#[derive(Debug)]
struct Zygote {
    process: Child,
    /// Closed, it tells the zygote to end.
    control: Option<UnixStream>,
}

/// How many supervisors may be cleaning up while others go on.
const BEHIND: usize = 4;

/// The environment variable that forbids namespaces.
const NO_NAMESPACES: &str = "XTASK_NO_NAMESPACES";

impl Runner {
    /// A runner whose supervisors are the xtask binary at `binary`, and keep
    /// the examples apart in that way. Takes over Ctrl-C, and makes the folder
    /// in which the examples run.
    ///
    /// # Errors
    /// When there is no room for the folder, no signal handler to be had, or no
    /// process.
    pub fn new(binary: &Path, isolation: Isolation) -> Result<Runner, Error> {
        let interrupt = Interrupt::install().map_err(Error::Signals)?;
        let folder = Folder::create()?;
        let zygote = Zygote::start(binary, folder.path());
        Ok(Runner {
            interrupt,
            isolation,
            refused: OnceLock::new(),
            announced: AtomicUsize::new(0),
            ready: Mutex::default(),
            left: Mutex::default(),
            zygote: zygote.map_err(Error::Zygote)?,
            lost: AtomicBool::new(false),
            processes: Processes::open().ok(),
            _folder: folder,
        })
    }

    /// A runner for the commands: this very binary is its supervisor.
    ///
    /// # Errors
    /// As [`Runner::new`], or when the system does not say where we are.
    pub fn of_this_binary() -> Result<Runner, Error> {
        let path = std::env::current_exe().map_err(Error::ThisProgram)?;
        let isolation = match std::env::var_os(NO_NAMESPACES) {
            Some(_) => Isolation::Reaper,
            None => Isolation::Namespaces,
        };
        Runner::new(&path, isolation)
    }

    /// Whether nothing more is to be run: the user wants to stop, or it was said
    /// that nothing can be run ([`Fault::Lost`]).
    pub fn interrupted(&self) -> bool {
        self.interrupt.is_set() || self.lost.load(Ordering::Relaxed)
    }

    /// Says that `more` jobs are to come, so that supervisors for them can be
    /// started in good time.
    pub fn announce(&self, more: usize) {
        self.announced.fetch_add(more, Ordering::Relaxed);
    }

    /// Runs `job`, for at most `timeout` from the moment it has begun.
    ///
    /// # Errors
    /// When the job cannot be started, or the user stops the run.
    pub fn run(&self, job: &Job, timeout: Duration) -> Result<Outcome, Fault> {
        loop {
            if let Some(outcome) = self.attempt(job, timeout)? {
                return Ok(outcome);
            }
        }
    }

    /// `None`: the supervisor was refused its namespaces.
    fn attempt(
        &self,
        job: &Job,
        timeout: Duration,
    ) -> Result<Option<Outcome>, Fault> {
        let ready = self.ready.lock().expect("no holder panics").pop();
        let Supervisor { socket, streams } = match ready {
            Some(supervisor) => supervisor,
            None => self
                .zygote
                .supervisor(self.isolation())
                .map_err(|error| self.no_supervisor(error))?,
        };
        // A supervisor that died before its time is told of by its silence.
        let _ = job.send(&socket);
        let mut watch =
            Watch::new(socket, streams, timeout, self.processes.as_ref());
        self.start_next();
        let result = watch.until_done(&self.interrupt);
        let (socket, mut seen) = watch.finish();
        result.map_err(Fault::Supervisor)?;
        self.leave(socket);
        if let Some(why) = seen.refused.take() {
            self.refused.get_or_init(|| why);
            return Ok(None);
        }
        seen.outcome(self.refused.get().cloned()).map(Some)
    }

    /// Tells once that the zygote is gone, where it is; then it is as if the user
    /// had stopped.
    fn no_supervisor(&self, error: io::Error) -> Fault {
        let gone = [io::ErrorKind::BrokenPipe, io::ErrorKind::ConnectionReset];
        if !gone.contains(&error.kind()) {
            return Fault::NoSupervisor(error);
        }
        match self.lost.swap(true, Ordering::Relaxed) {
            true => Fault::Interrupted,
            false => Fault::Lost,
        }
    }

    /// How the next supervisor is to keep its example apart.
    fn isolation(&self) -> Isolation {
        match self.refused.get() {
            Some(_) => Isolation::Reaper,
            None => self.isolation,
        }
    }

    /// Starts a supervisor for a job that has been announced.
    fn start_next(&self) {
        let count = |n: usize| n.checked_sub(1);
        let order = Ordering::Relaxed;
        if self.announced.fetch_update(order, order, count).is_err() {
            return;
        }
        // Where that fails, the job will start its own and tell.
        if let Ok(supervisor) = self.zygote.supervisor(self.isolation()) {
            self.ready.lock().expect("no holder panics").push(supervisor);
        }
    }

    /// Leaves a supervisor to its cleaning up: it need not be waited for before
    /// the next example starts, but no more than a few may be behind.
    fn leave(&self, socket: UnixStream) {
        let over = {
            let mut left = self.left.lock().expect("no holder panics");
            left.push_back(socket);
            let over = left.len().saturating_sub(BEHIND);
            left.drain(..over).collect::<Vec<_>>()
        };
        over.into_iter().for_each(wait);
    }
}

impl Zygote {
    fn start(binary: &Path, folder: &Path) -> io::Result<Zygote> {
        let (control, theirs) = UnixStream::pair()?;
        let process = Command::new(binary)
            .arg(ARGUMENT)
            .arg(folder)
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::null())
            .spawn()?;
        Ok(Zygote { process, control: Some(control) })
    }

    fn supervisor(&self, isolation: Isolation) -> io::Result<Supervisor> {
        let (socket, theirs) = UnixStream::pair()?;
        let (stdout, stdout_writer) = io::pipe()?;
        let (stderr, stderr_writer) = io::pipe()?;
        socket.set_nonblocking(true)?;
        let streams = [
            Lines::new(stdout, Stream::Stdout)?,
            Lines::new(stderr, Stream::Stderr)?,
        ];
        let control =
            self.control.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let handles =
            [theirs.into(), stdout_writer.into(), stderr_writer.into()];
        zygote::order(control, isolation, &handles)?;
        Ok(Supervisor { socket, streams })
    }
}

impl Drop for Zygote {
    /// Waits for all supervisors, which the zygote does.
    fn drop(&mut self) {
        drop(self.control.take());
        let _ = self.process.wait();
    }
}

/// Waits for a supervisor's end.
fn wait(socket: UnixStream) {
    let _ = socket.set_nonblocking(false);
    let _ = io::copy(&mut &socket, &mut io::sink());
}
