//! The language, rule by rule: which outputs match, which faults the others
//! have, and which expectations are refused.

mod cases;
mod support;

use cases::{Case, Outcome, cases, files, observed};
use expect::{Expectation, Style};
use support::source;

#[test]
fn every_case_has_its_verdict() {
    let mut wrong = Vec::new();
    for file in files("cases", "txt") {
        for case in cases(&file) {
            for outcome in &case.outcomes {
                let found = verdict(&case, outcome);
                if found != expected(outcome) {
                    let title = &case.title;
                    let expected = expected(outcome);
                    let output = outcome.lines.join("\n  ");
                    wrong.push(format!(
                        "{title}\n  {output}\nexpected {expected}\n   \
                         found {found}\n"
                    ));
                }
            }
            assert!(!case.outcomes.is_empty(), "{}", case.title);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn expected(outcome: &Outcome) -> String {
    match outcome.verdict.as_str() {
        "error" => format!("error\n  {}", outcome.lines.join("\n  ")),
        other => other.to_string(),
    }
}

fn verdict(case: &Case, outcome: &Outcome) -> String {
    let expectation = match Expectation::parse(&source(&case.source)) {
        Ok(expectation) => expectation,
        Err(errors) => {
            let errors = errors.iter().map(|error| format!("\n  {error}"));
            return format!("error{}", errors.collect::<String>());
        }
    };
    let observed = observed(&outcome.lines);
    match expectation.compare(&observed) {
        Ok(_) => "match".to_string(),
        Err(report) => {
            assert!(!report.headline().is_empty());
            assert!(!report.render(&Style::default()).is_empty());
            let faults: Vec<String> = report
                .faults
                .iter()
                .map(|fault| match fault.source_line {
                    Some(line) => format!("{:?} {line}", fault.kind),
                    None => format!("{:?}", fault.kind),
                })
                .collect();
            faults.join(", ")
        }
    }
}
