//! What became of cases: typed until it is printed.

use std::fmt;
use std::time::Duration;

use expect::{Matched, Observed, Report, Style};

/// One run of a case.
#[derive(Debug)]
pub struct Checked {
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took, supervision included.
    pub wall: Duration,
    /// What the reader should know whatever came of it: that the run was seen
    /// less well than it could be, and why.
    pub notices: Vec<String>,
    /// The run itself, where there was one.
    pub observed: Option<Observed>,
}

impl From<Verdict> for Checked {
    /// What came of a case that was not run.
    fn from(verdict: Verdict) -> Checked {
        let (wall, notices, observed) = Default::default();
        Checked { verdict, wall, notices, observed }
    }
}

/// What came of a run.
#[derive(Debug)]
pub enum Verdict {
    /// Every line as expected.
    Passed(Matched),
    /// Not as expected, or not run at all.
    Failed(Failure),
    /// The program says that it cannot run on this system, and why.
    Skipped(String),
    /// The user stopped it.
    Interrupted,
}

/// Why a case failed.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The case: `topic/name`, with the language where it is not Rust.
    pub label: String,
    /// The file that the failure is about, as shown.
    pub file: String,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong with a case.
#[derive(Clone, Debug)]
pub enum Cause {
    /// It was not run: its header is faulty, it does not compile, the system
    /// refuses it.
    NotRun(String),
    /// It was run, and is not as expected.
    Mismatch(Box<Report>),
    /// It was run, and did not end in its time.
    Hung(Box<Report>),
}

impl Failure {
    /// One line: which case, what is wrong, where.
    pub fn headline(&self) -> String {
        let Failure { label, file, .. } = self;
        match &self.cause {
            Cause::NotRun(why) => format!("{label}: {why}"),
            Cause::Mismatch(report) | Cause::Hung(report) => {
                let line = self.place().1;
                let line = line.map_or(String::new(), |n| format!(":{n}"));
                format!("{label}: {} [{file}{line}]", report.headline())
            }
        }
    }

    /// The file, and the line in it, that the failure is about.
    pub fn place(&self) -> (&str, Option<usize>) {
        let line = match &self.cause {
            Cause::NotRun(_) => None,
            Cause::Mismatch(report) | Cause::Hung(report) => {
                report.faults.first().and_then(|fault| fault.source_line)
            }
        };
        (&self.file, line)
    }

    /// What the headline does not say; none where it says all.
    pub fn report(&self, color: bool) -> Option<String> {
        match &self.cause {
            Cause::NotRun(_) => None,
            Cause::Mismatch(report) | Cause::Hung(report) => {
                Some(report.below_headline(&Style { color }))
            }
        }
    }

    /// What is wrong, a line a fault.
    pub fn faults(&self) -> Vec<String> {
        match &self.cause {
            Cause::NotRun(why) => vec![why.clone()],
            Cause::Mismatch(report) | Cause::Hung(report) => {
                report.faults.iter().map(|f| f.message.clone()).collect()
            }
        }
    }

    /// Whether the program ran; otherwise nothing was compared.
    pub fn ran(&self) -> bool {
        !matches!(self.cause, Cause::NotRun(_))
    }
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// As they should.
    pub passed: usize,
    /// Not so.
    pub failed: usize,
    /// Not at all, since this system lacks what they are about.
    pub skipped: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { passed, failed, skipped } = self;
        write!(f, "{passed} passed, {failed} failed")?;
        if *skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        Ok(())
    }
}
