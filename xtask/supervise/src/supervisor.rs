//! The supervisor: the example's parent, and the heir of all it leaves.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use nix::sys::stat::fstat;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use preload::ring::SIZE;
use signal_hook::consts::SIGCHLD;
use signal_hook::low_level::pipe;

use super::leaks::{self, Before};
use super::protocol::{Event, Job, LIBRARY, PRIVATE, Priority, QUEUES};
use super::schedule;

/// Supervises one job. `folder` is the runner's; from `socket` the job is read,
/// and on it is said what happened.
///
/// The runner orders supervisors before it has jobs for them: all that can be
/// done beforehand is done then, and the next example need not wait for it.
pub(super) fn main(folder: &Path, namespaces: bool, socket: &UnixStream) {
    if let Err(message) = supervise(folder, namespaces, socket) {
        let _ = Event::Failed(message).send(socket);
    }
}

fn supervise(
    folder: &Path,
    namespaces: bool,
    socket: &UnixStream,
) -> Result<(), String> {
    let folders = Folders::create(folder, namespaces)?;
    let ring = Ring::create(&folders.own, &folder.join(LIBRARY)).ok();
    let child_ended = Ended::watch().map_err(|e| format!("SIGCHLD: {e}"))?;
    let Some(job) = read(socket).map_err(|e| format!("the job: {e}"))? else {
        return Ok(()); // the runner has no more
    };
    let before = Before::look(&folders, namespaces);
    let main = start(&job, &folders, ring.as_ref())?;
    let started = Event::Started(main.as_raw().cast_unsigned());
    let _ = match &ring {
        Some(ring) => started.send_with(socket, &ring.file),
        None => started.send(socket),
    };
    match wait(main, &child_ended, socket) {
        Some(ending) => {
            let _ = ending.send(socket);
            let leaks = leaks::find(&job, main, before, namespaces);
            for leak in leaks.into_iter().chain(leaks::files(&folders.work)) {
                let _ = Event::Leak(leak).send(socket);
            }
        }
        None => leaks::kill_descendants(),
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
    let child = Command::new(&job.program)
        .args(&job.arguments)
        .current_dir(&folders.work)
        .env("TMPDIR", &folders.work)
        .env_remove("RUST_BACKTRACE")
        .envs(ring.and_then(Ring::variable))
        .envs(job.environment.iter().cloned())
        .stdin(Stdio::null())
        .process_group(0)
        .spawn();
    // The example has the schedule; to look after it is ordinary work, and to
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
        if !fds[0].any().unwrap_or(false) {
            return None;
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

/// Where one run happens.
pub(super) struct Folders {
    /// The example's working folder, which is its TMPDIR too.
    pub(super) work: PathBuf,
    /// Where its message queues are shown: a mount point for all runs, each
    /// of which mounts its own.
    pub(super) queues: PathBuf,
    /// The folder of this run, in which all of that is that is its own; removed
    /// when this is dropped.
    own: PathBuf,
}

impl Folders {
    /// In namespaces the run has a file system of its own: files cost less there,
    /// no disk can be full, and its end takes them all.
    fn create(shared: &Path, namespaces: bool) -> Result<Folders, String> {
        let fail = |e: io::Error| {
            format!(
                "no working folder under {}: {e}; \
                 make room there, or set TMPDIR to another folder",
                shared.display()
            )
        };
        let own = if namespaces {
            shared.join(PRIVATE)
        } else {
            let own = tempfile::Builder::new().prefix("").tempdir_in(shared);
            own.map_err(fail)?.keep()
        };
        let work = own.join("w");
        fs::create_dir(&work).map_err(fail)?;
        Ok(Folders { work, queues: shared.join(QUEUES), own })
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        // Nothing can be done about a folder that cannot be removed; a file
        // that is left in it has been reported as a leak.
        let _ = make_writable(&self.work);
        let _ = fs::remove_dir_all(&self.own);
    }
}

/// An example may have taken its own folder's permissions away.
fn make_writable(folder: &Path) -> io::Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// The file in which the preloaded library tells who speaks.
struct Ring {
    file: File,
    library: PathBuf,
}

/// The environment variable that forbids to look who speaks.
const NO_SPEAKERS: &str = "XTASK_NO_SPEAKERS";

impl Ring {
    /// Makes the ring in `folder`, and the library beside it, which is `library`.
    fn create(folder: &Path, library: &Path) -> io::Result<Ring> {
        fs::metadata(library)?;
        let beside = folder.join(LIBRARY);
        symlink(library, &beside)?;
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(folder.join(preload::RING))?;
        let size = i64::try_from(SIZE).map_err(io::Error::other)?;
        file.set_len(size.cast_unsigned())?;
        // By these the library knows the standard output. It is ours as well.
        let output = fstat(io::stdout())?;
        let known = [output.st_dev, output.st_ino].map(u64::to_ne_bytes);
        (&file).write_all(known.as_flattened())?;
        Ok(Ring { file, library: beside })
    }

    /// The variable that makes a program load the library. Where the path has a
    /// blank or a colon, that cannot be said; and the user may forbid it.
    fn variable(&self) -> Option<(&'static str, OsString)> {
        if std::env::var_os(NO_SPEAKERS).is_some() {
            return None;
        }
        let mut value = self.library.clone().into_os_string();
        if value.as_bytes().iter().any(|byte| b" :".contains(byte)) {
            return None;
        }
        if let Some(others) = std::env::var_os("LD_PRELOAD") {
            value.push(":");
            value.push(others);
        }
        Some(("LD_PRELOAD", value))
    }
}
