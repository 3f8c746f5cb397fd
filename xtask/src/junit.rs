//! `--junit`: the results for a continuous integration server.

use std::fs;
use std::path::Path;

use quick_junit::{
    NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite,
};

use crate::Error;
use crate::commands::check::{End, Finished};

/// Writes `finished` to `file` as JUnit XML, one suite a topic.
///
/// # Errors
/// When the file cannot be written.
pub fn write(file: &Path, finished: &[Finished]) -> Result<(), Error> {
    let mut report = Report::new("examples");
    let mut topics: Vec<&str> =
        finished.iter().map(|f| f.topic.as_str()).collect();
    topics.sort_unstable();
    topics.dedup();
    for topic in topics {
        let mut suite = TestSuite::new(topic);
        for case in finished.iter().filter(|f| f.topic == topic) {
            let mut status = TestCaseStatus::success();
            match &case.end {
                End::Passed => {}
                End::Failed(failure) => {
                    let kind = NonSuccessKind::Failure;
                    status = TestCaseStatus::non_success(kind);
                    status.set_message(failure.headline.clone());
                    status.set_description(failure.report.clone());
                }
                End::Skipped(why) => {
                    status = TestCaseStatus::skipped();
                    status.set_message(why.clone());
                }
            }
            let mut row = TestCase::new(case.label.clone(), status);
            row.set_time(case.wall);
            suite.add_test_case(row);
        }
        report.add_test_suite(suite);
    }
    let fail = |e: String| Error::new(format!("{}: {e}", file.display()));
    let text = report.to_string().map_err(|e| fail(e.to_string()))?;
    fs::write(file, text).map_err(|e| fail(e.to_string()))
}
