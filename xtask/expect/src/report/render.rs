//! The layout of a report.

use crate::observed::Stream;
use crate::report::outcome::{Fault, FaultKind, Report, TranscriptLine};
use crate::report::outcome::{Row, RowKind};
use crate::report::style::Role;
use crate::report::style::Style;
use crate::report::text::{counted, part, shortened, visible};

/// As many faults are told, and as many of one kind in a row.
const MOST_FAULTS: usize = 12;
const MOST_ALIKE: usize = 5;
/// As many characters of a line are shown.
const MOST_CHARS: usize = 200;

impl Report {
    /// The report in one line: the most telling fault.
    pub fn headline(&self) -> String {
        let groups = grouped(&self.faults);
        let Some((first, after)) = groups.first() else {
            return String::new();
        };
        let sentence = sentence(first, *after);
        match self.faults.len() - 1 - after {
            0 => sentence,
            more => format!("{sentence} (and {})", counted(more, "more fault")),
        }
    }

    /// The whole report.
    pub fn render(&self, style: &Style) -> String {
        let mut out = String::new();
        faults(self, 0, style, &mut out);
        self.render_output(style, &mut out);
        out
    }

    /// What the headline does not say: the other faults, and the output.
    pub fn below_headline(&self, style: &Style) -> String {
        let mut out = String::new();
        faults(self, 1, style, &mut out);
        self.render_output(style, &mut out);
        out.trim_start_matches('\n').to_string()
    }

    fn render_output(&self, style: &Style, out: &mut String) {
        let rows = &self.details.rows;
        if !rows.is_empty() {
            heading(&legend(rows), style, out);
            diff(rows, style, out);
        }
        transcript(self, style, out);
    }
}

fn heading(text: &str, style: &Style, out: &mut String) {
    out.push('\n');
    out.push_str(&style.paint(Role::Heading, text));
    out.push('\n');
}

/// What the marks in the diff mean, of those that are in it.
fn legend(rows: &[Row]) -> String {
    let marks = [
        (RowKind::Missing, "- not printed here"),
        (RowKind::Printed, "+ not expected here"),
        (RowKind::Flagged, "! see above"),
    ];
    let used = marks
        .into_iter()
        .filter(|(kind, _)| rows.iter().any(|row| row.kind == *kind));
    let used: Vec<&str> = used.map(|(_, meaning)| meaning).collect();
    format!("in the expected order ({})", used.join(", "))
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// The faults, without the first groups of them.
fn faults(report: &Report, skip: usize, style: &Style, out: &mut String) {
    let groups = grouped(&report.faults);
    let groups = groups.get(skip..).unwrap_or_default();
    let width = groups.iter().map(|(f, _)| f.kind.name().len()).max();
    let width = width.unwrap_or(0);
    let (mut told, mut alike) = (0, 0);
    let mut last = None;
    for (fault, more) in groups {
        alike = if last == Some(fault.kind) { alike + 1 } else { 0 };
        last = Some(fault.kind);
        if told == MOST_FAULTS || alike >= MOST_ALIKE {
            continue;
        }
        told += 1;
        let kind = format!("{:width$}", fault.kind);
        let kind = style.paint(Role::Bad, &kind);
        let place = match (&report.details.file, fault.source_line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (None, Some(line)) => format!("line {line}: "),
            (_, None) => String::new(),
        };
        let sentence = sentence(fault, *more);
        line(out, &format!("{kind}  {place}{sentence}"));
    }
    if told < groups.len() {
        let more = format!("… {} more", groups.len() - told);
        line(out, &style.paint(Role::Faint, &more));
    }
}

/// A fault, and how many like it follow.
fn sentence(fault: &Fault, more: usize) -> String {
    let message = visible(&fault.message);
    match more {
        0 => message,
        1 => format!("{message}, nor the line after it"),
        more => format!("{message}, nor the {more} lines after it"),
    }
}

/// The faults, with how many like it follow each: lines missing in a row are
/// told as one.
fn grouped(faults: &[Fault]) -> Vec<(&Fault, usize)> {
    let mut groups: Vec<(&Fault, usize)> = Vec::new();
    for fault in faults {
        match groups.last_mut() {
            Some((first, more)) if follows(first, *more, fault) => *more += 1,
            _ => groups.push((fault, 0)),
        }
    }
    groups
}

fn follows(first: &Fault, more: usize, fault: &Fault) -> bool {
    let missing = FaultKind::Missing;
    first.kind == missing
        && fault.kind == missing
        && first.source_line.map(|l| l + more + 1) == fault.source_line
}

fn diff(rows: &[Row], style: &Style, out: &mut String) {
    let numbers = rows.iter().filter_map(|row| row.source_line);
    let width = numbers.max().unwrap_or(0).to_string().len();
    for row in rows {
        let number =
            row.source_line.map_or_else(String::new, |n| n.to_string());
        let (mark, role) = match row.kind {
            RowKind::Matched => (' ', Role::Faint),
            RowKind::LeftOut => (' ', Role::Faint),
            RowKind::Flagged => ('!', Role::Bad),
            RowKind::Missing => ('-', Role::Bad),
            RowKind::Printed => ('+', Role::Printed),
        };
        let (text, caret) = cut(row);
        let text = marked(mark, &text);
        let text = style.paint(role, &text);
        let note = match row.note.as_str() {
            "" => String::new(),
            note => {
                style.paint(Role::Faint, &format!("   ({})", visible(note)))
            }
        };
        line(out, &format!("  {number:>width$} {text}{note}"));
        if let Some((before, length)) = caret {
            let carets = "^".repeat(length);
            let carets = style.paint(Role::Printed, &carets);
            line(out, &format!("  {:width$}   {:before$}{carets}", "", ""));
        }
    }
}

/// The text of a row, and where to put how many carets below it. A long text
/// is cut, but not where it differs.
fn cut(row: &Row) -> (String, Option<(usize, usize)>) {
    if row.kind == RowKind::LeftOut {
        return (row.text.clone(), None);
    }
    let Some(differs) = &row.differs else {
        return (shortened(&row.text, 0, MOST_CHARS), None);
    };
    let text = row.text.as_str();
    let mut start = 0;
    if text[..differs.end].chars().count() > MOST_CHARS {
        let before = text[..differs.start].char_indices().rev();
        start = before.take(40).last().map_or(0, |(at, _)| at);
    }
    let before = part(text, start..differs.start).chars().count();
    let before = before + usize::from(start > 0);
    let length = part(text, differs.clone()).chars().count();
    let length = length.clamp(1, MOST_CHARS);
    (shortened(text, start, MOST_CHARS), Some((before, length)))
}

/// The text behind its mark, without blanks where there is nothing.
fn marked(mark: char, text: &str) -> String {
    format!("{mark} {text}").trim_end().to_string()
}

fn transcript(report: &Report, style: &Style, out: &mut String) {
    let transcript = &report.details.transcript;
    if transcript.head.is_empty() {
        return heading("no output", style, out);
    }
    heading("output as it arrived", style, out);
    let all = transcript.head.iter().chain(&transcript.tail);
    let width = |of: &dyn Fn(&TranscriptLine) -> u128| {
        all.clone().map(of).max().unwrap_or(0).to_string().len()
    };
    let number_width = width(&|line| line.number as u128);
    let time_width = width(&|line| line.line.at.as_millis());
    let speakers = all.clone().filter_map(|line| line.speaker.as_deref());
    let speaker_width = speakers.map(str::len).max();
    let show = |out: &mut String, shown: &TranscriptLine| {
        let TranscriptLine { number, line: output, expected, .. } = shown;
        let mark = if *expected { ' ' } else { '+' };
        let role = match (output.stream, expected) {
            (Stream::Stderr, _) => Role::Bad,
            (Stream::Stdout, false) => Role::Printed,
            (Stream::Stdout, true) => Role::Plain,
        };
        let speaker = speaker_width.map_or_else(String::new, |width| {
            let speaker = shown.speaker.as_deref().unwrap_or_default();
            format!("{speaker:width$} ")
        });
        let stamp = format!(
            "{number:>number_width$} {} {speaker}{:>time_width$} ms",
            output.stream,
            output.at.as_millis()
        );
        let stamp = style.paint(Role::Faint, &stamp);
        let text = shortened(&output.text, 0, MOST_CHARS);
        let text = style.paint(role, &marked(mark, &text));
        let gap = if text.is_empty() { "" } else { " " };
        line(out, &format!("  {stamp}{gap}{text}"));
    };
    for shown in &transcript.head {
        show(out, shown);
    }
    if transcript.left_out > 0 {
        let left = counted(transcript.left_out, "line");
        let left = format!("  … {left} left out");
        line(out, &style.paint(Role::Faint, &left));
    }
    for shown in &transcript.tail {
        show(out, shown);
    }
}
