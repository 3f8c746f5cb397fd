//! Fresh pid, IPC and mount namespaces, with a supervisor as their init.

#![allow(unsafe_code)]

use std::fs;
use std::path::Path;

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, clone};
use nix::unistd::{Pid, getegid, geteuid};

use crate::folder::Shared;

/// Forks a process as the init of fresh namespaces, in which it does `work`.
/// With it all ends that was started in them. `stack` is for the child, in its
/// copy of this process's memory; to make one for each would take longer than
/// all the rest.
pub(crate) fn start(
    stack: &mut [u8],
    mut work: impl FnMut(),
) -> nix::Result<Pid> {
    let mut flags = CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWNS;
    if !geteuid().is_root() {
        flags |= CloneFlags::CLONE_NEWUSER;
    }
    // SAFETY: without CLONE_VM this is a fork: the child has a copy of all
    // memory, this stack included, and this process has a single thread, so
    // that the child may do all that the parent might.
    unsafe {
        let work = Box::new(|| {
            work();
            0
        });
        clone(work, stack, flags, Some(libc::SIGCHLD))
    }
}

/// Why the kernel refused them, in words: its own mislead.
pub(crate) fn refused(error: Errno) -> String {
    let place = match error {
        Errno::ENOSPC => {
            "user namespaces are switched off, or all are taken, see \
             /proc/sys/user/max_user_namespaces"
        }
        Errno::EPERM if !geteuid().is_root() => {
            "ordinary users may not have user namespaces, see \
             unprivileged_userns_clone or \
             apparmor_restrict_unprivileged_userns in /proc/sys/kernel"
        }
        error => return format!("clone: {error}"),
    };
    format!("clone: {error:?}: {place}")
}

/// A stack for what [`start`] starts.
pub(crate) fn stack() -> Vec<u8> {
    vec![0; 512 << 10]
}

/// The user's and the group's number, as they are outside.
pub(crate) fn ids() -> (u32, u32) {
    (geteuid().as_raw(), getegid().as_raw())
}

/// Mounts what makes leaks visible and `/proc` true.
pub(crate) fn set_up(
    folder: &Shared,
    (uid, gid): (u32, u32),
) -> Result<(), String> {
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
    mount_at(Some("tmpfs"), &folder.private(), Some("tmpfs"), SAFE)?;
    mount_at(Some("mqueue"), &folder.queues(), Some("mqueue"), SAFE)
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
