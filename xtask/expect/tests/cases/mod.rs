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
//!
//! Who speaks is seen if one of these lines is there: `\start WHO` and
//! `\end WHO` begin and end a thread or process there, `\by WHO TEXT` is a
//! line that it wrote, `\by ? TEXT` one of which that was not seen; lines
//! without it are the main thread's. `t1` is a thread of the first process,
//! `p1` another process, `p1.t2` a thread of that; each starts with its first
//! line if it is not started before.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use expect::{Cast, Ending, Life, Observed, OutputLine, Spoken, Stream};

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

/// The threads of a run, by their names in a fixture.
struct Seen {
    names: Vec<String>,
    cast: Cast,
    now: u64,
}

impl Seen {
    fn new() -> Self {
        let mut seen = Seen {
            names: Vec::new(),
            cast: Cast { lives: Vec::new() },
            now: 0,
        };
        seen.find("main");
        seen
    }

    /// The index of a thread, which begins now if it is new.
    fn find(&mut self, name: &str) -> usize {
        if let Some(at) = self.names.iter().position(|known| known == name) {
            return at;
        }
        let (process, initial) = match name.split_once('.') {
            Some((process, _)) => {
                let process = self.find(process);
                (self.cast.lives[process].process, false)
            }
            None if name.starts_with('p') => {
                let last = self.cast.lives.iter().map(|life| life.process);
                (last.max().expect("there is main") + 1, true)
            }
            None => (0, name == "main"),
        };
        let id = u32::try_from(100 + self.names.len()).expect("it is small");
        let pid = 100 + u32::try_from(process).expect("it is small");
        self.names.push(name.to_string());
        self.cast.lives.push(Life {
            process,
            initial,
            pid,
            tid: id,
            begun: self.now,
            ended: None,
        });
        self.names.len() - 1
    }

    fn speak(&mut self, name: &str) -> Option<Spoken> {
        (name != "?").then(|| Spoken { by: self.find(name), when: self.now })
    }
}

/// The run that such lines stand for.
pub(crate) fn observed(lines: &[String]) -> Observed {
    let mut observed = printed(Vec::<String>::new());
    let mut seen = Seen::new();
    let mut is_seen = false;
    for line in lines {
        seen.now += 1;
        let line = line.replace("<ESC>", "\x1b");
        let (word, rest) = match line.strip_prefix('\\') {
            Some(special) => special.split_once(' ').expect("a blank"),
            None => ("", line.as_str()),
        };
        let rest = rest.to_string();
        match word {
            "" => {
                let spoken = seen.speak("main");
                push(&mut observed, Stream::Stdout, rest, spoken);
            }
            "stderr" => push(&mut observed, Stream::Stderr, rest, None),
            "by" => {
                is_seen = true;
                let (who, text) = rest.split_once(' ').expect("a text");
                let spoken = seen.speak(who);
                push(&mut observed, Stream::Stdout, text.to_string(), spoken);
            }
            "start" => {
                is_seen = true;
                seen.find(&rest);
            }
            "end" => {
                is_seen = true;
                let life = seen.find(&rest);
                seen.cast.lives[life].ended = Some(seen.now);
            }
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
    if is_seen {
        observed.cast = Some(seen.cast);
    } else {
        observed.lines.iter_mut().for_each(|line| line.spoken = None);
    }
    observed
}

fn push(
    observed: &mut Observed,
    stream: Stream,
    text: String,
    spoken: Option<Spoken>,
) {
    let at = Duration::from_millis(observed.lines.len() as u64);
    observed.lines.push(OutputLine { stream, at, text, spoken });
}
