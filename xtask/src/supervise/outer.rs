//! The outer process: folder, kill switch, clean-up.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::waitpid;
use nix::unistd::setsid;

use super::inner;
use super::leaks;
use super::protocol::{Event, Isolation, Job, LOCK, QUEUES};

/// Supervises one job. `folder` is the runner's; standard input is its socket,
/// from which the job is read, and on which is said what happened.
///
/// The runner starts a supervisor before it has a job for it, so that the next
/// example need not wait until its supervisor is there.
pub fn main(folder: Option<String>) -> ExitCode {
    let socket = io::stdin().as_fd().try_clone_to_owned();
    let (Ok(socket), Some(folder)) = (socket, folder) else {
        eprintln!("xtask: the supervisor is started by the runner alone");
        return ExitCode::from(2);
    };
    let (socket, folder) = (UnixStream::from(socket), PathBuf::from(folder));
    if let Err(message) = supervise(&folder, &socket) {
        let _ = Event::Failed(message).send(&socket);
    }
    if is_gone(&socket) {
        // Whoever is the last of the runner's supervisors removes the folder
        // that they shared.
        let _ = fs::remove_dir(folder.join(QUEUES));
        let _ = fs::remove_file(folder.join(LOCK));
        let _ = fs::remove_dir(&folder);
    }
    ExitCode::SUCCESS
}

/// Whether the runner has died: it keeps its end open until we have.
fn is_gone(socket: &UnixStream) -> bool {
    let mut fds = [PollFd::new(socket.as_fd(), PollFlags::empty())];
    poll(&mut fds, PollTimeout::ZERO).is_ok_and(|ready| ready > 0)
}

fn supervise(folder: &Path, socket: &UnixStream) -> Result<(), String> {
    // Out of the terminal's session: Ctrl-C goes to the runner alone, and the
    // runner tells us.
    let _ = setsid();
    inner::become_subreaper();
    let folders = Folders::create(folder)?;
    let mut line = String::new();
    BufReader::new(socket)
        .read_line(&mut line)
        .map_err(|e| format!("reading the job: {e}"))?;
    if line.is_empty() {
        return Ok(()); // no job came: the runner has no more
    }
    let job: Job = serde_json::from_str(&line)
        .map_err(|e| format!("reading the job: {e}"))?;
    let mut isolation = job.isolation;
    while let Some(refusal) = attempt(&job, isolation, &folders, socket)? {
        let _ = refusal.send(socket);
        isolation = Isolation::Reaper;
    }
    Ok(())
}

/// Runs the job once. `Some` is the inner process's word that it was refused
/// the namespaces; then the job has not begun.
fn attempt(
    job: &Job,
    isolation: Isolation,
    folders: &Folders,
    socket: &UnixStream,
) -> Result<Option<Event>, String> {
    let (reader, writer) = io::pipe().map_err(|e| format!("pipe: {e}"))?;
    let inner = inner::start(job, isolation, folders, socket, writer);
    let inner = match inner {
        Ok(inner) => inner,
        Err(why) if isolation == Isolation::Auto => {
            return Ok(Some(Event::Fallback(why)));
        }
        Err(why) => return Err(why),
    };
    let stopped = watch(&reader, socket);
    if stopped {
        leaks::kill_descendants();
        let _ = Event::Done.send(socket);
    }
    let _ = waitpid(inner, None);
    leaks::kill_descendants();
    match said(reader) {
        Some(Event::Failed(why)) => Err(why),
        refusal => Ok(refusal),
    }
}

/// Waits for the inner process to end, or for the runner to say that it must:
/// then, and when the runner is gone, returns true.
fn watch(inner: &io::PipeReader, socket: &UnixStream) -> bool {
    loop {
        let mut fds = [
            PollFd::new(inner.as_fd(), PollFlags::POLLIN),
            PollFd::new(socket.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            Err(_) => return true,
            Ok(_) => return !fds[0].any().unwrap_or(false),
        }
    }
}

/// Why the inner process did not do its work, where it did not.
fn said(mut inner: io::PipeReader) -> Option<Event> {
    let mut said = Vec::new();
    let _ = inner.read_to_end(&mut said);
    serde_json::from_slice(&said).ok()
}

/// Where one run happens.
pub(super) struct Folders {
    /// The example's working folder, which is its TMPDIR too; removed when
    /// this is dropped.
    pub(super) work: PathBuf,
    /// Where its message queues are shown: a mount point for all runs, each
    /// of which mounts its own.
    pub(super) queues: PathBuf,
}

impl Folders {
    fn create(shared: &Path) -> Result<Folders, String> {
        let work = tempfile::Builder::new()
            .prefix("example-")
            .tempdir_in(shared)
            .map_err(|e| {
                format!(
                    "no working folder under {}: {e}; \
                     make room there, or set TMPDIR to another folder",
                    shared.display()
                )
            })?;
        Ok(Folders { work: work.keep(), queues: shared.join(QUEUES) })
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        // Nothing can be done about a folder that cannot be removed; a file
        // that is left in it has been reported as a leak.
        let _ = make_writable(&self.work);
        let _ = fs::remove_dir_all(&self.work);
    }
}

/// An example may have taken its own folder's permissions away.
fn make_writable(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}
