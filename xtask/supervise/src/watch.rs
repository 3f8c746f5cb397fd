//! Watches one supervisor at work.

use std::fs::File;
use std::io::{self, Write};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::cast::{self, Told};
use crate::deadline::Deadline;
use crate::interrupt::Interrupt;
use crate::lines::Lines;
use crate::outcome::{Fault, Outcome};
use crate::processes::Processes;
use crate::protocol::Event;
use crate::rights;
use crate::ring;
use expect::{Ending, Observed, OutputLine, Stream};

/// How long a supervisor may take to clean up once it was told to.
const GRACE: Duration = Duration::from_secs(20);

/// How long a program whose time is over may take to tell why.
const REPORT: Duration = Duration::from_millis(500);

/// How long it may take to start the program, as when the disk is busy.
const PREPARATION: Duration = Duration::from_secs(60);

/// Why the runner put an end to a program.
#[derive(Clone, Copy, PartialEq)]
enum Stop {
    TimedOut,
    TooLong,
    Interrupted,
}

/// A supervisor at work.
pub(crate) struct Watch<'p> {
    socket: UnixStream,
    /// What has been heard but is no whole line yet.
    partial: Vec<u8>,
    deadline: Deadline,
    processes: Option<&'p Processes>,
    /// Whether the program runs, or has run.
    started: bool,
    done: bool,
    /// The supervisor's process.
    supervisor: Option<Pid>,
    /// Whether the program was asked to end: its time is over.
    asked: bool,
    seen: Seen,
}

/// What has been seen of a run so far.
pub(crate) struct Seen {
    streams: [Lines; 2],
    lines: Vec<OutputLine>,
    /// The program's first process, as the program sees it.
    main: u32,
    ring: Option<File>,
    started: Instant,
    wall: Duration,
    timeout: Duration,
    stopped: Option<Stop>,
    /// Whether it was asked to end, since its time was over.
    timed_out: bool,
    ending: Option<Ending>,
    leaks: Vec<String>,
    /// Why there are no namespaces; then the job was not begun.
    pub(crate) refused: Option<String>,
    failed: Option<String>,
}

impl<'p> Watch<'p> {
    /// Watches from now on, and for at most `timeout` once the program runs.
    pub(crate) fn new(
        socket: UnixStream,
        streams: [Lines; 2],
        timeout: Duration,
        processes: Option<&'p Processes>,
    ) -> Watch<'p> {
        let now = Instant::now();
        Watch {
            socket,
            partial: Vec::new(),
            deadline: Deadline::new(PREPARATION),
            processes,
            started: false,
            done: false,
            supervisor: None,
            asked: false,
            seen: Seen {
                streams,
                lines: Vec::new(),
                main: 0,
                ring: None,
                started: now,
                wall: Duration::ZERO,
                timeout,
                stopped: None,
                timed_out: false,
                ending: None,
                leaks: Vec::new(),
                refused: None,
                failed: None,
            },
        }
    }

    /// Ends the watch: the socket, which must stay open until the supervisor
    /// has ended, and what was seen.
    pub(crate) fn finish(mut self) -> (UnixStream, Seen) {
        self.seen.wall = self.seen.started.elapsed();
        (self.socket, self.seen)
    }

    /// Watches until the supervisor has told all.
    ///
    /// # Errors
    /// When it does not do its duty.
    pub(crate) fn until_done(
        &mut self,
        interrupt: &Interrupt,
    ) -> io::Result<()> {
        while !self.done {
            if self.deadline.is_over(self.supervisor, self.processes) {
                self.time_is_over()?;
            }
            let left = self.deadline.next();
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
        let mut fds = vec![PollFd::new(self.socket.as_fd(), PollFlags::POLLIN)];
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
        let wait = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
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

    /// First the program is asked to end, so that its own report is seen; then
    /// everything is killed; and where even that takes too long, the supervisor.
    fn time_is_over(&mut self) -> io::Result<()> {
        if self.seen.stopped.is_some() || !self.started {
            self.kill_supervisor();
            let what = if self.started { "clean up" } else { "start it" };
            return Err(io::Error::other(format!(
                "the supervisor did not {what} in time"
            )));
        }
        if self.asked || self.seen.ending.is_some() {
            self.stop(Stop::TimedOut);
        } else {
            self.asked = true;
            self.seen.timed_out = true;
            self.deadline = Deadline::new(REPORT);
            // Where that fails the supervisor is gone, and hear() sees it.
            let _ = (&self.socket).write(&[0]);
        }
        Ok(())
    }

    /// Tells the supervisor to kill everything.
    fn stop(&mut self, why: Stop) {
        self.seen.stopped = Some(why);
        self.deadline = Deadline::new(GRACE);
        // Where that fails the supervisor is gone, and hear() sees it.
        let _ = self.socket.shutdown(Shutdown::Write);
    }

    /// In namespaces its death is the death of all below.
    fn kill_supervisor(&self) {
        if let Some(pid) = self.supervisor {
            let _ = kill(pid, Signal::SIGKILL);
        }
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
        let mut bytes = [0; 4096];
        while !self.done {
            match rights::receive(&self.socket, &mut bytes) {
                Ok((0, _)) => {
                    self.done = true;
                    self.seen.failed.get_or_insert_with(|| {
                        "the supervisor died before its work was done".into()
                    });
                }
                Ok((n, files)) => {
                    self.partial.extend_from_slice(&bytes[..n]);
                    if let Some(ring) = files.into_iter().next() {
                        self.seen.ring = Some(File::from(ring));
                    }
                    self.take_lines()?;
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(());
                }
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn take_lines(&mut self) -> io::Result<()> {
        let heard = std::mem::take(&mut self.partial);
        let mut rest = &heard[..];
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let event = serde_json::from_slice(&rest[..end])?;
            rest = &rest[end + 1..];
            if !self.done {
                self.take(event)?;
            }
        }
        self.partial.extend_from_slice(rest);
        Ok(())
    }

    fn take(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Supervisor(pid) => {
                self.supervisor = Some(Pid::from_raw(pid));
            }
            Event::Refused(why) => {
                self.seen.refused = Some(why);
                self.done = true;
            }
            Event::Started(main) => {
                self.started = true;
                self.seen.main = main;
                if self.seen.stopped.is_none() {
                    self.deadline = Deadline::new(self.seen.timeout);
                }
            }
            Event::Exited(code) => self.end(Ending::Exit(code))?,
            Event::Signaled(name) => self.end(Ending::Signal(name))?,
            Event::Leak(what) => self.seen.leaks.push(what),
            Event::Failed(why) => {
                self.seen.failed = Some(why);
                self.done = true;
            }
            Event::Done => self.done = true,
        }
        Ok(())
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
    /// What became of it, where `fallback` says why there were no namespaces.
    pub(crate) fn outcome(
        mut self,
        fallback: Option<String>,
    ) -> Result<Outcome, Fault> {
        if self.stopped == Some(Stop::Interrupted) {
            return Err(Fault::Interrupted);
        }
        let mut notes = Vec::new();
        for stream in &mut self.streams {
            stream.close(&mut self.lines);
            notes.append(&mut stream.notes);
        }
        if self.timed_out {
            // What it did not come to remove is no fault of its own.
            self.leaks.clear();
        }
        let ending = match (self.stopped, self.ending) {
            _ if self.timed_out => Ending::TimedOut(self.timeout),
            (_, Some(ending)) => ending,
            (Some(_), None) => Ending::Signal("KILL".into()),
            (None, None) => {
                let why = self.failed.unwrap_or_else(|| {
                    "the supervisor did not say how it ended".into()
                });
                return Err(Fault::NotRun(why));
            }
        };
        let (cast, unseen) =
            match who(self.ring.as_ref(), self.main, &self.streams[0].bytes) {
                Ok(seen) => {
                    let said = self.lines.iter_mut();
                    let said =
                        said.filter(|line| line.stream == Stream::Stdout);
                    for (line, spoken) in said.zip(seen.spoken) {
                        line.spoken = spoken;
                    }
                    (Some(seen.cast), None)
                }
                Err(why) => (None, Some(why)),
            };
        let observed = Observed {
            lines: self.lines,
            ending,
            leaks: self.leaks,
            notes,
            cast,
        };
        Ok(Outcome { observed, wall: self.wall, fallback, unseen })
    }
}

fn who(
    ring: Option<&File>,
    main: u32,
    stdout: &[u8],
) -> Result<cast::Seen, String> {
    let ring = ring.ok_or(match ring::forbidden() {
        true => "XTASK_NO_SPEAKERS is set",
        false => "the library that sees them cannot be loaded here",
    })?;
    Told::read(ring)?.of(main, stdout)
}
