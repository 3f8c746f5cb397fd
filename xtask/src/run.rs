//! Runs one job under a supervisor and observes it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, PipeReader, Read};
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tempfile::TempDir;

use crate::Error;
use crate::expect::{Ending, Observed, OutputLine, Stream};
use crate::interrupt::Interrupt;
use crate::supervise::protocol::{ARGUMENT, Event, Isolation, Job};

/// The most that is read of one stream; beyond it the program is killed.
const CAP: usize = 16 << 20;

/// How long a supervisor may take to clean up once it was told to.
const GRACE: Duration = Duration::from_secs(20);

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
    folder: TempDir,
    interrupt: Interrupt,
    isolation: Isolation,
    left: Mutex<VecDeque<(Child, UnixStream)>>,
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
        let folder = tempfile::Builder::new()
            .prefix("xtask-")
            .tempdir()
            .map_err(|e| {
                Error::new(format!(
                    "no working folder under {}: {e}; make room there, \
                         or set TMPDIR to another folder",
                    std::env::temp_dir().display()
                ))
            })?;
        let isolation = match std::env::var_os(NO_NAMESPACES) {
            Some(_) => Isolation::Reaper,
            None => Isolation::Auto,
        };
        let left = Mutex::default();
        Ok(Runner { supervisor, folder, interrupt, isolation, left })
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

    /// Runs `job`, for at most `timeout`.
    ///
    /// # Errors
    /// When the job cannot be started, or the user stops the run.
    pub fn run(&self, job: &Job, timeout: Duration) -> Result<Outcome, Fault> {
        let mut watch = self.start(job, timeout).map_err(|e| {
            Fault::Failed(format!("the supervisor cannot be started: {e}"))
        })?;
        let result = watch.until_done(&self.interrupt);
        let Watch { mut child, events, seen, .. } = watch;
        if result.is_err() {
            // The supervisor did not do its duty; in namespaces its death is
            // the death of all below.
            let _ = child.kill();
        }
        self.leave(child, events.into_inner());
        result.map_err(|e| Fault::Failed(format!("watching it: {e}")))?;
        seen.outcome()
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

    fn start(&self, job: &Job, timeout: Duration) -> io::Result<Watch> {
        let (socket, theirs) = UnixStream::pair()?;
        let (stdout, stdout_writer) = io::pipe()?;
        let (stderr, stderr_writer) = io::pipe()?;
        let folder = self.folder.path().to_owned();
        let mut job = Job { folder, ..job.clone() };
        if self.isolation == Isolation::Reaper {
            job.isolation = Isolation::Reaper;
        }
        let child = Command::new(&self.supervisor)
            .arg(ARGUMENT)
            .arg(serde_json::to_string(&job)?)
            .stdin(OwnedFd::from(theirs))
            .stdout(stdout_writer)
            .stderr(stderr_writer)
            .spawn()?;
        socket.set_nonblocking(true)?;
        let now = Instant::now();
        Ok(Watch {
            child,
            events: BufReader::new(socket),
            partial: String::new(),
            deadline: now + timeout,
            done: false,
            seen: Seen {
                streams: [
                    Lines::new(stdout, Stream::Stdout)?,
                    Lines::new(stderr, Stream::Stderr)?,
                ],
                lines: Vec::new(),
                started: now,
                timeout,
                stopped: None,
                ending: None,
                leaks: Vec::new(),
                fallback: None,
                failed: None,
            },
        })
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
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

/// Why the runner put an end to a program.
#[derive(Clone, Copy, PartialEq)]
enum Stop {
    TimedOut,
    TooLong,
    Interrupted,
}

/// A supervisor at work.
struct Watch {
    child: Child,
    events: BufReader<UnixStream>,
    partial: String,
    deadline: Instant,
    done: bool,
    seen: Seen,
}

/// What has been seen of a run so far.
struct Seen {
    streams: [Lines; 2],
    lines: Vec<OutputLine>,
    started: Instant,
    timeout: Duration,
    stopped: Option<Stop>,
    ending: Option<Ending>,
    leaks: Vec<String>,
    fallback: Option<String>,
    failed: Option<String>,
}

impl Watch {
    fn until_done(&mut self, interrupt: &Interrupt) -> io::Result<()> {
        while !self.done {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                if self.seen.stopped.is_some() {
                    return Err(io::Error::other(
                        "the supervisor did not clean up in time",
                    ));
                }
                self.stop(Stop::TimedOut);
                continue;
            }
            let [events, stdout, stderr, stop] = self.poll(left, interrupt)?;
            if stdout {
                self.read(0)?;
            }
            if stderr {
                self.read(1)?;
            }
            if events {
                self.hear()?;
            }
            if stop && self.seen.stopped.is_none() {
                self.stop(Stop::Interrupted);
            }
        }
        Ok(())
    }

    fn poll(
        &self,
        left: Duration,
        interrupt: &Interrupt,
    ) -> io::Result<[bool; 4]> {
        let mut fds =
            vec![PollFd::new(self.events.get_ref().as_fd(), PollFlags::POLLIN)];
        let mut places = vec![0];
        for (i, stream) in self.seen.streams.iter().enumerate() {
            if let Some(pipe) = &stream.pipe {
                fds.push(PollFd::new(pipe.as_fd(), PollFlags::POLLIN));
                places.push(i + 1);
            }
        }
        if self.seen.stopped.is_none() {
            fds.push(PollFd::new(interrupt.as_fd(), PollFlags::POLLIN));
            places.push(3);
        }
        // Rounded up: a poll that ends a little early would spin.
        let wait = left + Duration::from_millis(1);
        let wait = PollTimeout::try_from(wait).unwrap_or(PollTimeout::MAX);
        let mut ready = [false; 4];
        match poll(&mut fds, wait) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(e) => return Err(e.into()),
        }
        for (fd, place) in fds.iter().zip(places) {
            ready[place] = fd.any().unwrap_or(false);
        }
        Ok(ready)
    }

    /// Tells the supervisor to kill everything.
    fn stop(&mut self, why: Stop) {
        self.seen.stopped = Some(why);
        self.deadline = Instant::now() + GRACE;
        // Where that fails the supervisor is gone, and hear() sees it.
        let _ = self.events.get_ref().shutdown(Shutdown::Write);
    }

    fn read(&mut self, which: usize) -> io::Result<()> {
        let Seen { streams, lines, started, .. } = &mut self.seen;
        let within = streams[which].read(started.elapsed(), lines)?;
        if !within && self.seen.stopped.is_none() {
            self.stop(Stop::TooLong);
        }
        Ok(())
    }

    /// Takes in what the supervisor has to say.
    fn hear(&mut self) -> io::Result<()> {
        loop {
            match self.events.read_line(&mut self.partial) {
                Ok(0) => {
                    self.done = true;
                    self.seen.failed.get_or_insert_with(|| {
                        "the supervisor died before its work was done".into()
                    });
                    return Ok(());
                }
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(());
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            }
            let event: Event = serde_json::from_str(&self.partial)?;
            self.partial.clear();
            match event {
                Event::Fallback(why) => self.seen.fallback = Some(why),
                Event::Exited(code) => self.end(Ending::Exit(code))?,
                Event::Signaled(name) => self.end(Ending::Signal(name))?,
                Event::Leak(what) => self.seen.leaks.push(what),
                Event::Failed(why) => {
                    self.seen.failed = Some(why);
                    self.done = true;
                    return Ok(());
                }
                Event::Done => {
                    self.done = true;
                    return Ok(());
                }
            }
        }
    }

    /// The example's main process is over: what it and those it waited for have
    /// written stands in the pipes; what comes later is none of its output.
    fn end(&mut self, ending: Ending) -> io::Result<()> {
        self.seen.ending = Some(ending);
        for which in 0..self.seen.streams.len() {
            self.read(which)?;
        }
        let Seen { streams, lines, .. } = &mut self.seen;
        streams.iter_mut().for_each(|stream| stream.close(lines));
        Ok(())
    }
}

impl Seen {
    fn outcome(mut self) -> Result<Outcome, Fault> {
        if self.stopped == Some(Stop::Interrupted) {
            return Err(Fault::Interrupted);
        }
        let mut notes = Vec::new();
        for stream in &mut self.streams {
            stream.close(&mut self.lines);
            notes.append(&mut stream.notes);
        }
        let ending = match (self.stopped, self.ending) {
            (Some(Stop::TimedOut), None) => Ending::TimedOut(self.timeout),
            (_, Some(ending)) => ending,
            (Some(_), None) => Ending::Signal("KILL".into()),
            (None, None) => {
                let why = self.failed.unwrap_or_else(|| {
                    "the supervisor did not say how it ended".into()
                });
                return Err(Fault::Failed(why));
            }
        };
        let observed =
            Observed { lines: self.lines, ending, leaks: self.leaks, notes };
        let wall = self.started.elapsed();
        Ok(Outcome { observed, wall, fallback: self.fallback })
    }
}

/// One stream of a program, cut into lines as it arrives.
struct Lines {
    pipe: Option<File>,
    stream: Stream,
    pending: Vec<u8>,
    at: Duration,
    total: usize,
    notes: Vec<String>,
}

impl Lines {
    fn new(pipe: PipeReader, stream: Stream) -> io::Result<Lines> {
        let pipe = OwnedFd::from(pipe);
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Lines {
            pipe: Some(File::from(pipe)),
            stream,
            pending: Vec::new(),
            at: Duration::ZERO,
            total: 0,
            notes: Vec::new(),
        })
    }

    /// Reads what is there; false once there is more than may be.
    fn read(
        &mut self,
        at: Duration,
        lines: &mut Vec<OutputLine>,
    ) -> io::Result<bool> {
        let mut buffer = [0; 16 << 10];
        while let Some(pipe) = &mut self.pipe {
            match pipe.read(&mut buffer) {
                Ok(0) => self.pipe = None,
                Ok(n) => {
                    self.total += n;
                    self.at = at;
                    self.split(&buffer[..n], lines);
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
            if self.total > CAP {
                self.pipe = None;
                self.notes.push(format!(
                    "{} was cut, and the program killed, after {} MB",
                    self.name(),
                    CAP >> 20
                ));
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn split(&mut self, mut bytes: &[u8], lines: &mut Vec<OutputLine>) {
        while let Some(end) = bytes.iter().position(|b| *b == b'\n') {
            self.pending.extend_from_slice(&bytes[..end]);
            self.push(lines);
            bytes = &bytes[end + 1..];
        }
        self.pending.extend_from_slice(bytes);
    }

    fn push(&mut self, lines: &mut Vec<OutputLine>) {
        let bytes = std::mem::take(&mut self.pending);
        let text = String::from_utf8(bytes).unwrap_or_else(|e| {
            self.notes.push(format!(
                "{} is not UTF-8: {:?}",
                self.name(),
                String::from_utf8_lossy(e.as_bytes())
            ));
            String::from_utf8_lossy(e.as_bytes()).into_owned()
        });
        lines.push(OutputLine { stream: self.stream, at: self.at, text });
    }

    fn close(&mut self, lines: &mut Vec<OutputLine>) {
        self.pipe = None;
        if !self.pending.is_empty() {
            if self.stream == Stream::Stdout {
                let line = String::from_utf8_lossy(&self.pending);
                let line: String = line.chars().take(80).collect();
                self.notes
                    .push(format!("the last line has no newline: {line:?}"));
            }
            self.push(lines);
        }
    }

    fn name(&self) -> &'static str {
        match self.stream {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        }
    }
}
