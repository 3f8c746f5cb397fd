//! What was measured: the committed JSON.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::statistics::Quantiles;

/// The file: where and with what, then the rows by name.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Results {
    pub(crate) machine: String,
    pub(crate) kernel: String,
    pub(crate) rust: String,
    pub(crate) python: String,
    pub(crate) profile: String,
    pub(crate) rows: BTreeMap<String, Row>,
}

/// One row.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Row {
    pub(crate) date: String,
    pub(crate) pairs: usize,
    /// How often its workers were started anew.
    #[serde(default)]
    pub(crate) lives: usize,
    /// The limit beside itself; 1 on a quiet machine.
    pub(crate) control: Quantiles,
    /// Whether the control was 1.00 ± 0.03.
    pub(crate) quiet: bool,
    /// Runnable threads on the machine, on average, as it was measured.
    pub(crate) load: f64,
    /// The priority that the workers had; negative is before others.
    pub(crate) nice: i32,
    pub(crate) seconds: f64,
    pub(crate) forms: Vec<Form>,
    pub(crate) claims: Vec<Quantiles>,
}

/// One way of doing it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Form {
    pub(crate) form: String,
    /// Nanoseconds, or bytes, for one.
    pub(crate) each: f64,
    pub(crate) pairs: usize,
    pub(crate) ratio: Option<Quantiles>,
    /// The median ratio of each life of its worker.
    #[serde(default)]
    pub(crate) lives: Vec<f64>,
    pub(crate) cpu: Option<f64>,
    pub(crate) skipped: Option<String>,
}

/// How far apart the medians of two lives of a worker may be.
const STEADY: f64 = 1.25;

impl Form {
    /// The lowest and the highest median of a life, where they are so far apart that
    /// the one of all says little.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        let lowest = self.lives.iter().copied().min_by(f64::total_cmp)?;
        let highest = self.lives.iter().copied().max_by(f64::total_cmp)?;
        (highest > lowest * STEADY).then_some((lowest, highest))
    }
}

/// The folder of this crate.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

impl Results {
    pub(crate) fn path() -> PathBuf {
        folder().join("results.json")
    }

    /// Those of a file that is there.
    pub(crate) fn of(path: &Path) -> Result<Results, Error> {
        let text = fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(serde_json::from_str(&text)?)
    }

    pub(crate) fn read() -> Result<Results, Error> {
        match fs::read_to_string(Results::path()) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Results::default())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Puts down where and with what this run measured.
    pub(crate) fn describe(&mut self) -> Result<(), Error> {
        let cores = std::thread::available_parallelism()?;
        let virtual_one =
            fs::read_to_string("/proc/cpuinfo")?.contains("hypervisor");
        let kind = if virtual_one { "a virtual machine" } else { "a machine" };
        self.machine = format!("{kind} with {cores} cores");
        let release = fs::read_to_string("/proc/sys/kernel/osrelease")?;
        let short = release.trim().split(['-', '+']).next().unwrap_or("");
        self.kernel = format!("Linux {short}");
        self.rust = said(Command::new("rustc").arg("--version"))?;
        self.rust.truncate(self.rust.find(" (").unwrap_or(self.rust.len()));
        let python = crate::process::python();
        let what = "import sys; gil = getattr(sys, '_is_gil_enabled', bool)(); \
            print('CPython', sys.version.split()[0], \
            '' if gil or sys.version_info < (3, 13) else 'free-threaded')";
        self.python = said(Command::new(python).args(["-c", what]))?;
        self.profile = "release".into();
        Ok(())
    }

    pub(crate) fn write(&self) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self)? + "\n";
        replace(&Results::path(), &text)
    }
}

/// Today, as it is written everywhere.
pub(crate) fn today() -> Result<String, Error> {
    said(Command::new("date").args(["-u", "+%Y-%m-%d"]))
}

fn said(command: &mut Command) -> Result<String, Error> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The file appears whole or not at all.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let written =
        fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}
