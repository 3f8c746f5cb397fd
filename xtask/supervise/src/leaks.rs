//! What an example left behind: found, named, removed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::protocol::Job;
use super::supervisor::Folders;

/// CPython's own helper for `multiprocessing`: it ends by itself once its
/// program is gone, and no program can wait for it.
const TRACKER: &str = "multiprocessing.resource_tracker";

const SHARED_MEMORY: &str = "/dev/shm";

/// What stood in the places of named objects before the example ran.
pub(super) struct Before {
    segments: BTreeSet<PathBuf>,
    queues: PathBuf,
}

impl Before {
    pub(super) fn look(folders: &Folders, namespaces: bool) -> Before {
        // In fresh namespaces nothing stands there yet.
        let segments =
            if namespaces { BTreeSet::new() } else { entries(SHARED_MEMORY) };
        Before { segments, queues: folders.queues.clone() }
    }
}

/// Makes this process the heir of its descendants' orphans, where the kernel
/// knows such a thing.
pub(super) fn become_heir() {
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_child_subreaper(true);
}

/// Names everything that still stands after the example's main process ended,
/// and removes it.
pub(super) fn find(
    job: &Job,
    main: Pid,
    before: Before,
    namespaces: bool,
) -> Vec<String> {
    let mut leaks = Vec::new();
    let python = job.arguments.iter().any(|a| a.ends_with(".py"));
    if python {
        wait_for_trackers();
    }
    for process in living_and_dead() {
        // A tracker that has just ended has no command line any more, by which
        // it could be told from another.
        if !(python && process.ended) {
            leaks.push(process.describe());
        }
    }
    kill_descendants();
    for path in entries(SHARED_MEMORY).difference(&before.segments) {
        // Without a namespace of our own, other programs' segments show as
        // well; ours carry the number of the process that made them.
        let name = path.display().to_string();
        if namespaces || name.contains(&main.to_string()) {
            leaks.push(format!("shared memory {name} was not unlinked"));
            let _ = fs::remove_file(path);
        }
    }
    for path in entries(&before.queues) {
        let name = path.file_name().unwrap_or_default().display().to_string();
        leaks.push(format!("message queue /{name} was not unlinked"));
        let _ = fs::remove_file(path);
    }
    leaks.extend(system_v(main, namespaces));
    leaks
}

/// What stands in the example's working folder.
pub(super) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for path in entries(folder) {
        let kind = if path.is_dir() { "folder" } else { "file" };
        let name = path.file_name().unwrap_or_default().display().to_string();
        found.push(format!("{kind} {name} was not removed"));
    }
    found
}

fn entries(folder: impl AsRef<Path>) -> BTreeSet<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else { return BTreeSet::new() };
    read.flatten().map(|entry| entry.path()).collect()
}

/// SysV objects: in a namespace of our own all are the example's, elsewhere
/// those which its main process made.
fn system_v(main: Pid, namespaces: bool) -> Vec<String> {
    let kinds = [
        ("shm", "shmid", "shared memory segment"),
        ("sem", "semid", "semaphore set"),
        ("msg", "msqid", "message queue"),
    ];
    let mut leaks = Vec::new();
    for (file, id, kind) in kinds {
        let table = fs::read_to_string(format!("/proc/sysvipc/{file}"));
        let table = table.unwrap_or_default();
        let mut rows = table.lines().map(|l| l.split_whitespace());
        let Some(head) = rows.next() else { continue };
        let head: Vec<&str> = head.collect();
        let column = |name| head.iter().position(|h| *h == name);
        for row in rows {
            let row: Vec<&str> = row.collect();
            let cell = |name| column(name).and_then(|i| row.get(i).copied());
            let maker = cell("cpid").or(cell("lspid")).unwrap_or_default();
            if namespaces || maker == main.to_string() {
                let id = cell(id).unwrap_or_default();
                leaks.push(format!("SysV {kind} {id} was not removed"));
            }
        }
    }
    leaks
}

struct Process {
    pid: Pid,
    command: String,
    /// It waits to be waited for, or is in the middle of its exit.
    ended: bool,
}

impl Process {
    fn describe(&self) -> String {
        let Process { pid, command, ended } = self;
        if *ended {
            format!("process {pid} ({command}) ended and was not waited for")
        } else {
            format!("process {pid} ({command}) still runs")
        }
    }
}

/// Kills all descendants and reaps them, until there are none.
///
/// A process may fork while it is being killed; its child falls to this process
/// and is met in the next pass. So passes follow each other without a pause
/// for as long as they meet processes that the last one did not.
pub(super) fn kill_descendants() {
    // The first process of a namespace, which is ours then, reaches all others
    // in it in one go, and nothing can be forked meanwhile.
    if Pid::this() == Pid::from_raw(1) {
        let _ = kill(Pid::from_raw(-1), Signal::SIGKILL);
    }
    let mut met = BTreeSet::new();
    loop {
        let last = std::mem::take(&mut met);
        for process in descendants() {
            let _ = kill(process, Signal::SIGKILL);
            met.insert(process);
        }
        loop {
            match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) => break,
                Ok(_) | Err(Errno::EINTR) => {}
                Err(_) => return,
            }
        }
        if met.is_subset(&last) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn wait_for_trackers() {
    let tracker = |process: &Process| process.command.contains(TRACKER);
    while living_and_dead().iter().any(tracker) {
        let _ = waitpid(None, None);
    }
}

/// Every process below this one, looked at.
///
/// A child whose parent ends during a pass moves up to this process, whose
/// children have been read by then: so passes are made until one finds nothing
/// new. What forks and dies all the time is met by chance, after three.
fn living_and_dead() -> Vec<Process> {
    let mut met = BTreeSet::new();
    for _ in 0..3 {
        let before = met.len();
        met.extend(descendants());
        if met.len() == before {
            break;
        }
    }
    met.into_iter().filter_map(look_at).collect()
}

/// Every process below this one, nearest first.
#[cfg(target_os = "linux")]
fn descendants() -> Vec<Pid> {
    let mut found = Vec::new();
    let mut parents = vec![Pid::this()];
    while let Some(parent) = parents.pop() {
        let tasks = entries(format!("/proc/{parent}/task"));
        for task in tasks {
            let children =
                fs::read_to_string(task.join("children")).unwrap_or_default();
            for pid in children.split_whitespace() {
                let Ok(pid) = pid.parse() else { continue };
                let pid = Pid::from_raw(pid);
                parents.push(pid);
                found.push(pid);
            }
        }
    }
    found
}

/// `None` where the process is no more.
#[cfg(target_os = "linux")]
fn look_at(pid: Pid) -> Option<Process> {
    /// The kernel's mark on a task that is in its exit: `PF_EXITING`.
    const EXITING: u32 = 0x4;
    let arguments =
        fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let arguments = String::from_utf8_lossy(&arguments);
    let arguments = arguments.trim_end_matches('\0').replace('\0', " ");
    // Read last: the exit begins before the command line goes.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (before, after) = stat.rsplit_once(") ")?;
    let (_, name) = before.split_once(" (")?;
    let mut fields = after.split(' ');
    let zombie = fields.next() == Some("Z");
    let flags: u32 = fields.nth(5)?.parse().ok()?;
    let command = if arguments.is_empty() { name.into() } else { arguments };
    Some(Process { pid, command, ended: zombie || flags & EXITING != 0 })
}

/// Every process below this one, as `ps` shows it where there is no `/proc`. An
/// orphan that has gone to the init process is not among them.
#[cfg(not(target_os = "linux"))]
fn descendants() -> Vec<Pid> {
    let listing = ps(&["-axo", "pid=,ppid=,comm="]);
    let rows: Vec<(i32, i32)> = listing
        .lines()
        .filter(|line| !line.ends_with("ps"))
        .filter_map(|line| {
            let mut cells = line.split_whitespace();
            let pid = cells.next()?.parse().ok()?;
            Some((pid, cells.next()?.parse().ok()?))
        })
        .collect();
    let mut below = vec![Pid::this().as_raw()];
    let mut next = 0;
    while let Some(parent) = below.get(next).copied() {
        let children = rows.iter().filter(|(_, p)| *p == parent);
        below.extend(children.map(|(pid, _)| *pid));
        next += 1;
    }
    below.into_iter().skip(1).map(Pid::from_raw).collect()
}

#[cfg(not(target_os = "linux"))]
fn look_at(pid: Pid) -> Option<Process> {
    let number = pid.to_string();
    let row = ps(&["-o", "stat=,command=", "-p", &number]);
    let (state, command) = row.trim().split_once(' ')?;
    let ended = state.starts_with('Z');
    Some(Process { pid, command: command.trim().to_owned(), ended })
}

#[cfg(not(target_os = "linux"))]
fn ps(arguments: &[&str]) -> String {
    let output = std::process::Command::new("ps").args(arguments).output();
    let output = output.map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).into_owned()
}
