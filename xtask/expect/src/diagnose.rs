//! From a run to the verdict, and to the report if it does not match.

use std::collections::HashMap;
use std::time::Duration;

use super::align::Alignment;
use super::diff;
use super::observed::{Ending, Observed, OutputLine, Stream};
use super::report::{Fault, FaultKind, Report, Transcript};
use super::text::{counted, quoted};
use super::{Expectation, Matched, SectionKind, clashes, leftovers};

/// What was found out about the lines of standard output.
pub(super) struct Findings<'o> {
    pub(super) faults: Vec<Fault>,
    /// What the report says beside a pattern and its line.
    pub(super) patterns: HashMap<usize, PatternNote>,
    /// What the report says beside a line that has no pattern.
    pub(super) lines: HashMap<usize, String>,
    /// The pattern a line was meant for, if it did not match it.
    pub(super) meant_for: HashMap<usize, usize>,
    /// The place of each line of standard output in all output, from 1.
    arrival: &'o [usize],
}

/// What became of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PatternNote {
    /// It was matched, and there is something to say about it.
    Flagged(String),
    /// It was not matched.
    Missing(String),
    /// It was not matched, but this line was meant for it.
    Replaced(usize, String),
}

impl Findings<'_> {
    /// Where a line is found in the output.
    pub(super) fn output(&self, line: usize) -> String {
        format!("output {}", self.arrival[line])
    }

    /// The same for several lines.
    pub(super) fn outputs(&self, lines: &[usize]) -> String {
        let told = lines.iter().take(4);
        let told: Vec<String> =
            told.map(|line| self.arrival[*line].to_string()).collect();
        let more = if lines.len() > told.len() { ", …" } else { "" };
        format!("output {}{more}", told.join(", "))
    }

    pub(super) fn flag(&mut self, pattern: usize, line: usize, note: String) {
        let note = format!("{}: {note}", self.output(line));
        self.patterns.insert(pattern, PatternNote::Flagged(note));
    }

    pub(super) fn missing(&mut self, pattern: usize, note: String) {
        self.patterns.insert(pattern, PatternNote::Missing(note));
    }

    pub(super) fn extra(&mut self, line: usize, note: String) {
        self.lines.insert(line, note);
    }

    pub(super) fn replaced(
        &mut self,
        pattern: usize,
        line: usize,
        note: String,
    ) {
        self.meant_for.insert(line, pattern);
        self.patterns.insert(pattern, PatternNote::Replaced(line, note));
    }
}

/// Compares a run with what was expected.
pub(super) fn compare(
    expectation: &Expectation,
    observed: &Observed,
) -> Result<Matched, Report> {
    let (mut texts, mut arrival) = (Vec::new(), Vec::new());
    for (index, line) in observed.lines.iter().enumerate() {
        if line.stream == Stream::Stdout {
            texts.push(line.text.as_str());
            arrival.push(index + 1);
        }
    }
    let mut findings = Findings {
        faults: Vec::new(),
        patterns: HashMap::new(),
        lines: HashMap::new(),
        meant_for: HashMap::new(),
        arrival: &arrival,
    };
    let mut alignment = expectation.align(&texts);
    if alignment.is_perfect() {
        clashes::check(expectation, &texts, &mut alignment, &mut findings);
    } else {
        leftovers::check(expectation, &texts, &alignment, &mut findings);
        clashes::check_known(expectation, &texts, &alignment, &mut findings);
    }
    let faults = faults(expectation, observed, &alignment, &mut findings);
    if faults.is_empty() {
        let order = alignment.pattern_of.into_iter().flatten().collect();
        return Ok(Matched { order });
    }
    let rows = diff::rows(expectation, &texts, &alignment, &findings);
    let transcript = Transcript::of(&observed.lines, |line| {
        let stdout = arrival.binary_search(&(line + 1)).ok();
        stdout.is_some_and(|line| alignment.pattern_of[line].is_none())
    });
    Err(Report::new(faults, rows, transcript))
}

/// All faults, in the order of telling.
fn faults(
    expectation: &Expectation,
    observed: &Observed,
    alignment: &Alignment,
    findings: &mut Findings<'_>,
) -> Vec<Fault> {
    let mut faults = Vec::new();
    let expected = &expectation.settings.ending;
    if let Ending::TimedOut(limit) = observed.ending {
        faults.push(time_out(expectation, observed, alignment, limit));
    } else if observed.ending != *expected {
        let mut message =
            format!("ended with {}, expected {expected}", observed.ending);
        if let Some(line) = telling_line(&observed.lines) {
            message = format!("{message}; stderr: {}", quoted(&line));
        }
        let source_line = expectation.ending_line;
        let kind = FaultKind::Ending;
        faults.push(Fault { kind, source_line, message });
    }
    let plain =
        |kind, message: String| Fault { kind, source_line: None, message };
    faults.append(&mut findings.faults);
    let notes = observed.notes.iter();
    faults.extend(notes.map(|note| plain(FaultKind::Stream, note.clone())));
    let on_stderr = |line: &&OutputLine| line.stream == Stream::Stderr;
    let stderr = observed.lines.iter().filter(on_stderr).count();
    if stderr > 0 && !expectation.settings.stderr_any {
        let lines = counted(stderr, "line");
        let mut message = format!("{lines} on stderr, expected none");
        let told = faults.iter().any(|f| f.kind == FaultKind::Ending);
        if let (Some(line), false) = (telling_line(&observed.lines), told) {
            message = format!("{message}: {}", quoted(&line));
        }
        faults.push(plain(FaultKind::Stderr, message));
    }
    let leaks = observed.leaks.iter();
    faults
        .extend(leaks.map(|leak| {
            plain(FaultKind::Leak, format!("left behind: {leak}"))
        }));
    faults
}

fn time_out(
    expectation: &Expectation,
    observed: &Observed,
    alignment: &Alignment,
    limit: Duration,
) -> Fault {
    let on_stdout =
        |(_, line): &(usize, &OutputLine)| line.stream == Stream::Stdout;
    let last = observed.lines.iter().enumerate().rfind(on_stdout);
    let printed = match last {
        Some((index, line)) => format!(
            "last printed: {} (output {}, after {} ms)",
            quoted(&line.text),
            index + 1,
            line.at.as_millis()
        ),
        None => "nothing was printed".to_string(),
    };
    let awaited = awaited(expectation, alignment);
    let told: Vec<String> = awaited
        .iter()
        .take(3)
        .map(|pattern| {
            let line = &expectation.patterns[*pattern];
            format!("{} (line {})", quoted(&line.text), line.source_line)
        })
        .collect();
    let next = match (told.as_slice(), awaited.len() - told.len()) {
        ([], _) => "all that is expected was printed".to_string(),
        (told, 0) => format!("awaited next: {}", told.join(" or ")),
        (told, more) => {
            format!("awaited next: {} or {more} others", told.join(", "))
        }
    };
    let first = awaited.first();
    Fault {
        kind: FaultKind::TimeOut,
        source_line: first.map(|p| expectation.patterns[*p].source_line),
        message: format!("timed out after {limit:?}; {printed}; {next}"),
    }
}

/// The patterns any of which could have come next.
fn awaited(expectation: &Expectation, alignment: &Alignment) -> Vec<usize> {
    let missing = |pattern: &usize| alignment.line_of[*pattern].is_none();
    for section in &expectation.sections {
        let mut patterns = section.patterns.clone().filter(missing).peekable();
        if patterns.peek().is_none() {
            continue;
        }
        return match section.kind {
            SectionKind::Exact => patterns.take(1).collect(),
            SectionKind::Any => patterns.collect(),
            SectionKind::Lanes => {
                let mut actors = HashMap::new();
                for pattern in patterns {
                    let line = &expectation.patterns[pattern];
                    actors.entry(line.pattern.actor()).or_insert(pattern);
                }
                let mut first: Vec<usize> = actors.into_values().collect();
                first.sort_unstable();
                first
            }
        };
    }
    Vec::new()
}

/// The line of standard error that says most: the message of a panic, or the
/// last line of a traceback.
fn telling_line(lines: &[OutputLine]) -> Option<String> {
    let on_stderr = lines.iter().filter(|l| l.stream == Stream::Stderr);
    let texts: Vec<&str> = on_stderr.map(|l| l.text.as_str()).collect();
    let blank = |text: &&&str| text.trim().is_empty();
    if let Some(at) = texts.iter().position(|t| t.contains("panicked at ")) {
        let message = texts.get(at + 1).copied().unwrap_or_default();
        return Some(format!("{} {message}", texts[at]));
    }
    if texts.iter().any(|text| text.starts_with("Traceback (")) {
        return texts.iter().rfind(|t| !blank(t)).map(|t| t.to_string());
    }
    texts.iter().find(|t| !blank(t)).map(|t| t.to_string())
}
