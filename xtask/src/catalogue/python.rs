//! Finds the Python that runs the siblings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Error;

/// The oldest CPython that the siblings are written for.
const OLDEST: (u32, u32) = (3, 11);

/// The switches that start it four times quicker, with the standard library
/// alone, and with no `__pycache__` left behind.
const SWITCHES: [&str; 5] = ["-I", "-S", "-B", "-X", "utf8"];

/// The script that runs a sibling line by line.
const LINEWISE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/linewise.py");

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
        let named = std::env::var_os("PYTHON").filter(|n| !n.is_empty());
        let name = named.unwrap_or("python3".into());
        let shown = name.display().to_string();
        let fail = |why: String| {
            let (major, minor) = OLDEST;
            Error::Python(format!(
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

    /// What Python says of those of the named `files` that are no Python.
    ///
    /// # Errors
    /// When the interpreter cannot be run.
    pub fn faults<'n>(
        &self,
        files: impl Iterator<Item = (&'n str, PathBuf)>,
    ) -> Result<BTreeMap<String, String>, Error> {
        const COMPILE: &str = "\
import sys
for name, path in zip(sys.argv[1::2], sys.argv[2::2]):
    try:
        compile(open(path, encoding='utf8').read(), path, 'exec')
    except SyntaxError as error:
        print(name, error)
";
        let mut command = Command::new(&self.executable);
        command.args(SWITCHES).args(["-c", COMPILE]);
        for (name, file) in files {
            command.arg(name).arg(file);
        }
        let said =
            command.output().map_err(|e| Error::file(&self.executable, e))?;
        let said = String::from_utf8_lossy(&said.stdout);
        let faults = said.lines().filter_map(|line| line.split_once(' '));
        Ok(faults.map(|(name, why)| (name.into(), why.into())).collect())
    }

    /// The arguments that run `script`, each line of which comes as it is printed.
    pub fn arguments(script: &Path) -> Vec<String> {
        let switches = SWITCHES.into_iter().map(str::to_owned);
        let scripts = [LINEWISE.to_owned(), script.display().to_string()];
        switches.chain(scripts).collect()
    }
}
