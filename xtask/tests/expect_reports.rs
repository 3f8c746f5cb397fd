//! The report on a dozen broken outputs, as a reader sees it.
//!
//! `UPDATE_FIXTURES=1 cargo test -p xtask --test expect_reports` writes the
//! reports anew; read what changed before you commit it.

mod expect_support;

use std::fs;

use expect_support::{cases, files, observed, source};
use xtask::expect::{Expectation, Style};

#[test]
fn each_report_is_as_it_was() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut changed = Vec::new();
    for file in files("reports", "txt") {
        let cases = cases(&file);
        assert_eq!(cases.len(), 1, "{}", file.display());
        let case = &cases[0];
        let lines = source(&case.source);
        let expectation = Expectation::parse(&lines).expect("it parses");
        let observed = observed(&case.outcomes[0].lines);
        let report = expectation.compare(&observed).expect_err("it fails");
        let report = report.in_file("examples/01_it.rs");
        let headline = report.headline();
        let rendered = report.render(&Style::default());
        let text = format!("{headline}\n\n{rendered}");
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
        let case = &cases(&file)[0];
        let expectation = Expectation::parse(&source(&case.source));
        let expectation = expectation.expect("it parses");
        let observed = observed(&case.outcomes[0].lines);
        let report = expectation.compare(&observed).expect_err("it fails");
        let plain = report.render(&Style { color: false });
        assert!(!plain.contains('\x1b'), "{plain}");
        let mut coloured = report.render(&Style { color: true });
        assert_ne!(coloured, plain);
        for code in ["0", "1", "2", "31", "33"] {
            coloured = coloured.replace(&format!("\x1b[{code}m"), "");
        }
        assert_eq!(coloured, plain);
    }
}
