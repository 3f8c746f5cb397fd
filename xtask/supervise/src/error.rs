use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why there is no runner. Each says what is wrong and the way out.
#[derive(Debug)]
pub enum Error {
    /// The handlers of Ctrl-C cannot be installed.
    Signals(io::Error),
    /// There is no room for the working folders.
    Folder {
        /// Where they were to be.
        parent: PathBuf,
        /// Why they cannot.
        error: io::Error,
    },
    /// The process that starts the supervisors cannot be started.
    Zygote(io::Error),
    /// The system does not say which program this is.
    ThisProgram(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Signals(error) => write!(f, "the signal handlers: {error}"),
            Error::Folder { parent, error } => write!(
                f,
                "no working folder under {}: {error}; make room there, or set \
                 TMPDIR to another folder",
                parent.display()
            ),
            Error::Zygote(error) => {
                write!(f, "the supervisors cannot be started: {error}")
            }
            Error::ThisProgram(error) => {
                write!(f, "the path of xtask itself: {error}")
            }
        }
    }
}

impl std::error::Error for Error {}
