//! From a run to the verdict, and to the report if it does not match.

use std::collections::HashMap;
use std::time::Duration;

use crate::expectation::{Expectation, Matched, SectionKind};
use crate::matching::alignment::Alignment;
use crate::observed::{Cast, Ending, Observed, OutputLine, Stream};
use crate::report::findings::Findings;
use crate::report::outcome::{
    Details, Fault, FaultKind, Report, Transcript, TranscriptLine,
};
use crate::report::text::{counted, quoted};
use crate::report::{clashes, diff, leftovers, speakers};

/// As many lines are looked at that are more than were expected.
const MOST_TOO_MUCH: usize = 50_000;

impl Expectation {
    /// Does the run match? Otherwise the report says why not.
    pub fn compare(&self, observed: &Observed) -> Result<Matched, Report> {
        let (mut texts, mut arrival, mut beyond) = (Vec::new(), Vec::new(), 0);
        for (index, line) in observed.lines.iter().enumerate() {
            if line.stream == Stream::Stderr {
                continue;
            }
            if texts.len() < self.patterns.len() + MOST_TOO_MUCH {
                texts.push(line.text.as_str());
                arrival.push(index + 1);
            } else {
                beyond += 1;
            }
        }
        let mut findings = Findings::new(&arrival);
        let mut alignment = self.align(&texts);
        if let Some(source_line) = alignment.too_hard {
            findings.faults.push(too_hard(source_line));
        } else if alignment.is_perfect() {
            clashes::check(self, &texts, &mut alignment, &mut findings);
        } else {
            leftovers::check(self, &texts, &alignment, &mut findings);
            clashes::check_known(self, &texts, &alignment, &mut findings);
        }
        if beyond > 0 {
            let lines = counted(beyond, "more line");
            let message = format!("{lines} printed, and not looked at");
            let kind = FaultKind::Extra;
            findings.faults.push(Fault { kind, source_line: None, message });
        }
        let pattern_at = |output: usize| {
            let line = arrival.binary_search(&output).ok()?;
            alignment.pattern_of[line]
        };
        let rules = !self.speakers.is_empty() || !self.peaks.is_empty();
        let speakers_unseen = rules && observed.cast.is_none();
        if let Some(cast) = &observed.cast {
            let is_known = |output| pattern_at(output).is_some();
            let breaches = self.breaches(observed, cast, is_known);
            let told = breaches.iter().map(|b| speakers::fault(b, cast));
            findings.faults.extend(told);
        }
        let faults = faults(self, observed, &alignment, &mut findings);
        if faults.is_empty() {
            let order = alignment.pattern_of.into_iter().flatten().collect();
            return Ok(Matched { order, speakers_unseen });
        }
        let rows = diff::rows(self, &texts, &alignment, &findings);
        let cast = observed.cast.as_ref().filter(|_| {
            let of_speakers = [FaultKind::Speaker, FaultKind::Peak];
            faults.iter().any(|fault| of_speakers.contains(&fault.kind))
        });
        let show = |number: usize, line: &OutputLine| TranscriptLine {
            number,
            line: line.clone(),
            expected: line.stream == Stream::Stderr
                || pattern_at(number).is_some(),
            speaker: cast.map(|cast| speaker(line, cast)),
        };
        let transcript = Transcript::of(&observed.lines, show);
        let details = Box::new(Details { file: None, rows, transcript });
        Err(Report { faults, speakers_unseen, details })
    }
}

/// Who wrote a line, as it stands in the raw output.
fn speaker(line: &OutputLine, cast: &Cast) -> String {
    match (line.spoken, line.stream) {
        (Some(spoken), _) => cast.name(spoken.by),
        (None, Stream::Stdout) => "?".to_string(),
        (None, Stream::Stderr) => String::new(),
    }
}

/// What is told of a block whose lines could be shared out in too many ways.
fn too_hard(source_line: usize) -> Fault {
    Fault {
        kind: FaultKind::TooHard,
        source_line: Some(source_line),
        message: "the `@shared` block leaves too many ways open to decide                   whether the output matches: make its lines differ in more                   than their holes"
            .to_string(),
    }
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
            SectionKind::Any | SectionKind::Shared => patterns.collect(),
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
    let mut texts = on_stderr.map(|line| line.text.as_str());
    let told = |text: &&str| !text.trim().is_empty();
    let is_panic = |text: &str| text.contains("panicked at ");
    if let Some(panic) = texts.clone().find(|text| is_panic(text)) {
        let after = texts.skip_while(|text| !is_panic(text)).nth(1);
        return Some(format!("{panic} {}", after.unwrap_or_default()));
    }
    let found = if texts.clone().any(|t| t.starts_with("Traceback (")) {
        texts.rfind(told)
    } else {
        texts.find(told)
    };
    found.map(str::to_string)
}
