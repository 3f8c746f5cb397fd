//! The file in which the preloaded library tells who speaks.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use nix::sys::stat::fstat;
use preload::ring::SIZE;

/// How the library is called beside the ring.
const LIBRARY: &str = "speakers.so";

/// The environment variable that forbids to look who speaks.
const NO_SPEAKERS: &str = "XTASK_NO_SPEAKERS";

/// Whether the user has forbidden it.
pub(crate) fn forbidden() -> bool {
    std::env::var_os(NO_SPEAKERS).is_some()
}

/// The ring of a run, and the library beside it.
#[derive(Debug)]
pub(crate) struct Ring {
    pub(crate) file: File,
    library: PathBuf,
}

impl Ring {
    /// Makes the ring in `folder`, and the library beside it, which is `library`.
    pub(crate) fn create(folder: &Path, library: &Path) -> io::Result<Ring> {
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
    /// blank or a colon, that cannot be said.
    pub(crate) fn variable(&self) -> Option<(&'static str, OsString)> {
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
