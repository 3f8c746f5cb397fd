//! What an example left behind: found, named, removed.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::cast::Told;
use crate::deadline::Deadline;
use crate::folder::open_up;
use crate::processes::{Process, Processes};
use crate::protocol::Job;
use crate::ring::Ring;
use crate::system_v::{self, Object};

/// CPython's own helpers for `multiprocessing`: they end by themselves once their
/// program is gone, and no program can wait for them.
const HELPERS: [&str; 2] =
    ["multiprocessing.resource_tracker", "multiprocessing.forkserver"];

const SHARED_MEMORY: &str = "/dev/shm";

/// How long such a helper may take to end.
const HELPER_END: Duration = Duration::from_secs(1);

/// What is looked through when the program has ended.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    pub(crate) processes: &'a Processes,
    /// Where its message queues are shown.
    pub(crate) queues: PathBuf,
    /// Whether all that is found is the program's.
    pub(crate) namespaces: bool,
    /// What stood in shared memory before it ran.
    segments: BTreeSet<PathBuf>,
    /// The SysV objects that were there before it ran. One of another program may
    /// name a process whose number this program's was given since.
    objects: BTreeSet<Object>,
}

/// Makes this process the heir of its descendants' orphans, where the kernel
/// knows such a thing.
pub(crate) fn become_heir() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

impl<'a> Search<'a> {
    /// Looks at what is there before the program runs.
    pub(crate) fn prepare(
        processes: &'a Processes,
        queues: PathBuf,
        namespaces: bool,
    ) -> Search<'a> {
        // In fresh namespaces nothing stands there yet.
        let (mut segments, mut objects) = Default::default();
        if !namespaces {
            segments = entries(SHARED_MEMORY);
            objects = system_v::objects(processes).collect();
        }
        Search { processes, queues, namespaces, segments, objects }
    }

    /// Names everything that still stands after the program's main process ended,
    /// and removes it.
    pub(crate) fn find(
        &self,
        job: &Job,
        main: Pid,
        ring: Option<&Ring>,
    ) -> Vec<String> {
        let mut leaks = self.processes_left(job, main, ring);
        kill_descendants(self.processes);
        for path in entries(SHARED_MEMORY).difference(&self.segments) {
            // Without a namespace of our own, other programs' segments show as
            // well; ours carry the number of the process that made them.
            let name = path.display().to_string();
            if self.namespaces || name.contains(&main.to_string()) {
                leaks.push(format!("shared memory {name} was not unlinked"));
                let _ = fs::remove_file(path);
            }
        }
        for path in entries(&self.queues) {
            let name = path.file_name().unwrap_or_default().display();
            leaks.push(format!("message queue /{name} was not unlinked"));
            let _ = fs::remove_file(path);
        }
        leaks.extend(self.system_v(main));
        leaks
    }

    fn processes_left(
        &self,
        job: &Job,
        main: Pid,
        ring: Option<&Ring>,
    ) -> Vec<String> {
        let mut left = living_and_dead(self.processes);
        if left.is_empty() {
            return Vec::new();
        }
        let mut helpers = Vec::new();
        if job.arguments.iter().any(|a| a.ends_with(".py")) {
            let told = ring.and_then(|ring| Told::read(&ring.file).ok());
            // One that has ended has no command line any more, by which it could
            // be told from another. But it ends after its program; and if that
            // is slow to end, it has told what it was given.
            left.retain(|process| {
                let helper =
                    HELPERS.iter().any(|name| process.command.contains(name));
                if helper {
                    helpers.push(process.pid);
                }
                let after = |told: &Told| told.ended_after(process.pid, main);
                let given = |told: &Told| told.was_given(process.pid, &HELPERS);
                let own = |told: &Told| after(told) || given(told);
                let ended = process.ended && told.as_ref().is_none_or(own);
                !(helper || ended)
            });
        }
        let mut leaks: Vec<String> =
            left.iter().map(Process::describe).collect();
        if !helpers.is_empty() {
            // They wait for all that might still use what they track.
            for process in left {
                let _ = kill(process.pid, Signal::SIGKILL);
            }
            leaks.extend(self.helpers_left(&helpers));
        }
        leaks
    }

    /// Waits for the helpers; what does not end is none.
    fn helpers_left(&self, helpers: &[Pid]) -> Vec<String> {
        let mut deadline = Deadline::new(HELPER_END);
        let left = loop {
            reap();
            let living = helpers.iter();
            let living = living.filter_map(|pid| self.processes.look_at(*pid));
            let living: Vec<Process> = living.filter(|p| !p.ended).collect();
            let over =
                deadline.is_over(Some(Pid::this()), Some(self.processes));
            if living.is_empty() || over {
                break living;
            }
            thread::sleep(Duration::from_millis(1));
        };
        left.iter().map(Process::describe).collect()
    }

    /// SysV objects: in a namespace of our own all are the program's, elsewhere
    /// those which its main process made.
    fn system_v(&self, main: Pid) -> Vec<String> {
        let main = main.to_string();
        system_v::objects(self.processes)
            .filter(|object| self.namespaces || object.maker == main)
            .filter(|object| !self.objects.contains(object))
            .inspect(Object::remove)
            .map(|object| format!("{object} was not removed"))
            .collect()
    }
}

/// What the program has made outside of its own folder, as far as that was told.
/// It is not removed: that is for those who know what it is.
pub(crate) fn files_elsewhere(ring: &Ring) -> Vec<String> {
    let Ok(told) = Told::read(&ring.file) else { return Vec::new() };
    let made = told.made().into_iter();
    let left = made.filter(|path| path.symlink_metadata().is_ok());
    left.map(|path| named(&path, path.display())).collect()
}

/// What stands in the program's working folder.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    open_up(folder);
    let found = entries(folder).into_iter();
    let name = |path: &PathBuf| {
        named(path, path.file_name().unwrap_or_default().display())
    };
    found.map(|path| name(&path)).collect()
}

fn named(path: &Path, name: impl fmt::Display) -> String {
    let kind = if path.is_dir() { "folder" } else { "file" };
    format!("{kind} {name} was not removed")
}

fn entries(folder: impl AsRef<Path>) -> BTreeSet<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return BTreeSet::new() };
    read.flatten().map(|entry| entry.path()).collect()
}

/// Kills all descendants and reaps them, until there are none.
///
/// A process may fork while it is being killed; its child falls to this process
/// and is met in the next pass. So passes follow each other without a pause
/// for as long as they meet processes that the last one did not.
pub(crate) fn kill_descendants(processes: &Processes) {
    // The first process of a namespace, which is ours then, reaches all others
    // in it in one go, and nothing can be forked meanwhile.
    if Pid::this() == Pid::from_raw(1) {
        let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
    }
    let mut met = BTreeSet::new();
    loop {
        let last = std::mem::take(&mut met);
        for process in processes.below(Pid::this()) {
            let _ = kill(process, Signal::SIGKILL);
            met.insert(process);
        }
        if !reap() {
            return;
        }
        if met.is_subset(&last) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Reaps what has ended; false where no child is left.
fn reap() -> bool {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => return true,
            Ok(_) | Err(Errno::EINTR) => {}
            Err(_) => return false,
        }
    }
}

/// Every process below this one, looked at.
///
/// What forks and ends leaves a child that was not there when its own children were
/// read; so all are read again after each look, until nothing new is found. Read
/// twice, as a child moves up to this process when its parent ends, and the children
/// of this one may have been read by then. What forks and dies all the time is met by
/// chance, after three.
fn living_and_dead(processes: &Processes) -> Vec<Process> {
    let (mut met, mut seen) = (BTreeSet::new(), Vec::new());
    for _ in 0..3 {
        let before = met.len();
        met.extend(processes.below(Pid::this()));
        if met.is_empty() {
            break; // as nearly always
        }
        met.extend(processes.below(Pid::this()));
        if met.len() == before {
            break;
        }
        let look = |pid: &Pid| processes.look_at(*pid);
        seen = met.iter().filter_map(look).collect();
    }
    seen
}
