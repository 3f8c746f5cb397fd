//! Finds the Python that runs the siblings.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// The oldest CPython that the siblings are written for.
const OLDEST: (u32, u32) = (3, 11);

/// The switches that start it four times quicker, with the standard library
/// alone, and with no `__pycache__` left behind.
const SWITCHES: [&str; 5] = ["-I", "-S", "-B", "-X", "utf8"];

/// An interpreter that is new enough.
#[derive(Debug)]
pub struct Python {
    executable: PathBuf,
}

impl Python {
    /// Asks `$PYTHON`, else `python3`, for the interpreter behind it: what is on
    /// the PATH may be a slow script in front of the real one.
    ///
    /// # Errors
    /// When there is none, or it is too old.
    pub fn find() -> Result<Python, Error> {
        let name = std::env::var_os("PYTHON").unwrap_or("python3".into());
        let shown = name.display().to_string();
        let fail = |why: String| {
            let (major, minor) = OLDEST;
            Error::new(format!(
                "{shown}: {why}; --python needs CPython {major}.{minor} or \
                 newer: install it, or name it in the environment variable \
                 PYTHON, or leave --python out"
            ))
        };
        let asked = Command::new(&name)
            .args(["-I", "-S", "-c"])
            .arg(
                "import sys; \
                 print(*sys.version_info[:2], sys.executable, sep='\\n')",
            )
            .output()
            .map_err(|e| fail(e.to_string()))?;
        let said = String::from_utf8_lossy(&asked.stdout);
        let mut lines = said.lines();
        let mut number = || lines.next()?.parse::<u32>().ok();
        let (Some(major), Some(minor)) = (number(), number()) else {
            return Err(fail(format!("no Python answers ({})", asked.status)));
        };
        if (major, minor) < OLDEST {
            return Err(fail(format!("is Python {major}.{minor}")));
        }
        let executable = lines.next().unwrap_or_default().into();
        Ok(Python { executable })
    }

    /// The interpreter itself.
    pub fn executable(&self) -> &Path {
        &self.executable
    }

    /// The arguments that run `script`.
    pub fn arguments(script: &Path) -> Vec<String> {
        let switches = SWITCHES.iter().map(|s| (*s).to_owned());
        switches.chain([script.display().to_string()]).collect()
    }
}
