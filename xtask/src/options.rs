//! What several commands take and give: names, a part of all, a status.

use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;

/// Which examples.
#[derive(Args, Clone, Debug, Default)]
pub struct Names {
    /// Topics or examples; all when none is named
    #[arg(value_name = "TOPIC|NAME")]
    pub names: Vec<String>,
}

/// How a command that did its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing to complain of.
    Well,
    /// It found faults, and has told them.
    Failed,
    /// The user stopped it.
    Interrupted,
}

impl Status {
    /// The status of a command that found `failed` faults, unless the user
    /// stopped it.
    pub fn of(interrupted: bool, failed: usize) -> Status {
        match (interrupted, failed) {
            (true, _) => Status::Interrupted,
            (false, 0) => Status::Well,
            (false, _) => Status::Failed,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(match status {
            Status::Well => 0,
            Status::Failed => 1,
            Status::Interrupted => supervise::EXIT,
        })
    }
}

/// `M/N`: the Mth of N equal parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Which part, from 1.
    part: usize,
    /// Of how many.
    of: usize,
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Partition, String> {
        let read = || {
            let (part, of) = text.split_once('/')?;
            let (part, of) = (part.parse().ok()?, of.parse().ok()?);
            (1 <= part && part <= of).then_some(Partition { part, of })
        };
        read().ok_or_else(|| {
            "write M/N, such as 2/4, with M from 1 to N".to_owned()
        })
    }
}

impl Partition {
    /// The items of this part; every item is in exactly one part.
    pub fn take<T: Copy>(self, items: &[T]) -> Vec<T> {
        let skip = self.part - 1;
        items.iter().skip(skip).step_by(self.of).copied().collect()
    }
}
