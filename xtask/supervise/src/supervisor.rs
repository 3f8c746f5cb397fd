//! The supervisor: the example's parent, and the heir of all it leaves.

use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, killpg};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use signal_hook::consts::SIGCHLD;
use signal_hook::low_level::pipe;

use crate::folder::{Folders, Shared};
use crate::leaks::{self, Search};
use crate::processes::Processes;
use crate::protocol::{Event, Job, Priority};
use crate::ring::{self, Ring};
use crate::schedule;

/// Supervises one job. From `socket` the job is read, and on it is said what
/// happened.
///
/// The runner orders supervisors before it has jobs for them: all that can be
/// done beforehand is done then, and the next example need not wait for it.
pub(crate) fn main(shared: &Shared, namespaces: bool, socket: &UnixStream) {
    if let Err(message) = supervise(shared, namespaces, socket) {
        let _ = Event::Failed(message).send(socket);
    }
}

fn supervise(
    shared: &Shared,
    namespaces: bool,
    socket: &UnixStream,
) -> Result<(), String> {
    let folders = Folders::create(shared, namespaces)?;
    let ring = match ring::forbidden() {
        true => None,
        false => Ring::create(&folders.own, &shared.library()).ok(),
    };
    let processes = Processes::open().map_err(|e| format!("/proc: {e}"))?;
    let child_ended = Ended::watch().map_err(|e| format!("SIGCHLD: {e}"))?;
    let Some(job) = read(socket).map_err(|e| format!("the job: {e}"))? else {
        return Ok(()); // the runner has no more
    };
    let search = Search::prepare(&processes, shared.queues(), namespaces);
    let main = start(&job, &folders, ring.as_ref())?;
    let started = Event::Started(main.as_raw().cast_unsigned());
    let _ = match &ring {
        Some(ring) => started.send_with(socket, &ring.file),
        None => started.send(socket),
    };
    match wait(main, &child_ended, socket) {
        Some(ending) => {
            let _ = ending.send(socket);
            let mut leaks = search.find(&job, main, ring.as_ref());
            leaks.extend(leaks::files(&folders.work));
            leaks.extend(ring.iter().flat_map(leaks::files_elsewhere));
            for leak in leaks {
                let _ = Event::Leak(leak).send(socket);
            }
        }
        None => leaks::kill_descendants(&processes),
    }
    // What is left to do needs nobody to wait for it.
    let _ = Event::Done.send(socket);
    Ok(())
}

fn read(socket: &UnixStream) -> io::Result<Option<Job>> {
    let mut line = String::new();
    BufReader::new(socket).read_line(&mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&line)?))
}

fn start(
    job: &Job,
    folders: &Folders,
    ring: Option<&Ring>,
) -> Result<Pid, String> {
    schedule::apply(&job.schedule)?;
    let mut command = Command::new(&job.program);
    command
        .args(&job.arguments)
        .current_dir(&folders.work)
        .env("TMPDIR", &folders.work)
        .env_remove("RUST_BACKTRACE")
        .envs(ring.and_then(Ring::variable))
        .envs(job.environment.iter().cloned())
        .stdin(Stdio::null())
        .process_group(0);
    let child = patiently(|| command.spawn());
    // The program has the schedule; to look after it is ordinary work, and to
    // end namespaces before all ordinary tasks can stop the kernel short.
    let _ = schedule::set(Priority::Normal);
    match child {
        Ok(child) => Ok(Pid::from_raw(child.id().cast_signed())),
        Err(e) => {
            let program = job.program.display();
            Err(format!("{program} cannot be started: {e}"))
        }
    }
}

/// Tries again for a while where the user has as many processes as he may: some
/// of them will end.
pub(crate) fn patiently<T>(
    mut start: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    const TRIES: u32 = 400;
    for _ in 1..TRIES {
        match start() {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(25));
            }
            result => return result,
        }
    }
    start().map_err(|e| match e.kind() {
        io::ErrorKind::WouldBlock => {
            io::Error::other("no more processes are allowed (ulimit -u)")
        }
        _ => e,
    })
}

/// Reaps until the example's main process is among the dead. `None`: the runner
/// has said that all must end, or is gone.
fn wait(main: Pid, child_ended: &Ended, socket: &UnixStream) -> Option<Event> {
    loop {
        let mut fds = [
            PollFd::new(child_ended.0.as_fd(), PollFlags::POLLIN),
            PollFd::new(socket.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            Err(_) => return None,
            Ok(_) => {}
        }
        let [ended, told] = fds.each_ref().map(|fd| fd.any().unwrap_or(false));
        if told {
            match (&*socket).read(&mut [0]) {
                Ok(1..) => drop(killpg(main, Signal::SIGTERM)),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) | Err(_) if !ended => return None,
                Ok(0) | Err(_) => {}
            }
        }
        child_ended.forget();
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::Exited(pid, code)) if pid == main => {
                    return Some(Event::Exited(code));
                }
                Ok(WaitStatus::Signaled(pid, signal, _)) if pid == main => {
                    return Some(Event::Signaled(short_name(signal)));
                }
                Ok(WaitStatus::StillAlive) => break,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => break,
            }
        }
    }
}

fn short_name(signal: Signal) -> String {
    signal.as_str().trim_start_matches("SIG").to_owned()
}

/// Readable when a child may have ended.
struct Ended(UnixStream);

impl Ended {
    fn watch() -> io::Result<Ended> {
        let (reader, writer) = UnixStream::pair()?;
        reader.set_nonblocking(true)?;
        pipe::register(SIGCHLD, writer)?;
        Ok(Ended(reader))
    }

    fn forget(&self) {
        let _ = (&self.0).read(&mut [0; 64]);
    }
}
