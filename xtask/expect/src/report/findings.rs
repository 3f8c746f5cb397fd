//! What was found out about the lines of standard output.

use std::collections::HashMap;

use crate::report::outcome::Fault;

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

impl<'o> Findings<'o> {
    pub(super) fn new(arrival: &'o [usize]) -> Self {
        Findings {
            faults: Vec::new(),
            patterns: HashMap::new(),
            lines: HashMap::new(),
            meant_for: HashMap::new(),
            arrival,
        }
    }

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
