//! The folder in which a runner's examples have theirs.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::protocol::LIBRARY;

const PREFIX: &str = "xtask-";

/// The file in a runner's folder that is locked while the runner lives.
const LOCK: &str = "lock";

/// A folder that is removed when dropped. A runner that is killed leaves it to
/// the zygote; what even that one could not remove, the next runner does.
#[derive(Debug)]
pub(super) struct Folder {
    folder: TempDir,
    /// Locked while this process lives.
    _lock: File,
}

impl Folder {
    pub(super) fn create() -> io::Result<Folder> {
        for stale in stale(&std::env::temp_dir()) {
            // Another runner may be at it as well.
            let _ = fs::remove_dir_all(stale);
        }
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
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

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The folders of runners that live no more: their locks are free.
fn stale(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(parent) else { return Vec::new() };
    let ours = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(PREFIX)
    };
    let free = |path: &PathBuf| {
        File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok())
    };
    let paths = entries.flatten().map(|entry| entry.path());
    paths.filter(ours).filter(free).collect()
}
