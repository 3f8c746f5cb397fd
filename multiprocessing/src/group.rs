use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// A foreign program with all that it starts: a process group of its own.
///
/// Whoever leaves the group (`setsid`) is not reached. Dropping it kills the group
/// and waits for the program.
///
/// The group's number is the program's pid, and that stays taken until the program
/// has been waited for. So it is waited for last, after the last signal: no signal
/// can hit a stranger that has got the number meanwhile.
#[derive(Debug)]
pub struct Group {
    program: Child,
    waited: bool,
}

impl Group {
    /// Starts the program as the first of a new group.
    pub fn start(command: &mut Command) -> io::Result<Group> {
        let program = command.process_group(0).spawn()?;
        Ok(Group { program, waited: false })
    }

    /// The pipe from the program, if its output was to be one.
    pub fn take_output(&mut self) -> Option<ChildStdout> {
        self.program.stdout.take()
    }

    /// Waits until the program has ended, and says whether it has; after `limit`
    /// it has not. What it started may live on.
    pub fn ended_within(&self, limit: Duration) -> io::Result<bool> {
        ipc::ends_within(self.pid(), limit)
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.program.id() as i32)
    }

    /// Sends the signal to all of the group.
    pub fn signal(&self, signal: Signal) -> io::Result<()> {
        match killpg(self.pid(), signal) {
            // Nobody is left but the ended program, which macOS calls EPERM.
            Ok(()) | Err(Errno::ESRCH | Errno::EPERM) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Kills what is left of the group, and says how the program has ended.
    ///
    /// It also waits, for a second at most, until init has waited for the others.
    pub fn end(mut self) -> io::Result<ExitStatus> {
        self.signal(Signal::SIGKILL)?;
        self.waited = true;
        let how = self.program.wait()?;
        let group = self.pid();
        let begin = Instant::now();
        // Signal 0 does no harm, should the number be another's by now.
        while killpg(group, None).is_ok()
            && begin.elapsed() < Duration::from_secs(1)
        {
            thread::sleep(Duration::from_millis(1));
        }
        Ok(how)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if !self.waited {
            let _ = self.signal(Signal::SIGKILL);
            let _ = self.program.wait();
        }
    }
}
