//! A case: one example in one language, ready to run and to be judged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Error;
use crate::catalogue::cargo::Build;
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use expect::{Ending, Expectation, Matched, Observed, Report, Style};
use supervise::protocol::Job;
use supervise::{Fault, Outcome, Runner};

/// How long an example may take that does not say otherwise.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// Whether this system has all that any example is about.
const RUNS_ALL: bool = cfg!(target_os = "linux");

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
}

/// What a case needs to run.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The program.
    pub job: Job,
    /// What it is to print.
    pub expectation: Expectation,
}

/// What became of a case.
#[derive(Debug)]
pub enum Verdict {
    /// Every line as expected.
    Passed {
        /// How the lines fell.
        matched: Matched,
        /// How long it took.
        wall: Duration,
        /// Why namespaces were refused, where they were.
        fallback: Option<String>,
    },
    /// Not as expected, or not run at all.
    Failed(Failure),
    /// It says that it cannot run on this system, and why.
    Skipped(String),
    /// The user stopped the run.
    Interrupted,
}

/// Why a case failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// One line: where and what.
    pub headline: String,
    /// The whole report; empty where the headline says all.
    pub report: String,
    /// Whether the program ran; otherwise nothing was compared.
    pub ran: bool,
}

impl Case<'_> {
    /// `topic/name`, with the language where it is not Rust.
    pub fn label(&self) -> String {
        let Example { topic, name, .. } = self.example;
        match self.language {
            Language::Rust => format!("{topic}/{name}"),
            Language::Python => format!("{topic}/{name} (python)"),
        }
    }

    /// The same case with another schedule.
    pub fn rescheduled(&self, change: impl FnOnce(&Job) -> Job) -> Case<'_> {
        let ready = self.ready.clone().map(|ready| {
            let job = change(&ready.job);
            Ready { job, ..ready }
        });
        let shown = self.shown.clone();
        Case { ready, shown, ..*self }
    }

    /// Runs the case once and judges it. `patience` multiplies its time-out.
    pub fn check(
        &self,
        runner: &Runner,
        patience: u32,
        style: &Style,
    ) -> Verdict {
        let ready = match &self.ready {
            Ok(ready) => ready,
            Err(why) => return self.failed(why),
        };
        let timeout = ready.timeout() * patience;
        match runner.run(&ready.job, timeout) {
            Err(Fault::Interrupted) => Verdict::Interrupted,
            Err(Fault::Failed(why)) => self.failed(&why),
            Ok(outcome) => self.judge(ready, outcome, style),
        }
    }

    fn judge(&self, ready: &Ready, outcome: Outcome, style: &Style) -> Verdict {
        let Outcome { observed, wall, fallback } = outcome;
        match ready.expectation.compare(&observed) {
            Ok(matched) => Verdict::Passed { matched, wall, fallback },
            Err(report) => match skipped(&observed) {
                Some(why) if !RUNS_ALL => Verdict::Skipped(why.to_owned()),
                _ => Verdict::Failed(self.report(&report, style)),
            },
        }
    }

    fn report(&self, report: &Report, style: &Style) -> Failure {
        let line = report.faults.first().and_then(|f| f.source_line);
        let place = line.map_or(String::new(), |line| format!(":{line}"));
        let label = self.label();
        Failure {
            headline: format!(
                "{label}: {} [{}{place}]",
                report.headline(),
                self.shown
            ),
            report: report.render(style),
            ran: true,
        }
    }

    fn failed(&self, why: &str) -> Verdict {
        let headline = format!("{}: {why}", self.label());
        Verdict::Failed(Failure { headline, report: String::new(), ran: false })
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
        Case { example, language: Language::Rust, ready, shown }
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
    Case { example, language: Language::Python, ready, shown }
}

/// The expectation of an example.
///
/// # Errors
/// The faults of its header, each with its line, in one text.
pub fn expectation(
    example: &Example,
    shown: &str,
) -> Result<Expectation, String> {
    let header = example.header.as_ref().map_err(|problems| {
        let lines: Vec<String> =
            problems.iter().map(|p| format!("{shown}:{p}")).collect();
        lines.join("\n")
    })?;
    Expectation::parse(&header.expectation).map_err(|errors| {
        let lines: Vec<String> =
            errors.iter().map(|e| format!("{shown}: {e}")).collect();
        lines.join("\n")
    })
}

/// Builds `examples` and makes their cases, the siblings' too where `python`
/// asks so. Says also how long cargo took.
///
/// # Errors
/// When there is nothing to build, nothing can be built, or there is no Python.
pub fn build<'e>(
    workspace: &Workspace,
    examples: &[&'e Example],
    python: bool,
) -> Result<(Vec<Case<'e>>, Duration), Error> {
    if examples.is_empty() {
        return Err(Error::new(
            "no example to run; `cargo xtask list` shows them all",
        ));
    }
    let python = python.then(Python::find).transpose()?;
    let build = Build { root: &workspace.root, target: None, quiet: false };
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
}
