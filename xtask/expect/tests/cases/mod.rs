//! Fixtures: files of cases, each an expectation with outputs and verdicts.
//!
//! ```text
//! ==== the title of a case
//! main: ready
//! @exit 3
//! ---- match
//! main: ready
//! \exit 3
//! ---- Missing 1, Ending 2
//! ```
//!
//! A verdict is `match`, `error` with the errors below it, or the kinds of the
//! faults, each with the line of the expectation it is about. Output is taken
//! as it stands, but for `\exit N`, `\signal NAME`, `\timeout MS`,
//! `\stderr TEXT`, `\leak TEXT`, `\note TEXT`, and `<ESC>`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use expect::{Ending, Observed, OutputLine, Stream};

use super::support::printed;

/// An expectation, and what is to come of it.
pub(crate) struct Case {
    pub(crate) title: String,
    pub(crate) source: Vec<String>,
    pub(crate) outcomes: Vec<Outcome>,
}

/// An output, and the verdict on it.
pub(crate) struct Outcome {
    pub(crate) verdict: String,
    pub(crate) lines: Vec<String>,
}

/// Where the fixtures are.
pub(crate) fn fixtures(folder: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join("tests/golden").join(folder)
}

/// The files of a folder of fixtures that end like this, in order.
pub(crate) fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(fixtures(folder)).expect("a folder");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty());
    files
}

/// The cases of a file.
pub(crate) fn cases(file: &Path) -> Vec<Case> {
    let text = fs::read_to_string(file).expect("a text");
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("==== ") {
            let last = cases.last_mut().and_then(|c| c.outcomes.last_mut());
            if let Some(last) = last {
                // The blank line between two cases.
                assert_eq!(last.lines.pop().as_deref(), Some(""), "{title}");
            }
            let title = format!("{}: {title}", file.display());
            let (source, outcomes) = (Vec::new(), Vec::new());
            cases.push(Case { title, source, outcomes });
            continue;
        }
        let case = cases.last_mut().expect("a case begins with ====");
        if let Some(verdict) = line.strip_prefix("---- ") {
            let (verdict, lines) = (verdict.to_string(), Vec::new());
            case.outcomes.push(Outcome { verdict, lines });
        } else if let Some(outcome) = case.outcomes.last_mut() {
            outcome.lines.push(line.to_string());
        } else {
            case.source.push(line.to_string());
        }
    }
    cases
}

/// The run that such lines stand for.
pub(crate) fn observed(lines: &[String]) -> Observed {
    let mut observed = printed(Vec::<String>::new());
    for line in lines {
        let line = line.replace("<ESC>", "\x1b");
        let (word, rest) = match line.strip_prefix('\\') {
            Some(special) => special.split_once(' ').expect("a blank"),
            None => ("", line.as_str()),
        };
        let rest = rest.to_string();
        match word {
            "" => push(&mut observed, Stream::Stdout, rest),
            "stderr" => push(&mut observed, Stream::Stderr, rest),
            "exit" => {
                let status = rest.parse().expect("a status");
                observed.ending = Ending::Exit(status);
            }
            "signal" => observed.ending = Ending::Signal(rest),
            "timeout" => {
                let limit = rest.parse().expect("milliseconds");
                let limit = Duration::from_millis(limit);
                observed.ending = Ending::TimedOut(limit);
            }
            "leak" => observed.leaks.push(rest),
            "note" => observed.notes.push(rest),
            other => panic!("unknown special line \\{other}"),
        }
    }
    observed
}

fn push(observed: &mut Observed, stream: Stream, text: String) {
    let at = Duration::from_millis(observed.lines.len() as u64);
    observed.lines.push(OutputLine { stream, at, text, spoken: None });
}
