//! What is said when a run does not match.

use std::fmt;
use std::ops::Range;

use crate::observed::OutputLine;

/// Why a run does not match its expectation.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What is wrong, in the order of telling. Never empty.
    pub faults: Vec<Fault>,
    /// Were there rules about who speaks, and nothing seen to check them by?
    pub speakers_unseen: bool,
    pub(super) details: Box<Details>,
}

/// What the whole report shows below the faults.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Details {
    /// Where the expectation stands.
    pub(super) file: Option<String>,
    pub(super) rows: Vec<Row>,
    pub(super) transcript: Transcript,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of thing.
    pub kind: FaultKind,
    /// The line of the expectation it is about, as a number in its file.
    pub source_line: Option<usize>,
    /// What happened, in words.
    pub message: String,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultKind {
    /// An expected line was not printed.
    Missing,
    /// A line was printed that nothing expects.
    Extra,
    /// A line was printed more often than expected.
    Repeated,
    /// A line was printed in the place of one much like it.
    Changed,
    /// A line came too early or too late.
    OutOfOrder,
    /// A rule `@before` does not hold.
    BeforeBroken,
    /// A number is not in its range.
    OutOfRange,
    /// Holes of one name stand for different texts, or two names of type
    /// `pid` for one.
    NameClash,
    /// The program ended otherwise than expected.
    Ending,
    /// Something was written to standard error.
    Stderr,
    /// The program did not end in time.
    TimeOut,
    /// An actor is not the thread or the process that it is to be.
    Speaker,
    /// Too few or too many threads or processes were alive at one time.
    Peak,
    /// Something was left behind.
    Leak,
    /// The output is broken as a stream.
    Stream,
    /// The expectation leaves too many ways open to decide.
    TooHard,
}

impl FaultKind {
    /// What the kind is called in a report.
    pub fn name(self) -> &'static str {
        match self {
            FaultKind::Missing => "missing",
            FaultKind::Extra => "extra",
            FaultKind::Repeated => "repeated",
            FaultKind::Changed => "changed",
            FaultKind::OutOfOrder => "out of order",
            FaultKind::BeforeBroken => "rule broken",
            FaultKind::OutOfRange => "out of range",
            FaultKind::NameClash => "name clash",
            FaultKind::Ending => "ending",
            FaultKind::Stderr => "stderr",
            FaultKind::TimeOut => "time-out",
            FaultKind::Speaker => "speaker",
            FaultKind::Peak => "peak",
            FaultKind::Leak => "leak",
            FaultKind::Stream => "stream",
            FaultKind::TooHard => "too hard",
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Report {
    /// Names the file of the expectation, so that the report can say
    /// `FILE:LINE`.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.details.file = Some(file.into());
        self
    }

    /// The line of the expectation the headline is about.
    pub fn source_line(&self) -> Option<usize> {
        self.faults.first()?.source_line
    }
}

/// A row of the diff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The line of the expectation, as a number in its file.
    pub(super) source_line: Option<usize>,
    pub(super) kind: RowKind,
    pub(super) text: String,
    /// What there is to say about it.
    pub(super) note: String,
    /// The part of the text that is not as expected.
    pub(super) differs: Option<Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A matched line, or a directive.
    Matched,
    /// A matched line that takes part in a fault.
    Flagged,
    /// An expected line that was not printed.
    Missing,
    /// A line that was printed, and is not expected here.
    Printed,
    /// Rows left out, told in `text`.
    LeftOut,
}

impl Row {
    pub(super) fn new(
        source_line: Option<usize>,
        kind: RowKind,
        text: &str,
    ) -> Self {
        let (text, note) = (text.to_string(), String::new());
        Row { source_line, kind, text, note, differs: None }
    }
}

/// The output as it arrived, without the middle if it is long.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Transcript {
    pub(super) head: Vec<TranscriptLine>,
    pub(super) left_out: usize,
    pub(super) tail: Vec<TranscriptLine>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct TranscriptLine {
    /// Its place in the output, from 1.
    pub(super) number: usize,
    pub(super) line: OutputLine,
    /// Was it expected?
    pub(super) expected: bool,
    /// Who wrote it, where that is told.
    pub(super) speaker: Option<String>,
}

impl Transcript {
    /// As many lines are shown at the start and at the end of long output.
    const HEAD: usize = 40;
    const TAIL: usize = 20;

    pub(super) fn of(
        lines: &[OutputLine],
        show: impl Fn(usize, &OutputLine) -> TranscriptLine,
    ) -> Self {
        let take = |range: Range<usize>| {
            range.map(|index| show(index + 1, &lines[index])).collect()
        };
        let count = lines.len();
        if count <= Self::HEAD + Self::TAIL + 1 {
            let (head, tail) = (take(0..count), Vec::new());
            return Transcript { head, left_out: 0, tail };
        }
        Transcript {
            head: take(0..Self::HEAD),
            left_out: count - Self::HEAD - Self::TAIL,
            tail: take(count - Self::TAIL..count),
        }
    }
}
