//! Runs a program under a supervisor and observes it.
//!
//! The supervisor is a small process of its own around each program. It is the
//! program's parent: on Linux the init of fresh pid, IPC and mount namespaces,
//! where these are allowed, else a sub-reaper. Whatever the program leaves behind
//! falls to it, is reported, and is killed. When the runner says so, or dies, it
//! kills all that it has started. All supervisors are forks of one process, the
//! *zygote*, which the runner starts: so a binary that has a [`Runner`] begins
//! with [`serve`].
//!
//! The runner's side is [`Runner`], which watches one supervisor for each run
//! (`watch`), counts its time (`deadline`), cuts its output into lines (`lines`)
//! and makes out who spoke (`cast`). The other side is the zygote, the supervisor,
//! and what that one uses: `namespaces`, `schedule`, `folder`, `ring`, `leaks`.
//! Both know `protocol` and `rights`, what they say to each other, and
//! `processes`, a view of what runs below.

mod cast;
mod deadline;
mod error;
mod folder;
mod interrupt;
mod leaks;
mod lines;
#[cfg(target_os = "linux")]
mod namespaces;
mod outcome;
mod processes;
mod protocol;
mod rights;
mod ring;
mod runner;
mod schedule;
mod supervisor;
mod system_v;
mod watch;
mod zygote;

use std::ffi::OsString;
use std::process::ExitCode;

pub use error::Error;
pub use interrupt::EXIT;
pub use outcome::{Fault, Outcome};
pub use preload::SEED;
pub use protocol::{Isolation, Job, Priority, Schedule};
pub use runner::Runner;

/// Is the zygote, where the arguments say that this process is to be it: then
/// there is nothing else to do.
pub fn serve(
    mut arguments: impl Iterator<Item = OsString>,
) -> Option<ExitCode> {
    let first = arguments.nth(1)?;
    (first == protocol::ARGUMENT).then(|| zygote::main(arguments.next()))
}
