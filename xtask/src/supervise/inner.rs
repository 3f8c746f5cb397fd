//! The inner process: the example's parent, and the heir of all it leaves.

#![allow(unsafe_code)]

use std::io;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::errno::Errno;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

use super::leaks::{self, Before};
use super::outer::Folders;
use super::protocol::{Event, Isolation, Job, Priority};
use super::schedule;

/// Makes this process the heir of its descendants' orphans, where the kernel
/// knows such a thing.
pub(super) fn become_subreaper() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Forks the inner process. Its end closes `writer`; an event written there
/// before says why it refused its work.
pub(super) fn start(
    job: &Job,
    isolation: Isolation,
    folders: &Folders,
    socket: &UnixStream,
    writer: io::PipeWriter,
) -> Result<Pid, String> {
    #[cfg(target_os = "linux")]
    if isolation == Isolation::Auto {
        return namespaces::start(job, folders, socket, writer);
    }
    let _ = isolation;
    // SAFETY: this process has a single thread, so that the child may do all
    // that the parent might.
    match unsafe { nix::unistd::fork() } {
        Err(e) => Err(format!("fork: {e}")),
        Ok(nix::unistd::ForkResult::Parent { child }) => Ok(child),
        Ok(nix::unistd::ForkResult::Child) => {
            become_subreaper();
            let code = run(job, folders, socket, writer, false);
            std::process::exit(code)
        }
    }
}

/// Runs the example to its end, and tells what it left.
fn run(
    job: &Job,
    folders: &Folders,
    socket: &UnixStream,
    writer: io::PipeWriter,
    namespaces: bool,
) -> i32 {
    if let Err(why) = schedule::apply(&job.schedule) {
        let _ = Event::Failed(why).send(writer);
        return 1;
    }
    let before = Before::look(folders, namespaces);
    let child = Command::new(&job.program)
        .args(&job.arguments)
        .current_dir(&folders.work)
        .env("TMPDIR", &folders.work)
        .env_remove("RUST_BACKTRACE")
        .envs(job.environment.iter().cloned())
        .stdin(Stdio::null())
        .process_group(0)
        .spawn();
    let main = match child {
        Ok(child) => Pid::from_raw(child.id().cast_signed()),
        Err(e) => {
            let program = job.program.display();
            let why = format!("{program} cannot be started: {e}");
            let _ = Event::Failed(why).send(writer);
            return 1;
        }
    };
    // The example has the schedule; to look after it is ordinary work, and to
    // end namespaces before all ordinary tasks can stop the kernel short.
    let _ = schedule::set(Priority::Normal);
    let _ = match wait_for(main) {
        WaitStatus::Signaled(_, signal, _) => {
            Event::Signaled(short_name(signal)).send(socket)
        }
        WaitStatus::Exited(_, code) => Event::Exited(code).send(socket),
        other => Event::Failed(format!("waitpid: {other:?}")).send(socket),
    };
    let leaks = leaks::find(job, main, before, namespaces);
    for leak in leaks.into_iter().chain(leaks::files(&folders.work)) {
        let _ = Event::Leak(leak).send(socket);
    }
    // What is left to do, by the kernel and by the outer process, needs nobody
    // to wait for it.
    let _ = Event::Done.send(socket);
    0
}

/// Reaps until the example's main process is among the dead.
fn wait_for(main: Pid) -> WaitStatus {
    loop {
        match waitpid(None, None) {
            Ok(status) if status.pid() == Some(main) => return status,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return WaitStatus::StillAlive,
        }
    }
}

fn short_name(signal: Signal) -> String {
    signal.as_str().trim_start_matches("SIG").to_owned()
}

#[cfg(target_os = "linux")]
mod namespaces {
    use std::fs;
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::net::UnixStream;
    use std::path::Path;

    use nix::mount::{MsFlags, mount};
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sched::{CloneFlags, clone};
    use nix::sys::signal::Signal;
    use nix::unistd::{Pid, getegid, geteuid};

    use super::super::outer::Folders;
    use super::super::protocol::{Event, Job};

    /// Forks the inner process as the init of fresh namespaces.
    pub(super) fn start(
        job: &Job,
        folders: &Folders,
        socket: &UnixStream,
        writer: io::PipeWriter,
    ) -> Result<Pid, String> {
        let mut flags = CloneFlags::CLONE_NEWPID
            | CloneFlags::CLONE_NEWIPC
            | CloneFlags::CLONE_NEWNS;
        if !geteuid().is_root() {
            flags |= CloneFlags::CLONE_NEWUSER;
        }
        let ids = (geteuid().as_raw(), getegid().as_raw());
        let mut writer = Some(writer);
        let child = Box::new(|| {
            let Some(writer) = writer.take() else { return 1 };
            let ready =
                set_up(folders, ids).and_then(|()| die_with_parent(&writer));
            if let Err(why) = ready {
                let _ = Event::Fallback(why).send(writer);
                return 1;
            }
            super::run(job, folders, socket, writer, true) as isize
        });
        let mut stack = vec![0; 512 * 1024];
        // SAFETY: without CLONE_VM this is a fork: the child has a copy of all
        // memory, this stack included, and this process has a single thread,
        // so that the child may do all that the parent might.
        let child =
            unsafe { clone(child, &mut stack, flags, Some(libc::SIGCHLD)) };
        child.map_err(|e| format!("clone: {e}"))
    }

    /// Mounts what makes leaks visible and `/proc` true.
    fn set_up(folders: &Folders, ids: (u32, u32)) -> Result<(), String> {
        let (uid, gid) = ids;
        if uid != 0 {
            put("/proc/self/setgroups", "deny")?;
            put("/proc/self/uid_map", &format!("{uid} {uid} 1"))?;
            put("/proc/self/gid_map", &format!("{gid} {gid} 1"))?;
        }
        let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
        mount_at(None, Path::new("/"), None, private)?;
        mount_at(Some("proc"), Path::new("/proc"), Some("proc"), SAFE)?;
        let shm = Path::new("/dev/shm");
        if shm.is_dir() {
            mount_at(Some("tmpfs"), shm, Some("tmpfs"), SAFE)?;
        }
        mount_at(Some("mqueue"), &folders.queues, Some("mqueue"), SAFE)
    }

    const SAFE: MsFlags = MsFlags::MS_NOSUID.union(MsFlags::MS_NODEV);

    fn put(path: &str, text: &str) -> Result<(), String> {
        fs::write(path, text).map_err(|e| format!("{path}: {e}"))
    }

    fn mount_at(
        source: Option<&str>,
        target: &Path,
        kind: Option<&str>,
        flags: MsFlags,
    ) -> Result<(), String> {
        mount(source, target, kind, flags, None::<&str>)
            .map_err(|e| format!("mounting {}: {e}", target.display()))
    }

    /// Asks for death when the outer process dies, and makes sure that it had
    /// not died before the asking.
    fn die_with_parent(writer: &io::PipeWriter) -> Result<(), String> {
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)
            .map_err(|e| format!("prctl: {e}"))?;
        let mut fds = [PollFd::new(writer.as_fd(), PollFlags::empty())];
        match poll(&mut fds, PollTimeout::ZERO) {
            Ok(0) => Ok(()),
            _ => Err("the outer process is gone".into()),
        }
    }
}
