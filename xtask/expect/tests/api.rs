//! What the runner asks of an expectation beyond the verdict.

mod support;

use std::time::Duration;

use expect::{Ending, Expectation, HoleType, SectionKind, Style};
use support::{printed, source};

const SOURCE: &str = "\
main: start
@any
worker {a:pid}: here  #here
worker {b:pid}: here  #here
@end
@lanes
ann: {:int 1..3} left
bob: done  #done
@end
@before here done
@timeout 1500ms
@signal TERM
@stderr any";

fn expectation() -> Expectation {
    Expectation::parse(&source(SOURCE.lines())).expect("it parses")
}

/// The order in which a run that ended as expected matched.
fn order(lines: [&str; 5]) -> Option<Vec<usize>> {
    let mut run = printed(lines);
    run.ending = Ending::Signal("TERM".to_string());
    expectation().compare(&run).ok().map(|matched| matched.order)
}

#[test]
fn settings() {
    let expectation = expectation();
    let settings = expectation.settings();
    assert_eq!(settings.ending, Ending::Signal("TERM".to_string()));
    assert_eq!(settings.timeout, Some(Duration::from_millis(1500)));
    assert!(settings.stderr_any);
    assert!(expectation.has_open_order());

    let plain = Expectation::parse(&source(["main: start"]));
    let plain = plain.expect("it parses");
    assert_eq!(plain.settings().ending, Ending::Exit(0));
    assert_eq!(plain.settings().timeout, None);
    assert!(!plain.settings().stderr_any);
    assert!(!plain.has_open_order());
}

#[test]
fn lines_and_sections_as_they_are_written() {
    let expectation = expectation();
    let sections: Vec<_> = expectation
        .sections()
        .iter()
        .map(|s| (s.kind, s.source_line, s.end_line, s.patterns.clone()))
        .collect();
    assert_eq!(
        sections,
        [
            (SectionKind::Exact, 1, 1, 0..1),
            (SectionKind::Any, 2, 5, 1..3),
            (SectionKind::Lanes, 6, 9, 3..5),
        ]
    );
    let patterns = expectation.patterns();
    assert_eq!(patterns[1].source_line, 3);
    assert_eq!(patterns[1].text, "worker {a:pid}: here");
    assert_eq!(patterns[1].labels, ["here"]);
    assert_eq!(patterns[1].pattern.holes()[0].kind, HoleType::Pid);
    assert!(patterns[1].pattern.matches("worker 12: here"));
    assert!(!patterns[1].pattern.matches("worker 12: here  #here"));
    assert_eq!(patterns[3].pattern.actor(), Some("ann"));
    assert_eq!(patterns[3].pattern.to_string(), "ann: {:int 1..3} left");
    let rule = &expectation.rules()[0];
    assert_eq!((rule.first.as_str(), rule.then.as_str()), ("here", "done"));
    assert_eq!(rule.source_line, 10);
}

#[test]
fn runs_that_interleave_alike_have_one_order() {
    let ann_first = [
        "main: start",
        "worker 7: here",
        "worker 8: here",
        "ann: 1 left",
        "bob: done",
    ];
    let mut other_pids = ann_first;
    other_pids[1..3].copy_from_slice(&["worker 20: here", "worker 3: here"]);
    let mut bob_first = ann_first;
    bob_first.swap(3, 4);
    assert_eq!(order(ann_first), Some(vec![0, 1, 2, 3, 4]));
    assert_eq!(order(other_pids), order(ann_first));
    assert_eq!(order(bob_first), Some(vec![0, 1, 2, 4, 3]));
}

#[test]
fn a_report_says_where() {
    let run = printed(["main: start"]);
    let report = expectation().compare(&run).expect_err("it fails");
    assert_eq!(report.source_line(), Some(12));
    let headline = report.headline();
    assert!(headline.starts_with("ended with exit 0, expected signal TERM"));
    let plain = report.render(&Style::default());
    assert!(plain.contains("line 12: ended with exit 0"), "{plain}");
    let report = report.in_file("a/b.rs").render(&Style::default());
    assert!(report.contains("a/b.rs:12: ended with exit 0"), "{report}");
}

#[test]
fn all_errors_are_told_at_once() {
    let faulty = ["@sometimes", "main: {:int", "@exit none"];
    let errors = Expectation::parse(&source(faulty)).expect_err("it fails");
    let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
    assert_eq!(lines, [1, 2, 3]);
    for error in errors {
        assert!(!error.message.is_empty() && !error.help.is_empty());
        let shown = error.to_string();
        assert!(shown.contains(&error.message), "{shown}");
        assert!(shown.ends_with(&error.help), "{shown}");
    }
}
