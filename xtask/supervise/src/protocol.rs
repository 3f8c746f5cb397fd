//! What runner and supervisor say to each other.
//!
//! They share a socket, which is the supervisor's standard input. The runner
//! sends one line, the job; the supervisor sends lines too, the events; all are
//! JSON. A byte more from the runner asks for the program's end, by SIGTERM. The
//! end of file is the order to kill everything: it comes when the runner wants
//! it, and also when the runner dies, whatever killed it.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::rights;

/// The first argument that makes the xtask binary the supervisors' zygote.
pub(crate) const ARGUMENT: &str = "__supervise";

/// One program to run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Job {
    /// The executable.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Variables that its environment has beside the runner's.
    pub environment: Vec<(String, String)>,
    /// How it is scheduled.
    pub schedule: Schedule,
}

/// How an example is kept apart from the rest of the machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Isolation {
    /// In namespaces of its own.
    Namespaces,
    /// Below a sub-reaper.
    Reaper,
}

/// How the kernel is asked to schedule an example and all that it starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Run on this processor alone.
    pub processor: Option<usize>,
    /// Run at this priority.
    pub priority: Priority,
}

/// A scheduling class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Priority {
    /// As everything else.
    #[default]
    Normal,
    /// Only when nothing else wants the processor (`SCHED_IDLE`).
    Lowest,
    /// Before everything else; equals take turns (`SCHED_RR`).
    RealTime,
}

/// What a supervisor tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// The supervisor is there, and this is its number.
    Supervisor(i32),
    /// Namespaces are refused, and so the job was not begun.
    Refused(String),
    /// The program has begun, as the process of that number; its time runs from
    /// now on. The ring in which it is told who speaks comes with this, where
    /// there is one.
    Started(u32),
    /// The program ended by itself.
    Exited(i32),
    /// The program died by this signal.
    Signaled(String),
    /// Something was left behind, and has been removed.
    Leak(String),
    /// All has been told.
    Done,
    /// The program could not be run.
    Failed(String),
}

impl Event {
    /// Writes the event as one line, in one write.
    ///
    /// # Errors
    /// When the other side is gone.
    pub(crate) fn send(&self, to: impl Write) -> io::Result<()> {
        send(self, to)
    }

    /// The same, and with it a descriptor.
    pub(crate) fn send_with(
        &self,
        to: impl AsFd,
        file: &File,
    ) -> io::Result<()> {
        rights::send(to, &line(self)?, &[file])
    }
}

impl Job {
    /// Writes the job as one line, in one write.
    ///
    /// # Errors
    /// When the other side is gone.
    pub(crate) fn send(&self, to: impl Write) -> io::Result<()> {
        send(self, to)
    }
}

fn send(what: &impl Serialize, mut to: impl Write) -> io::Result<()> {
    to.write_all(&line(what)?)
}

fn line(what: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(what).map_err(io::Error::from)?;
    line.push(b'\n');
    Ok(line)
}
