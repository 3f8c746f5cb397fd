//! One long-lived worker, as the harness sees it.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::Error;
use crate::rows::{Language, Side};

/// What a worker answers: how long `n` operations took, on the clock and on the
/// processors, and what they came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Answer {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) check: u64,
}

/// A worker that waits for numbers.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    ask: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What a worker leaves that is killed, such as a forkserver's socket.
    _folder: TempDir,
}

/// Started, or why this machine cannot.
#[derive(Debug)]
pub(crate) enum Start {
    Ready(Process),
    Skipped(String),
}

/// The interpreter of the Python workers.
pub(crate) fn python() -> OsString {
    std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into())
}

impl Process {
    pub(crate) fn start(side: &Side, pinned: bool) -> Result<Start, Error> {
        // Where a part of it is the same for all, the worker is Rust's.
        let rust = side.worker.strip_prefix("rust:");
        let mut command = match (side.language, rust) {
            (Language::Python, None) => {
                let mut command = Command::new(python());
                command.arg("-B").arg(crate::workers::python());
                command
            }
            _ => {
                let mut command = Command::new(std::env::current_exe()?);
                command.arg("worker");
                command
            }
        };
        command.arg(rust.unwrap_or(side.worker));
        if pinned {
            command.arg("--pin");
        }
        let folder = TempDir::new()?;
        let mut child = command
            .env("TMPDIR", folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", side.worker))?;
        let (Some(ask), Some(answers)) =
            (child.stdin.take(), child.stdout.take())
        else {
            return Err("a worker without pipes".into());
        };
        let answers = BufReader::new(answers);
        let mut process = Process { child, ask, answers, _folder: folder };
        let line = process.line(side)?;
        Ok(match line.trim().split_once(' ') {
            Some(("skip", reason)) => Start::Skipped(reason.into()),
            _ => Start::Ready(process),
        })
    }

    /// Has `n` operations done.
    pub(crate) fn ask(&mut self, side: &Side, n: u64) -> Result<Answer, Error> {
        writeln!(self.ask, "{n}")?;
        let line = self.line(side)?;
        let mut words = line.split_whitespace();
        let mut next =
            || words.next().and_then(|word| word.parse::<u64>().ok());
        match (next(), next(), next()) {
            (Some(wall), Some(cpu), Some(check)) => {
                Ok(Answer { wall: wall.max(1) as f64, cpu: cpu as f64, check })
            }
            _ => Err(format!("{} answered {line:?}", side.worker).into()),
        }
    }

    /// The worker's own process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn line(&mut self, side: &Side) -> Result<String, Error> {
        let mut line = String::new();
        if self.answers.read_line(&mut line)? == 0 {
            return Err(format!(
                "the worker `{}` ({}) ended early; its own words are above",
                side.worker, side.form
            )
            .into());
        }
        Ok(line)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A worker makes a group of its own, for itself and what it starts.
        let group = Pid::from_raw(self.child.id().cast_signed());
        // Both fail only where all have ended already.
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
