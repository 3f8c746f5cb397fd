//! What a run is known by: its output, its end, and what it left behind.

use std::fmt;
use std::time::Duration;

/// All that is compared with an [`Expectation`](super::Expectation).
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The output of both streams, in order of arrival.
    pub lines: Vec<OutputLine>,
    /// How the program ended.
    pub ending: Ending,
    /// What it left behind, one entry a leak. Each is a fault.
    pub leaks: Vec<String>,
    /// What is wrong with the output as a stream, such as
    /// "last line has no newline". Each is a fault.
    pub notes: Vec<String>,
    /// Who took part, where it was seen; `None` where the library that sees it
    /// could not be loaded.
    pub cast: Option<Cast>,
}

/// One line of output, without its newline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputLine {
    /// Where it was written to.
    pub stream: Stream,
    /// When it arrived, counted from the start of the program.
    pub at: Duration,
    /// Its text.
    pub text: String,
    /// Who wrote it, where that was seen.
    pub spoken: Option<Spoken>,
}

/// Who wrote a line, and when in the order of all that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken {
    /// The thread, as an index into [`Cast::lives`].
    pub by: usize,
    /// The moment: comparable with [`Life::begun`] and [`Life::ended`].
    pub when: u64,
}

/// The processes and threads that were seen in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cast {
    /// Every thread, each process's initial thread among them, in the order in
    /// which they were first seen. The first is the program's main thread.
    pub lives: Vec<Life>,
}

impl Cast {
    /// How a thread is called: `main`, `thread 2`, `process 3`, or
    /// `process 3, thread 1`.
    pub fn name(&self, by: usize) -> String {
        let Some(life) = self.lives.get(by) else { return "?".to_string() };
        let process = life.process;
        let others = self.lives[..by].iter();
        let others = others.filter(|l| l.process == process && !l.initial);
        let thread = others.count() + 1;
        match (process, life.initial) {
            (0, true) => "main".to_string(),
            (0, false) => format!("thread {thread}"),
            (_, true) => format!("process {process}"),
            (_, false) => format!("process {process}, thread {thread}"),
        }
    }
}

/// One thread's life, never longer than it was: it is told by the thread itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// The number of its process, from 0 in the order of appearance.
    pub process: usize,
    /// Is it the initial thread of its process? Its life is then that of the
    /// process.
    pub initial: bool,
    /// Its process's id, as the program sees it.
    pub pid: u32,
    /// Its own id, as the program sees it.
    pub tid: u32,
    /// The moment of its first sign of life.
    pub begun: u64,
    /// The moment of its end; `None` if it was not seen to end.
    pub ended: Option<u64>,
}

/// The two output streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        })
    }
}

/// How a program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// By itself, with this status.
    Exit(i32),
    /// By this signal, named without its `SIG`: `KILL`.
    Signal(String),
    /// Not at all: it was killed after this time. Only ever observed.
    TimedOut(Duration),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Exit(status) => write!(f, "exit {status}"),
            Ending::Signal(name) => write!(f, "signal {name}"),
            Ending::TimedOut(limit) => write!(f, "time-out after {limit:?}"),
        }
    }
}
