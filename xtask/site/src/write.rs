//! Writes the files: what is not of the site any more is removed.

use std::fs;
use std::path::Path;

use crate::{Error, Files};

/// Writes one file, whole or not at all.
///
/// # Errors
/// When it cannot be written.
pub fn put(path: &Path, text: &str) -> Result<(), Error> {
    let fresh = path.with_extension("new");
    let put = || {
        fs::write(&fresh, text)?;
        fs::rename(&fresh, path)
    };
    put().map_err(|error| Error::File { path: path.to_owned(), error })
}

/// Writes `files` into `folder`, in place of what stood there.
///
/// # Errors
/// When it cannot be written, or is a folder of something else.
pub fn write(files: &Files, folder: &Path) -> Result<(), Error> {
    let fail = |path: &Path| {
        let path = path.to_owned();
        move |error| Error::File { path, error }
    };
    let is_other = folder.exists()
        && !folder.join("index.html").exists()
        && fs::read_dir(folder).is_ok_and(|mut all| all.next().is_some());
    if is_other {
        return Err(Error::Serve(format!(
            "{} is not empty and no site; name another folder",
            folder.display()
        )));
    }
    // Written beside it first, so that a fault leaves the old one.
    let fresh = folder.with_extension("new");
    let _ = fs::remove_dir_all(&fresh);
    for (name, bytes) in files {
        let path = fresh.join(name);
        let parent = path.parent().unwrap_or(&fresh);
        fs::create_dir_all(parent).map_err(fail(parent))?;
        fs::write(&path, bytes).map_err(fail(&path))?;
    }
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(fail(folder))?;
    }
    fs::rename(&fresh, folder).map_err(fail(folder))
}
