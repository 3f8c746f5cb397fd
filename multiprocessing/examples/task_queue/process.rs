//! The processes of the example.

use std::env;
#[cfg(target_os = "linux")]
use std::os::unix::process::parent_id;
use std::process::{Child, Command, Stdio, id};

use crate::HOLD;
use crate::store::{Result, Store};

/// The process that started this one.
const PARENT: &str = "TASK_QUEUE_PARENT";

/// This program in another role. Dropping it kills it and waits for it.
pub(crate) struct Started(pub(crate) Child);

pub(crate) fn start(
    role: &str,
    store: &impl Store,
    hold: Option<&str>,
) -> Result<Started> {
    let mut command = Command::new(env::current_exe()?);
    command.args([role, store.url(), store.queue()]).stdin(Stdio::piped());
    command.env(PARENT, id().to_string()).envs(hold.map(|from| (HOLD, from)));
    Ok(Started(command.spawn()?))
}

impl Started {
    /// Closes its standard input, at which a worker ends, and waits for it.
    pub(crate) fn end(mut self) -> Result<()> {
        let how = self.0.wait()?;
        if how.success() { Ok(()) } else { Err(how.to_string().into()) }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Without an effect on one that was waited for.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A worker that outlived its program could take a task after the next program
/// has put back what it held: nobody would know of it for a minute.
#[cfg(target_os = "linux")]
pub(crate) fn die_with_parent() -> Result<()> {
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
    let parent = env::var(PARENT).ok();
    if parent.is_some_and(|pid| pid != parent_id().to_string()) {
        return Err("the program has died before".into());
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn die_with_parent() -> Result<()> {
    Ok(())
}
