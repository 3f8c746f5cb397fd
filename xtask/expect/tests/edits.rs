//! One change of the output is told as one fault, wherever it is made.

mod support;

use expect::{Expectation, FaultKind};
use support::{printed, source};

/// Every kind of section, each beside each other; no line twice.
const SOURCE: &str = "\
main: start
main: two blocks
@lanes
ann: one
ann: two
bob: one
ann: three
bob: two
@end
@any
task 1: done
task 2: done
task 3: done
@end
main: half
@any
worker {:int 0..9}: idle
worker {:int 0..9}: idle
job {:word} ended
@end
@lanes
cid: {:int} left
cid: gone
dan: {:int} left
dan: gone
@end
main: total {:int}
main: end";

/// An output that matches, and the line of the source each line belongs to.
const OUTPUT: [(&str, usize); 18] = [
    ("main: start", 1),
    ("main: two blocks", 2),
    ("bob: one", 6),
    ("ann: one", 4),
    ("ann: two", 5),
    ("bob: two", 8),
    ("ann: three", 7),
    ("task 3: done", 13),
    ("task 1: done", 11),
    ("task 2: done", 12),
    ("main: half", 15),
    ("worker 4: idle", 17),
    ("job seven ended", 19),
    ("cid: 3 left", 22),
    ("dan: 2 left", 24),
    ("dan: gone", 25),
    ("cid: gone", 23),
    ("main: total 5", 27),
];

/// The output, whole.
fn output() -> Vec<(String, usize)> {
    let lines = OUTPUT.map(|(text, line)| (text.to_string(), line));
    let mut lines = lines.to_vec();
    lines.insert(13, ("worker 7: idle".to_string(), 18));
    lines.push(("main: end".to_string(), 28));
    lines
}

/// The faults of an output, each with the line it is about.
fn faults(output: &[(String, usize)]) -> Vec<(FaultKind, Option<usize>)> {
    let expectation = Expectation::parse(&source(SOURCE.lines()));
    let expectation = expectation.expect("it parses");
    let texts = output.iter().map(|(text, _)| text);
    match expectation.compare(&printed(texts)) {
        Ok(_) => Vec::new(),
        Err(report) => {
            let faults = report.faults.iter();
            faults.map(|fault| (fault.kind, fault.source_line)).collect()
        }
    }
}

#[test]
fn it_matches() {
    assert_eq!(faults(&output()), []);
}

#[test]
fn a_line_left_out() {
    for at in 0..output().len() {
        let mut output = output();
        let (text, line) = output.remove(at);
        // Which of two workers alike is missing is open.
        let line = if line == 17 { 18 } else { line };
        let expected = [(FaultKind::Missing, Some(line))];
        assert_eq!(faults(&output), expected, "without {text}");
    }
}

#[test]
fn a_line_too_much() {
    for at in 0..=output().len() {
        for text in ["nobody: hello", "", "ann: four", "main: what"] {
            let mut output = output();
            output.insert(at, (text.to_string(), 0));
            let faults = faults(&output);
            assert_eq!(faults, [(FaultKind::Extra, None)], "{text} at {at}");
        }
    }
}

#[test]
fn a_line_again() {
    for at in 0..output().len() {
        for from in 0..output().len() {
            let mut output = output();
            let (text, line) = output[from].clone();
            output.insert(at, (text.clone(), line));
            let faults = faults(&output);
            let [(kind, found)] = faults[..] else {
                panic!("{text} again at {at}: {faults:?}");
            };
            assert_eq!(kind, FaultKind::Repeated, "{text} again at {at}");
            let workers = [Some(17), Some(18)];
            let alike = workers.contains(&found) && matches!(line, 17 | 18);
            assert!(found == Some(line) || alike, "{text} again at {at}");
        }
    }
}

#[test]
fn a_line_elsewhere() {
    let mut moved = 0;
    for from in 0..output().len() {
        for to in 0..output().len() {
            let mut output = output();
            let line = output.remove(from);
            output.insert(to, line.clone());
            let faults = faults(&output);
            let (kinds, lines): (Vec<_>, Vec<_>) = faults.into_iter().unzip();
            let one = [FaultKind::OutOfOrder];
            assert!(
                kinds.is_empty() || kinds == one,
                "{} at {to}: {kinds:?} {lines:?}",
                line.0
            );
            moved += kinds.len();
        }
    }
    assert!(moved > 200, "{moved}");
}

#[test]
fn a_line_changed() {
    for at in 0..output().len() {
        let mut output = output();
        output[at].0.push_str(" now");
        let line = output[at].1;
        let line = if line == 17 { 18 } else { line };
        let expected = [(FaultKind::Changed, Some(line))];
        assert_eq!(faults(&output), expected, "{}", output[at].0);
    }
}
