//! `--junit`: the results for a continuous integration server.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use quick_junit::{
    NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite,
};

use crate::Error;
use crate::files;
use crate::results::{Failure, Verdict};

/// The report, as it grows.
#[derive(Debug)]
pub struct Junit {
    file: PathBuf,
    rows: Vec<(String, TestCase)>,
}

impl Junit {
    /// Makes sure that `file` can be written, before anything is run.
    ///
    /// # Errors
    /// When its folder is missing, or it is no file that can be written.
    pub fn new(file: &Path) -> Result<Junit, Error> {
        let new = !file.exists();
        File::options()
            .append(true)
            .create(true)
            .open(file)
            .and_then(|_| if new { fs::remove_file(file) } else { Ok(()) })
            .map_err(|e| {
                let why = format!(
                    "{e}; --junit takes a file in a folder that \
                                   is there"
                );
                Error::source(file, why)
            })?;
        Ok(Junit { file: file.to_owned(), rows: Vec::new() })
    }

    /// Takes down what came of a case of `topic`.
    pub fn add(
        &mut self,
        topic: &str,
        label: &str,
        wall: Duration,
        verdict: &Verdict,
    ) {
        let status = match verdict {
            Verdict::Passed(_) => TestCaseStatus::success(),
            Verdict::Failed(failure) => failed(failure),
            Verdict::Skipped(why) => {
                let mut status = TestCaseStatus::skipped();
                status.set_message(why.clone());
                status
            }
            Verdict::Interrupted => return,
        };
        let mut row = TestCase::new(label, status);
        row.set_time(wall);
        self.rows.push((topic.to_owned(), row));
    }

    /// Writes the report as JUnit XML, one suite a topic. Where the run was
    /// `interrupted` it says that it is not whole.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(mut self, interrupted: bool) -> Result<(), Error> {
        let mut report = Report::new("examples");
        self.rows.sort_by(|a, b| a.0.cmp(&b.0));
        for rows in self.rows.chunk_by(|a, b| a.0 == b.0) {
            let mut suite = TestSuite::new(rows[0].0.clone());
            suite.add_test_cases(rows.iter().map(|(_, row)| row.clone()));
            report.add_test_suite(suite);
        }
        if interrupted {
            let mut suite = TestSuite::new("interrupted");
            let kind = NonSuccessKind::Error;
            let mut status = TestCaseStatus::non_success(kind);
            status.set_message("interrupted: this report is not whole");
            suite.add_test_case(TestCase::new("interrupted", status));
            report.add_test_suite(suite);
        }
        let text = report
            .to_string()
            .map_err(|e| Error::file(&self.file, io::Error::other(e)))?;
        if fs::metadata(&self.file).is_ok_and(|kind| !kind.is_file()) {
            // A device or a pipe: it cannot be replaced.
            return File::options()
                .write(true)
                .open(&self.file)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(|e| Error::file(&self.file, e));
        }
        files::replace(&self.file, &text)
    }
}

fn failed(failure: &Failure) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(failure.headline());
    if let Some(report) = failure.report(false) {
        status.set_description(report);
    }
    status
}
