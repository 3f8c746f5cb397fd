//! Reads and writes the user's files: whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::Error;

/// The text of a file.
///
/// # Errors
/// When it cannot be read, or is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => {
            Error::source(path, "is not UTF-8; save it in that encoding")
        }
        _ => Error::file(path, error),
    })
}

/// Puts `text` in place of what stands in `path`: a reader, or a full disk, or
/// a death in the middle, finds the old or the new, never a part.
///
/// # Errors
/// When it cannot be written; the old text is then still there.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let write = || {
        let file = prepared(path, text)?;
        if let Ok(old) = fs::metadata(path) {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.persist(path)?;
        Ok(())
    };
    write().map_err(|error: io::Error| Error::file(path, error))
}

/// Makes a file that is not there yet.
///
/// # Errors
/// When it is there, or cannot be written; then there is none, or the old one.
pub(crate) fn create(path: &Path, text: &str) -> Result<(), Error> {
    let write = || {
        let file = prepared(path, text)?;
        file.as_file().set_permissions(readable())?;
        file.persist_noclobber(path)?;
        Ok(())
    };
    write().map_err(|error: io::Error| Error::file(path, error))
}

/// A file beside `path` that holds `text`; dropped, it is gone.
fn prepared(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// As editors make files; a temporary file is for its owner alone.
fn readable() -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(0o644)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_leaves_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        create(&path, "old").expect("made");
        assert!(create(&path, "new").is_err());
        assert_eq!(read(&path).expect("there"), "old");
        replace(&path, "new").expect("replaced");
        assert_eq!(read(&path).expect("there"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 1);
    }
}
