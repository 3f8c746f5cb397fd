//! Builds examples, once for all, and learns where the executables are.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::Error;

/// What a build made.
#[derive(Debug, Default)]
pub struct Built {
    /// Each target's executable or library, by name; what did not compile is
    /// not there.
    pub files: BTreeMap<String, PathBuf>,
    /// The compiler's first error for each target that did not compile; empty
    /// where cargo has told it on standard error.
    pub errors: BTreeMap<String, String>,
    /// How long cargo took.
    pub took: Duration,
}

/// What to build, and where.
#[derive(Debug)]
pub struct Build<'a> {
    /// The folder of the root manifest.
    pub root: &'a Path,
    /// Another target directory than the workspace's own.
    pub target: Option<&'a Path>,
    /// Keep the compiler's errors for the caller, who expects some.
    pub quiet: bool,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Diagnostic {
    level: String,
    message: String,
}

impl Build<'_> {
    /// Builds the examples of these names. Those that do not compile are missing
    /// from the result.
    ///
    /// # Errors
    /// When cargo cannot be run, or nothing at all could be built.
    pub fn examples<'s>(
        &self,
        names: impl IntoIterator<Item = &'s str>,
    ) -> Result<Built, Error> {
        // With some packages alone, the features of what they depend on would
        // be others, and all of that would be built again.
        let mut arguments = vec!["--keep-going", "--workspace"];
        for name in names {
            arguments.extend(["--example", name]);
        }
        let built = self.run(&arguments)?;
        if built.files.is_empty() && !self.quiet {
            return Err(Error::new(
                "nothing could be built; cargo says why above",
            ));
        }
        Ok(built)
    }

    /// Builds the package's C library.
    ///
    /// # Errors
    /// When cargo cannot be run, or the library cannot be built.
    pub fn library(&self, package: &str) -> Result<PathBuf, Error> {
        let built = self.run(&["--package", package, "--lib"])?;
        built.files.get(package).cloned().ok_or_else(|| {
            Error::new(format!(
                "{package} cannot be built; `cargo build -p {package}` says why"
            ))
        })
    }

    fn run(&self, arguments: &[&str]) -> Result<Built, Error> {
        let started = Instant::now();
        let format = if self.quiet { "json" } else { RENDERED };
        let mut command = cargo();
        command
            .current_dir(self.root)
            .args(["build", "--message-format", format])
            .args(arguments)
            .stdout(Stdio::piped());
        if self.quiet {
            command.arg("--quiet").stderr(Stdio::null());
        }
        if let Some(target) = self.target {
            command.arg("--target-dir").arg(target);
        }
        let fail = |e| Error::new(format!("cargo cannot be run: {e}"));
        let mut child = command.spawn().map_err(fail)?;
        let mut built = Built::default();
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                if let Ok(message) = serde_json::from_str(&line.map_err(fail)?)
                {
                    built.take(message);
                }
            }
        }
        child.wait().map_err(fail)?;
        built.took = started.elapsed();
        Ok(built)
    }
}

const RENDERED: &str = "json-render-diagnostics";

impl Built {
    fn take(&mut self, message: Message) {
        let Some(target) = message.target else { return };
        match (message.reason.as_str(), message.message) {
            ("compiler-artifact", _) if target.kind == ["example"] => {
                if let Some(executable) = message.executable {
                    self.files.insert(target.name, executable);
                }
            }
            ("compiler-artifact", _) if target.kind == ["cdylib"] => {
                if let Some(file) = message.filenames.into_iter().next() {
                    self.files.insert(target.name, file);
                }
            }
            ("compiler-message", Some(diagnostic))
                if diagnostic.level == "error" =>
            {
                self.errors.entry(target.name).or_insert(diagnostic.message);
            }
            _ => {}
        }
    }
}

/// The cargo that runs us, else the one on the PATH.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
}
