//! A case: one example in one language, ready to run and to be judged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use expect::{Complaint, Ending, Expectation, Observed};
use supervise::{Fault, Job, Runner};

use crate::Error;
use crate::catalogue::cargo::{Build, Tell};
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use crate::results::{Cause, Checked, Failure, Verdict};

/// How long an example may take that does not say otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a case may take that has not ended in its time before.
pub const HUNG: Duration = Duration::from_secs(2);

/// Whether this system has all that any example is about.
const RUNS_ALL: bool = cfg!(target_os = "linux");

/// What need not be installed, on any system.
const NEED_NOT_BE: &str = "no redis-server";

/// One example in one language.
#[derive(Debug)]
pub struct Case<'a> {
    /// The example.
    pub example: &'a Example,
    /// Which of its programs.
    pub language: Language,
    /// How to run it, or why it cannot be.
    pub ready: Result<Ready, String>,
    /// The path of the source, as shown.
    shown: String,
    /// It did not end in its time once: the next runs are not waited for as long.
    hung: Arc<AtomicBool>,
}

/// What a case needs to run.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The program.
    pub job: Job,
    /// What it is to print.
    pub expectation: Expectation,
}

impl<'a> Case<'a> {
    fn new(
        example: &'a Example,
        language: Language,
        ready: Result<Ready, String>,
        shown: String,
    ) -> Case<'a> {
        Case { example, language, ready, shown, hung: Arc::default() }
    }

    /// `topic/name`, with the language where it is not Rust.
    pub fn label(&self) -> String {
        let Example { topic, name, .. } = self.example;
        match self.language {
            Language::Rust => format!("{topic}/{name}"),
            Language::Python => format!("{topic}/{name} (python)"),
        }
    }

    /// The same case with its job changed.
    pub fn with_job(&self, change: impl FnOnce(&Job) -> Job) -> Case<'_> {
        let ready = self.ready.clone().map(|ready| {
            let job = change(&ready.job);
            Ready { job, ..ready }
        });
        let (shown, hung) = (self.shown.clone(), Arc::clone(&self.hung));
        Case { ready, shown, hung, ..*self }
    }

    /// Says that the case is known not to end in its time: it is not waited for
    /// as long.
    pub fn expect_hang(&self) {
        self.hung.store(true, Ordering::Relaxed);
    }

    /// Runs the case once and judges it. `patience` multiplies its time-out.
    pub fn check(&self, runner: &Runner, patience: u32) -> Checked {
        let started = Instant::now();
        let mut checked = match &self.ready {
            Ok(ready) => self.run(ready, runner, patience),
            Err(why) => self.not_run(why).into(),
        };
        checked.wall = started.elapsed();
        checked
    }

    fn run(&self, ready: &Ready, runner: &Runner, patience: u32) -> Checked {
        let mut timeout = ready.timeout() * patience;
        if self.hung.load(Ordering::Relaxed) {
            timeout = timeout.min(HUNG);
        }
        let outcome = match runner.run(&ready.job, timeout) {
            Err(Fault::Interrupted) => return Verdict::Interrupted.into(),
            Err(fault) => return self.not_run(&fault.to_string()).into(),
            Ok(outcome) => outcome,
        };
        let mut notices = Vec::new();
        if let Some(why) = &outcome.fallback {
            notices.push(format!(
                "namespaces are refused here ({why}): examples ran under a \
                 sub-reaper, which sees leaked processes and files, and leaked \
                 segments only by name"
            ));
        }
        let rules = &ready.expectation;
        if let Some(why) = &outcome.unseen
            && !(rules.speakers().is_empty() && rules.peaks().is_empty())
        {
            notices.push(format!(
                "who wrote which line was not seen ({why}): the rules about \
                 speakers were not checked, all else was"
            ));
        }
        let verdict = self.judge(ready, &outcome.observed);
        let observed = Some(outcome.observed);
        Checked { notices, observed, ..verdict.into() }
    }

    fn judge(&self, ready: &Ready, observed: &Observed) -> Verdict {
        let report = match ready.expectation.compare(observed) {
            Ok(matched) => return Verdict::Passed(matched),
            Err(report) => Box::new(report.in_file(&*self.shown)),
        };
        if let Some(why) = skipped(observed)
            && may_be_skipped(why, RUNS_ALL)
        {
            return Verdict::Skipped(why.to_owned());
        }
        if let Ending::TimedOut(_) = observed.ending {
            self.hung.store(true, Ordering::Relaxed);
            return Verdict::Failed(self.failure(Cause::Hung(report)));
        }
        Verdict::Failed(self.failure(Cause::Mismatch(report)))
    }

    fn not_run(&self, why: &str) -> Verdict {
        Verdict::Failed(self.failure(Cause::NotRun(why.to_owned())))
    }

    fn failure(&self, cause: Cause) -> Failure {
        Failure { label: self.label(), file: self.shown.clone(), cause }
    }
}

impl Ready {
    /// How long it may take.
    pub fn timeout(&self) -> Duration {
        self.expectation.settings().timeout.unwrap_or(TIMEOUT)
    }
}

/// Why a program says that it cannot run here, where that is all it says.
fn skipped(observed: &Observed) -> Option<&str> {
    let Observed { lines, ending: Ending::Exit(0), .. } = observed else {
        return None;
    };
    let [line] = &lines[..] else { return None };
    line.text.strip_prefix("main: skipped, ")
}

/// Whether that is a reason here; where the system runs all, most are none.
fn may_be_skipped(why: &str, runs_all: bool) -> bool {
    !runs_all || why.starts_with(NEED_NOT_BE)
}

/// Where the programs of examples are.
#[derive(Debug)]
pub struct Programs<'a> {
    /// The executables, by example.
    pub files: &'a BTreeMap<String, PathBuf>,
    /// The interpreter, where the siblings are to run too.
    pub python: Option<&'a Python>,
}

impl Programs<'_> {
    /// The cases of `examples`, Rust first.
    pub fn cases<'e>(
        &self,
        workspace: &Workspace,
        examples: &[&'e Example],
    ) -> Vec<Case<'e>> {
        let mut cases = Vec::new();
        for example in examples {
            cases.push(self.rust(workspace, example));
            if let Some(python) = self.python
                && let Ok(header) = &example.header
                && !header.has_no_python()
            {
                let source = &example.source;
                cases.push(sibling(workspace, example, source, python));
            }
        }
        cases
    }

    /// The Rust case of `example`.
    pub fn rust<'e>(
        &self,
        workspace: &Workspace,
        example: &'e Example,
    ) -> Case<'e> {
        let program = self.files.get(&example.name).cloned();
        let program = program.ok_or_else(|| {
            format!(
                "does not compile; `cargo build -p {} --example {}` says why",
                example.topic, example.name
            )
        });
        let shown = workspace.relative(&example.source);
        let ready = program.and_then(|program| {
            let expectation = expectation(example, &shown)?;
            let job = Job { program, ..Job::default() };
            Ok(Ready { job, expectation })
        });
        Case::new(example, Language::Rust, ready, shown)
    }
}

/// The case of the sibling that lies beside `source`.
pub fn sibling<'e>(
    workspace: &Workspace,
    example: &'e Example,
    source: &Path,
    python: &Python,
) -> Case<'e> {
    let path = source.with_extension("py");
    let shown = workspace.relative(&example.source);
    let ready = if path.exists() {
        expectation(example, &shown).map(|expectation| {
            let job = Job {
                program: python.executable().to_owned(),
                arguments: Python::arguments(&path),
                ..Job::default()
            };
            Ready { job, expectation }
        })
    } else {
        Err(format!(
            "{} is missing; write it, or say `Python: none, why` in the header",
            workspace.relative(&path)
        ))
    };
    Case::new(example, Language::Python, ready, shown)
}

/// The expectation of an example.
///
/// # Errors
/// The faults of its header, each with its line, in one text.
pub fn expectation(
    example: &Example,
    shown: &str,
) -> Result<Expectation, String> {
    let told = |complaints: &[Complaint]| {
        let lines = complaints.iter().map(|one| one.in_file(shown));
        lines.collect::<Vec<_>>().join("\n")
    };
    let header = example.header.as_ref().map_err(|all| told(all))?;
    Expectation::parse(&header.expectation).map_err(|all| told(&all))
}

/// Builds `examples` and makes their cases, the siblings' too where `python`
/// asks so. Says also how long cargo took.
///
/// # Errors
/// When there is nothing to build, nothing can be built, or there is no Python.
pub fn build<'e>(
    workspace: &Workspace,
    runner: &Runner,
    examples: &[&'e Example],
    python: bool,
) -> Result<(Vec<Case<'e>>, Duration), Error> {
    if examples.is_empty() {
        let why = "no example to run; `cargo xtask list` shows them all";
        return Err(Error::Usage(why.into()));
    }
    let python = python.then(Python::find).transpose()?;
    let root = &workspace.root;
    let build = Build { runner, root, target: None, tell: Tell::All };
    let built = build.examples(examples.iter().map(|e| &*e.name))?;
    let programs = Programs { files: &built.files, python: python.as_ref() };
    Ok((programs.cases(workspace, examples), built.took))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect::{OutputLine, Stream};

    #[test]
    fn only_a_single_line_skips() {
        let observed = |text: &[&str], ending| Observed {
            lines: text
                .iter()
                .map(|text| OutputLine {
                    stream: Stream::Stdout,
                    at: Duration::ZERO,
                    text: (*text).into(),
                    spoken: None,
                })
                .collect(),
            ending,
            leaks: Vec::new(),
            notes: Vec::new(),
            cast: None,
        };
        let line = "main: skipped, there is no /proc here";
        let well = observed(&[line], Ending::Exit(0));
        assert_eq!(skipped(&well), Some("there is no /proc here"));
        for other in [
            observed(&[line], Ending::Exit(1)),
            observed(&[line, "main: and on"], Ending::Exit(0)),
            observed(&["main: done"], Ending::Exit(0)),
            observed(&[], Ending::Exit(0)),
        ] {
            assert_eq!(skipped(&other), None, "{other:?}");
        }
    }

    #[test]
    fn only_what_need_not_be_installed_skips_where_all_runs() {
        for (why, runs_all, may) in [
            ("no redis-server", true, true),
            ("no redis-server on the PATH", true, true),
            ("there is no redis-server", true, false),
            ("there is no /proc here", true, false),
            ("there is no /proc here", false, true),
        ] {
            assert_eq!(may_be_skipped(why, runs_all), may, "{why}");
        }
    }
}
