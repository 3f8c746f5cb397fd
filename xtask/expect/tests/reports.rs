//! The report on a dozen broken outputs, as a reader sees it.
//!
//! `UPDATE_FIXTURES=1 cargo test -p expect --test reports` writes the
//! reports anew; read what changed before you commit it.

mod cases;
mod support;

use std::fs;
use std::path::Path;

use cases::{cases, files, observed};
use expect::{Expectation, Report, Style};
use support::source;

const FILE: &str = "examples/01_it.rs";
const PLAIN: Style = Style { color: false };

/// The report on the output of a fixture.
fn report(file: &Path) -> Report {
    let cases = cases(file);
    let [case] = cases.as_slice() else { panic!("{}", file.display()) };
    let [outcome] = case.outcomes.as_slice() else { panic!("{}", case.title) };
    assert_eq!(outcome.verdict, "report", "{}", case.title);
    let expectation = Expectation::parse(&source(&case.source));
    let expectation = expectation.expect("it parses");
    let observed = observed(&outcome.lines);
    let report = expectation.compare(&observed).expect_err("it fails");
    report.in_file(FILE)
}

/// No sentence is told twice, and the first has its place as `FILE:LINE`.
fn assert_once(text: &str, report: &Report) {
    for fault in &report.faults {
        let told = text.matches(fault.message.as_str()).count();
        assert!(told <= 1, "{} times: {}", told, fault.message);
    }
    let whole = report.render(&PLAIN);
    assert!(whole.contains(&report.faults[0].message), "{whole}");
    let place = report.source_line().map(|line| format!("{FILE}:{line}: "));
    assert!(place.is_none_or(|place| whole.contains(&place)), "{whole}");
}

#[test]
fn each_report_is_as_it_was() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut changed = Vec::new();
    for file in files("reports", "txt") {
        let report = report(&file);
        let headline = report.headline();
        let line = report.source_line();
        let place = line.map_or(String::new(), |n| format!(" [{FILE}:{n}]"));
        let below = report.below_headline(&PLAIN);
        let text = format!("{headline}{place}\n\n{below}");
        assert_once(&text, &report);
        let golden = file.with_extension("report");
        if update {
            fs::write(&golden, &text).expect("the report is written");
        } else if fs::read_to_string(&golden).ok().as_ref() != Some(&text) {
            changed.push(format!("{}\n{text}", golden.display()));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n\n"));
}

#[test]
fn colour_changes_nothing_but_the_colour() {
    for file in files("reports", "txt") {
        let report = report(&file);
        let plain = report.render(&PLAIN);
        assert!(!plain.contains('\x1b'), "{plain}");
        let mut coloured = report.render(&Style { color: true });
        assert_ne!(coloured, plain);
        for code in ["0", "1", "2", "31", "33"] {
            coloured = coloured.replace(&format!("\x1b[{code}m"), "");
        }
        assert_eq!(coloured, plain);
    }
}
