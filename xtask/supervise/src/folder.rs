//! The folder in which a runner's programs have theirs, and the folders of a run.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::Error;

const PREFIX: &str = "xtask-";

/// The file in a runner's folder that is locked while the runner lives.
const LOCK: &str = "lock";

/// The folder in the runner's own on which message queues are mounted.
const QUEUES: &str = "queues";

/// The folder in the runner's own on which a run in namespaces mounts its own.
const PRIVATE: &str = "p";

/// The preloaded library, in the runner's folder.
const LIBRARY: &str = "speakers.so";

/// The longest path under which there is room for ours and for the name of a
/// socket: that of a socket has 107 bytes at most, and those that Python makes
/// take 32.
const LONGEST: usize = 107 - 32 - "/xtask-123456/123456/w".len();

/// A folder that is removed when dropped. A runner that is killed leaves it to
/// the zygote; what even that one could not remove, the next runner does.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
    /// Locked while this process lives.
    _lock: File,
}

impl Folder {
    pub(crate) fn create() -> Result<Folder, Error> {
        let parent = parent(std::env::temp_dir());
        Folder::create_in(&parent)
            .map_err(|error| Error::Folder { parent, error })
    }

    fn create_in(parent: &Path) -> io::Result<Folder> {
        for stale in stale(parent) {
            // Another runner may be at it as well.
            let _ = fs::remove_dir_all(stale);
        }
        let folder =
            tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        // Locked first and named then: others take a free lock for a dead one's.
        let new = folder.path().join("new");
        let lock = File::create(&new)?;
        lock.lock()?;
        fs::rename(new, folder.path().join(LOCK))?;
        if !preload::LIBRARY.is_empty() {
            fs::write(folder.path().join(LIBRARY), preload::LIBRARY)?;
        }
        Ok(Folder { folder, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Where the folder is to be: in `asked`, unless what stands in it would have
/// names that are too long for sockets, or that a program cannot be told of.
fn parent(asked: PathBuf) -> PathBuf {
    let fits = |path: &OsStr| {
        let text = path.to_str().unwrap_or(" ");
        text.len() <= LONGEST && !text.contains([' ', ':'])
    };
    let usual = Path::new("/tmp");
    if !fits(asked.as_os_str()) && asked.is_dir() && usual.is_dir() {
        return usual.to_owned();
    }
    asked
}

/// The folders of runners that live no more: their locks are free.
fn stale(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.as_bytes().starts_with(PREFIX.as_bytes())
    };
    let free = |path: &PathBuf| {
        File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.filter(ours).filter(free).collect()
}

/// The runner's folder, as the zygote and the supervisors see it.
#[derive(Clone, Debug)]
pub(crate) struct Shared(PathBuf);

impl Shared {
    /// Makes the mount points in it.
    pub(crate) fn new(folder: PathBuf) -> Shared {
        let shared = Shared(folder);
        for mount_point in [shared.private(), shared.queues()] {
            // Where that fails, the supervisor tells what it misses.
            let _ = fs::create_dir(mount_point);
        }
        shared
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Where a run in namespaces mounts its own files.
    pub(crate) fn private(&self) -> PathBuf {
        self.0.join(PRIVATE)
    }

    /// Where a run in namespaces mounts its message queues.
    pub(crate) fn queues(&self) -> PathBuf {
        self.0.join(QUEUES)
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.0.join(LIBRARY)
    }
}

/// Where one run happens.
#[derive(Debug)]
pub(crate) struct Folders {
    /// The program's working folder, which is its TMPDIR too.
    pub(crate) work: PathBuf,
    /// All that is this run's own; removed when this is dropped.
    pub(crate) own: PathBuf,
}

impl Folders {
    /// In namespaces the run has a file system of its own: files cost less there,
    /// no disk can be full, and its end takes them all.
    pub(crate) fn create(
        shared: &Shared,
        namespaces: bool,
    ) -> Result<Folders, String> {
        let fail = |e: io::Error| {
            format!(
                "no working folder under {}: {e}; \
                 make room there, or set TMPDIR to another folder",
                shared.path().display()
            )
        };
        let own = if namespaces {
            shared.private()
        } else {
            let mut own = tempfile::Builder::new();
            own.prefix("").tempdir_in(shared.path()).map_err(fail)?.keep()
        };
        let work = own.join("w");
        fs::create_dir(&work).map_err(fail)?;
        Ok(Folders { work, own })
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        // Nothing can be done about a folder that cannot be removed; a file
        // that is left in it has been reported as a leak.
        open_up(&self.work);
        let _ = fs::remove_dir_all(&self.own);
    }
}

/// Lets us into a folder and all folders in it: a program may have taken their
/// permissions away.
pub(crate) fn open_up(folder: &Path) {
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_sockets_cannot_use_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let short = folder.path().to_owned();
        assert_eq!(parent(short.clone()), short);
        for name in ["with a blank", "with:colon", &"x".repeat(60)] {
            let path = short.join(name);
            assert_eq!(parent(path.clone()), path, "it is not there");
            fs::create_dir(&path).expect("made");
            assert_eq!(parent(path), Path::new("/tmp"), "{name}");
        }
    }
}
