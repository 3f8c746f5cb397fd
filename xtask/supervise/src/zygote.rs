//! The zygote: the process of which each supervisor is a fork.
//!
//! It is the xtask binary once more, started along with the runner. To fork it
//! takes a fraction of the time in which a program can be started, and unlike
//! the runner it has a single thread, so that its forks may do all that it may.

#![allow(unsafe_code)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{ExitCode, exit};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{
    ForkResult, Pid, dup2_stderr, dup2_stdin, dup2_stdout, fork, setsid,
};

use crate::folder::{Shared, open_up};
use crate::leaks;
#[cfg(target_os = "linux")]
use crate::namespaces;
use crate::processes::Processes;
use crate::protocol::{Event, Isolation};
use crate::rights;
use crate::supervisor;

/// What a supervisor starts with: its end of the socket that it shares with the
/// runner, and the example's standard output and error.
type Handles = [OwnedFd; 3];

/// Asks the zygote at the other end of `control` for a supervisor of that kind.
///
/// # Errors
/// When the zygote is gone.
pub(crate) fn order(
    control: &UnixStream,
    isolation: Isolation,
    handles: &Handles,
) -> io::Result<()> {
    rights::send(control, &[isolation as u8], handles)
}

/// Forks supervisors, as they are ordered on standard input, until the runner
/// closes its end or dies. `folder` is the runner's.
pub(crate) fn main(folder: Option<OsString>) -> ExitCode {
    let control = io::stdin().as_fd().try_clone_to_owned();
    let (Ok(control), Some(folder)) = (control, folder) else {
        eprintln!("xtask: the supervisor is started by the runner alone");
        return ExitCode::from(2);
    };
    reset_signals();
    // Out of the terminal's session: Ctrl-C goes to the runner alone, and the
    // runner tells the supervisors.
    let _ = setsid();
    leaks::become_heir();
    let mut zygote = Zygote {
        folder: Shared::new(PathBuf::from(folder)),
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

/// No signal is blocked or ignored here, and so in no program, whatever the
/// runner was started with.
fn reset_signals() {
    let _ = SigSet::empty().thread_set_mask();
    for signal in Signal::iterator() {
        // Rust's own choice, which it takes back in what it starts.
        if signal != Signal::SIGPIPE {
            // SAFETY: no handler is installed, but for the kernel's own.
            let _ =
                unsafe { nix::sys::signal::signal(signal, SigHandler::SigDfl) };
        }
    }
}

struct Zygote {
    folder: Shared,
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
        // Others end meanwhile, where there are as many as there may be.
        let mut tries = 0;
        let event = loop {
            match self.fork(isolation, &handles) {
                Err(Errno::EAGAIN) if tries < 400 => {
                    tries += 1;
                    self.reap();
                    thread::sleep(Duration::from_millis(25));
                }
                result => break result,
            }
        };
        let event = match event {
            Ok(pid) => {
                self.supervisors.insert(pid);
                Event::Supervisor(pid.as_raw())
            }
            Err(Errno::EAGAIN) => Event::Failed(
                "no more processes are allowed (ulimit -u)".into(),
            ),
            Err(e) if isolation == Isolation::Namespaces => refused(e),
            Err(e) => Event::Failed(format!("fork: {e}")),
        };
        let [socket, ..] = handles;
        let _ = event.send(UnixStream::from(socket));
    }

    #[cfg(target_os = "linux")]
    fn fork(
        &mut self,
        isolation: Isolation,
        handles: &Handles,
    ) -> nix::Result<Pid> {
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
        namespaces::start(stack, in_child)
    }

    #[cfg(not(target_os = "linux"))]
    fn fork(&mut self, _: Isolation, handles: &Handles) -> nix::Result<Pid> {
        self.plainly(handles)
    }

    fn plainly(&mut self, handles: &Handles) -> nix::Result<Pid> {
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
            Err(e) => Err(e),
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
        if let Ok(processes) = Processes::open() {
            leaks::kill_descendants(&processes);
        }
        // The runner does it itself, unless it was killed.
        open_up(self.folder.path());
        let _ = fs::remove_dir_all(self.folder.path());
    }
}

#[cfg(target_os = "linux")]
fn refused(error: Errno) -> Event {
    Event::Refused(namespaces::refused(error))
}

#[cfg(not(target_os = "linux"))]
fn refused(error: Errno) -> Event {
    Event::Failed(format!("fork: {error}"))
}

/// Puts the handles where a supervisor has them; gives its socket.
fn hold([socket, stdout, stderr]: &Handles) -> io::Result<UnixStream> {
    dup2_stdin(socket)?;
    dup2_stdout(stdout)?;
    dup2_stderr(stderr)?;
    Ok(UnixStream::from(socket.try_clone()?))
}
