//! What comes of a run.

use std::fmt;
use std::io;
use std::time::Duration;

use expect::Observed;

/// One run, as it was seen.
#[derive(Debug)]
pub struct Outcome {
    /// What the program printed, how it ended, what it left, who took part.
    pub observed: Observed,
    /// From its start to its end, supervision included.
    pub wall: Duration,
    /// Why namespaces were not used, where they were asked for.
    pub fallback: Option<String>,
    /// Why it was not seen who spoke, where it was not.
    pub unseen: Option<String>,
}

/// Why there is no outcome.
#[derive(Debug)]
pub enum Fault {
    /// The user stopped the run.
    Interrupted,
    /// The program cannot be run, in the supervisor's words.
    NotRun(String),
    /// There is no supervisor to be had.
    NoSupervisor(io::Error),
    /// The supervisor did not do its duty.
    Supervisor(io::Error),
    /// The process that starts the supervisors is gone: nothing more can be run.
    Lost,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Interrupted => f.write_str("interrupted"),
            Fault::NotRun(why) => f.write_str(why),
            Fault::NoSupervisor(error) => {
                write!(f, "the supervisor cannot be started: {error}")
            }
            Fault::Supervisor(error) => write!(f, "watching it: {error}"),
            Fault::Lost => f.write_str(
                "the process that starts the supervisors was killed, so nothing \
                 more can be run; start again",
            ),
        }
    }
}

impl std::error::Error for Fault {}
