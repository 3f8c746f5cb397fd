//! The zygote: the process of which each supervisor is a fork.
//!
//! It is the xtask binary once more, started along with the runner. To fork it
//! takes a fraction of the time in which a program can be started, and unlike
//! the runner it has a single thread, so that its forks may do all that it may.

#![allow(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{ExitCode, exit};

use nix::errno::Errno;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{
    ForkResult, Pid, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid,
};

use super::leaks;
#[cfg(target_os = "linux")]
use super::namespaces;
use super::protocol::{Event, Isolation, PRIVATE, QUEUES};
use super::rights;
use super::supervisor;

/// What a supervisor starts with: its end of the socket that it shares with the
/// runner, and the example's standard output and error.
type Handles = [OwnedFd; 3];

/// Asks the zygote at the other end of `control` for a supervisor of that kind.
///
/// # Errors
/// When the zygote is gone.
pub fn order(
    control: &UnixStream,
    isolation: Isolation,
    handles: &Handles,
) -> io::Result<()> {
    rights::send(control, &[isolation as u8], handles)
}

/// Forks supervisors, as they are ordered on standard input, until the runner
/// closes its end or dies. `folder` is the runner's.
pub fn main(folder: Option<String>) -> ExitCode {
    let control = io::stdin().as_fd().try_clone_to_owned();
    let (Ok(control), Some(folder)) = (control, folder) else {
        eprintln!("xtask: the supervisor is started by the runner alone");
        return ExitCode::from(2);
    };
    let folder = PathBuf::from(folder);
    for mount_point in [PRIVATE, QUEUES] {
        // Where that fails, the supervisor tells what it misses.
        let _ = fs::create_dir(folder.join(mount_point));
    }
    // Out of the terminal's session: Ctrl-C goes to the runner alone, and the
    // runner tells the supervisors.
    let _ = setsid();
    leaks::become_heir();
    let mut zygote = Zygote {
        folder,
        control: Some(control),
        supervisors: BTreeSet::new(),
        #[cfg(target_os = "linux")]
        stack: namespaces::stack(),
    };
    while let Ok(Some((isolation, handles))) = zygote.receive() {
        zygote.supervisor(isolation, handles);
        zygote.reap();
    }
    zygote.end();
    ExitCode::SUCCESS
}

struct Zygote {
    folder: PathBuf,
    /// A supervisor has none.
    control: Option<OwnedFd>,
    supervisors: BTreeSet<Pid>,
    #[cfg(target_os = "linux")]
    stack: Vec<u8>,
}

impl Zygote {
    /// The next order; `None` when there will be none.
    fn receive(&self) -> io::Result<Option<(Isolation, Handles)>> {
        let Some(control) = &self.control else { return Ok(None) };
        let mut byte = [0];
        // No signal is handled here, so this is not interrupted.
        let (_, handles) = rights::receive(control, &mut byte)?;
        let kinds = [Isolation::Namespaces, Isolation::Reaper];
        let isolation = kinds.into_iter().find(|kind| *kind as u8 == byte[0]);
        Ok(isolation.zip(handles.try_into().ok()))
    }

    /// Forks a supervisor of that kind.
    fn supervisor(&mut self, isolation: Isolation, handles: Handles) {
        let event = match self.fork(isolation, &handles) {
            Ok(pid) => {
                self.supervisors.insert(pid);
                Event::Supervisor(pid.as_raw())
            }
            Err(event) => event,
        };
        let [socket, ..] = handles;
        let _ = event.send(UnixStream::from(socket));
    }

    #[cfg(target_os = "linux")]
    fn fork(
        &mut self,
        isolation: Isolation,
        handles: &Handles,
    ) -> Result<Pid, Event> {
        if isolation == Isolation::Reaper {
            return self.plainly(handles);
        }
        let ids = namespaces::ids();
        let Zygote { folder, control, stack, .. } = self;
        let in_child = || {
            *control = None;
            let Ok(socket) = hold(handles) else { return };
            match namespaces::set_up(folder, ids) {
                Ok(()) => supervisor::main(folder, true, &socket),
                Err(why) => {
                    let _ = Event::Refused(why).send(&socket);
                }
            }
        };
        namespaces::start(stack, in_child).map_err(Event::Refused)
    }

    #[cfg(not(target_os = "linux"))]
    fn fork(&mut self, _: Isolation, handles: &Handles) -> Result<Pid, Event> {
        self.plainly(handles)
    }

    fn plainly(&mut self, handles: &Handles) -> Result<Pid, Event> {
        // SAFETY: this process has a single thread, so that the child may do
        // all that the parent might.
        match unsafe { fork() } {
            Ok(ForkResult::Parent { child }) => Ok(child),
            Ok(ForkResult::Child) => {
                self.control = None;
                leaks::become_heir();
                if let Ok(socket) = hold(handles) {
                    supervisor::main(&self.folder, false, &socket);
                }
                exit(0)
            }
            Err(e) => Err(Event::Failed(format!("fork: {e}"))),
        }
    }

    /// Takes note of the supervisors that have ended.
    fn reap(&mut self) {
        while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG))
            && let Some(pid) = status.pid()
        {
            self.supervisors.remove(&pid);
        }
    }

    /// Waits for the supervisors, which see by themselves that the runner is
    /// dead, where it is, and removes what is left.
    fn end(mut self) {
        while !self.supervisors.is_empty() {
            match waitpid(None, None) {
                Ok(status) => {
                    status.pid().map(|pid| self.supervisors.remove(&pid));
                }
                Err(Errno::EINTR) => {}
                Err(_) => break,
            }
        }
        // Those of a supervisor that was killed.
        leaks::kill_descendants();
        // The runner does it itself, unless it was killed.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Puts the handles where a supervisor has them; gives its socket.
fn hold([socket, stdout, stderr]: &Handles) -> io::Result<UnixStream> {
    dup2_stdin(socket)?;
    dup2_stdout(stdout)?;
    dup2_stderr(stderr)?;
    Ok(UnixStream::from(socket.try_clone()?))
}
