//! The expectation with what was printed beside it: matched lines as their
//! patterns, the others as they are.

use std::collections::HashMap;
use std::ops::Range;

use crate::expectation::{Expectation, Section, SectionKind};
use crate::language::pattern;
use crate::matching::alignment::Alignment;
use crate::report::findings::{Findings, PatternNote};
use crate::report::near;
use crate::report::outcome::{Row, RowKind};

/// As many matched lines are shown before and after a difference.
const CONTEXT: usize = 2;
/// As many rows are shown at the start and at the end of a long run of lines
/// not printed, or not expected.
const RUN_HEAD: usize = 6;
const RUN_TAIL: usize = 3;
/// As many rows are shown at the start and at the end of a long diff.
const HEAD: usize = 60;
const TAIL: usize = 20;

/// The rows, those that say nothing left out. None at all if each line is
/// matched and nothing is to be said of it.
pub(super) fn rows(
    expectation: &Expectation,
    lines: &[&str],
    alignment: &Alignment,
    findings: &Findings<'_>,
) -> Vec<Row> {
    let mut diff = Diff {
        expectation,
        lines,
        alignment,
        findings,
        after: HashMap::new(),
        rows: Vec::new(),
    };
    diff.place_extra_lines();
    diff.lines_after(Place::Start);
    for section in &expectation.sections {
        diff.section(section);
    }
    let told = |row: &Row| row.kind != RowKind::Matched;
    if !diff.rows.iter().any(told) {
        return Vec::new();
    }
    without_middle(without_runs(diff.rows))
}

/// Where a line that is not expected is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Start,
    After(usize),
    /// At the end of the block that ends with this line of the source.
    EndOf(usize),
}

struct Diff<'d> {
    expectation: &'d Expectation,
    lines: &'d [&'d str],
    alignment: &'d Alignment,
    findings: &'d Findings<'d>,
    after: HashMap<Place, Vec<usize>>,
    rows: Vec<Row>,
}

impl Diff<'_> {
    /// Each extra line goes after the line before it; in lanes, after the
    /// line before it of the same actor.
    fn place_extra_lines(&mut self) {
        let mut place = Place::Start;
        let mut lanes: HashMap<&str, usize> = HashMap::new();
        for (line, pattern) in self.alignment.pattern_of.iter().enumerate() {
            let actor = pattern::actor(self.lines[line]);
            let meant = self.findings.meant_for.get(&line);
            if let Some(pattern) = pattern.or(meant.copied()) {
                let section = self.expectation.section_of(pattern);
                place = match section.kind {
                    SectionKind::Exact => Place::After(pattern),
                    _ => Place::EndOf(section.end_line),
                };
                match (section.kind, actor) {
                    (SectionKind::Lanes, Some(actor)) => {
                        lanes.insert(actor, pattern);
                    }
                    _ => lanes.clear(),
                }
                continue;
            }
            let in_lane = actor.and_then(|actor| lanes.get(actor));
            let place = in_lane.map_or(place, |last| Place::After(*last));
            self.after.entry(place).or_default().push(line);
        }
    }

    fn lines_after(&mut self, place: Place) {
        for line in self.after.remove(&place).unwrap_or_default() {
            let note = self.findings.lines.get(&line);
            self.printed(line, note.cloned().unwrap_or_default(), None);
        }
    }

    fn printed(
        &mut self,
        line: usize,
        note: String,
        differs: Option<Range<usize>>,
    ) {
        let mut row = Row::new(None, RowKind::Printed, self.lines[line]);
        let output = self.findings.output(line);
        row.note = match note.as_str() {
            "" => output,
            note => format!("{output}: {note}"),
        };
        row.differs = differs;
        self.rows.push(row);
    }

    fn section(&mut self, section: &Section) {
        let directive =
            |line, text| Row::new(Some(line), RowKind::Matched, text);
        match section.kind {
            SectionKind::Exact => {}
            SectionKind::Any => {
                self.rows.push(directive(section.source_line, "@any"));
            }
            SectionKind::Lanes => {
                self.rows.push(directive(section.source_line, "@lanes"));
            }
            SectionKind::Shared => {
                self.rows.push(directive(section.source_line, "@shared"));
            }
        }
        for pattern in section.patterns.clone() {
            self.pattern(pattern);
            self.lines_after(Place::After(pattern));
        }
        if section.kind != SectionKind::Exact {
            self.lines_after(Place::EndOf(section.end_line));
            self.rows.push(directive(section.end_line, "@end"));
        }
    }

    fn pattern(&mut self, pattern: usize) {
        let line = &self.expectation.patterns[pattern];
        let source = Some(line.source_line);
        let note = self.findings.patterns.get(&pattern);
        let kind = match note {
            Some(PatternNote::Flagged(_)) => RowKind::Flagged,
            Some(_) => RowKind::Missing,
            None if self.alignment.line_of[pattern].is_some() => {
                RowKind::Matched
            }
            None => RowKind::Missing,
        };
        let mut row = Row::new(source, kind, &line.text);
        if let Some(PatternNote::Flagged(note) | PatternNote::Missing(note)) =
            note
        {
            row.note = note.clone();
        }
        self.rows.push(row);
        if let Some(PatternNote::Replaced(printed, note)) = note {
            let text = self.lines[*printed];
            let differs = near::difference(&line.pattern, text);
            self.printed(*printed, note.clone(), Some(differs));
        }
    }
}

/// Leaves out the middle of long runs of rows of one kind.
fn without_runs(rows: Vec<Row>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    let mut run: Vec<Row> = Vec::new();
    for row in rows {
        if run.last().is_some_and(|last| last.kind != row.kind) {
            end_run(&mut kept, std::mem::take(&mut run), false);
        }
        run.push(row);
    }
    end_run(&mut kept, run, true);
    kept
}

fn end_run(kept: &mut Vec<Row>, run: Vec<Row>, at_end: bool) {
    let Some(first) = run.first() else { return };
    let (head, tail, what) = match first.kind {
        RowKind::Matched => {
            let head = if kept.is_empty() { 0 } else { CONTEXT };
            let tail = if at_end { 0 } else { CONTEXT };
            (head, tail, "lines as expected")
        }
        RowKind::Missing => (RUN_HEAD, RUN_TAIL, "more not printed"),
        RowKind::Printed => (RUN_HEAD, RUN_TAIL, "more not expected"),
        RowKind::Flagged | RowKind::LeftOut => (run.len(), 0, ""),
    };
    if run.len() <= head + tail + 1 {
        return kept.extend(run);
    }
    let left_out = run.len() - head - tail;
    for (index, row) in run.into_iter().enumerate() {
        if index == head {
            let text = format!("… {left_out} {what}");
            kept.push(Row::new(None, RowKind::LeftOut, &text));
        }
        if index < head || index >= head + left_out {
            kept.push(row);
        }
    }
}

/// Leaves out the middle of a long diff.
fn without_middle(mut rows: Vec<Row>) -> Vec<Row> {
    if rows.len() > HEAD + TAIL + 1 {
        let left_out = rows.len() - HEAD - TAIL;
        let text = format!("… {left_out} rows left out");
        let row = Row::new(None, RowKind::LeftOut, &text);
        rows.splice(HEAD..rows.len() - TAIL, [row]);
    }
    rows
}
