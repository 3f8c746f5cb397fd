use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why the site cannot be made.
#[derive(Debug)]
pub enum Error {
    /// The workspace cannot be read.
    Workspace(xtask::Error),
    /// An example's header, sibling or recording is not as it must be.
    Example {
        /// Which.
        name: String,
        /// What is wrong, and what mends it.
        why: String,
    },
    /// A file cannot be read or written.
    File {
        /// Which.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// The pages cannot be served.
    Serve(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Workspace(error) => error.fmt(f),
            Error::Example { name, why } => write!(f, "{name}: {why}"),
            Error::File { path, error } => {
                write!(f, "{}: {error}", path.display())
            }
            Error::Serve(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Error {}

impl From<xtask::Error> for Error {
    fn from(error: xtask::Error) -> Error {
        Error::Workspace(error)
    }
}
