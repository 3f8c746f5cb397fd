//! Why a command could not do its work.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A fault that stops a command. Each says what is wrong and the way out.
#[derive(Debug)]
pub enum Error {
    /// A file or a folder cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// What the user asked for cannot be had: a wrong name, an empty choice.
    Usage(String),
    /// A manifest, a header or a marked place is not as it must be.
    Source {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what mends it.
        why: String,
    },
    /// Cargo cannot be run, or has built nothing.
    Cargo(String),
    /// There is no Python that could run the siblings.
    Python(String),
    /// The runner cannot start.
    Runner(supervise::Error),
    /// The user stopped the command.
    Interrupted,
}

impl Error {
    /// An error about `path`.
    pub(crate) fn file(path: &Path, error: io::Error) -> Error {
        Error::File { path: path.to_owned(), error }
    }

    /// An error about what stands in `path`.
    pub(crate) fn source(path: &Path, why: impl Into<String>) -> Error {
        Error::Source { path: path.to_owned(), why: why.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::File { path, error } => {
                write!(f, "{}: {error}", path.display())
            }
            Error::Source { path, why } => {
                write!(f, "{}: {why}", path.display())
            }
            Error::Usage(why) | Error::Cargo(why) | Error::Python(why) => {
                f.write_str(why)
            }
            Error::Runner(error) => error.fmt(f),
            Error::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for Error {}

impl From<supervise::Error> for Error {
    fn from(error: supervise::Error) -> Error {
        Error::Runner(error)
    }
}
