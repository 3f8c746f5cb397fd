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
