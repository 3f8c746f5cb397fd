//! The expectation language: what a program is to print, and whether it did.
//!
//! An [`Expectation`] is parsed from the lines of an example's header, a run
//! is put down as [`Observed`], and [`Expectation::compare`] matches the two:
//! every line of the expectation stands for exactly one line of standard
//! output, nothing is skipped. A run that does not match yields a [`Report`].
//!
//! This module knows nothing of processes or cargo.

mod align;
mod bipartite;
mod block;
mod clashes;
mod complaint;
mod diagnose;
mod diff;
mod hole;
mod labels;
mod leftovers;
mod near;
mod number;
mod observed;
mod parse;
mod pattern;
mod problem;
mod relax;
mod render;
mod report;
mod search;
mod sequence;
mod settings;
mod style;
mod suggest;
mod symmetry;
mod text;
mod units;

use std::ops;

pub use hole::{Hole, HoleType};
pub use number::Range;
pub use observed::{Cast, Ending, Life, Observed, OutputLine, Spoken, Stream};
pub use parse::ParseError;
pub use pattern::Pattern;
pub use report::{Fault, FaultKind, Report, Style};
pub use settings::Settings;

/// One line of an expectation's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// Its number in the file.
    pub number: usize,
    /// Its text, without the comment marker.
    pub text: String,
}

/// What a program is to print, and how it is to end.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    patterns: Vec<PatternLine>,
    sections: Vec<Section>,
    rules: Vec<Rule>,
    settings: Settings,
    /// The number of the line that says how the program ends.
    ending_line: Option<usize>,
}

/// A line of the expectation that stands for a line of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternLine {
    /// Its number in the file.
    pub source_line: usize,
    /// As it is written, without its labels.
    pub text: String,
    /// Its labels, sorted.
    pub labels: Vec<String>,
    /// What it matches.
    pub pattern: Pattern,
}

impl PatternLine {
    fn has_label(&self, label: &str) -> bool {
        self.labels.iter().any(|own| own == label)
    }
}

/// A stretch of the expectation: a block, or the exact lines between blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What kind of stretch.
    pub kind: SectionKind,
    /// The number of its first line in the file, which is `@any` or `@lanes`
    /// for a block.
    pub source_line: usize,
    /// The number of its last line in the file, which is `@end` for a block.
    pub end_line: usize,
    /// Its lines, as indices into [`Expectation::patterns`].
    pub patterns: ops::Range<usize>,
}

/// The kinds of sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SectionKind {
    /// Lines outside a block: each at its place.
    Exact,
    /// `@any`: the lines in any order.
    Any,
    /// `@lanes`: the actors interleave freely, each keeps its own order.
    Lanes,
}

impl SectionKind {
    /// How a section of this kind is called in messages.
    fn name(self) -> &'static str {
        match self {
            SectionKind::Exact => "exact lines",
            SectionKind::Any => "`@any`",
            SectionKind::Lanes => "`@lanes`",
        }
    }
}

/// `@before first then`: every line labelled `first` comes before every line
/// labelled `then`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its number in the file.
    pub source_line: usize,
    /// The label of the lines that come first.
    pub first: String,
    /// The label of the lines that come after them.
    pub then: String,
}

/// How a run matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// For each line of standard output the index of its pattern, in the
    /// order of the expectation. Runs of the same `order` interleaved in the
    /// same way.
    pub order: Vec<usize>,
}

impl Expectation {
    /// Reads an expectation, or tells everything that is wrong with it.
    pub fn parse(lines: &[SourceLine]) -> Result<Expectation, Vec<ParseError>> {
        parse::parse(lines)
    }

    /// What holds for the whole run.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The lines that stand for output, in the order of the source.
    pub fn patterns(&self) -> &[PatternLine] {
        &self.patterns
    }

    /// The blocks, and the exact lines between them.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The rules among labels.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Is there a block that leaves the order of its lines open?
    pub fn has_open_order(&self) -> bool {
        self.sections.iter().any(|s| s.kind != SectionKind::Exact)
    }

    /// Does the run match? Otherwise the report says why not.
    pub fn compare(&self, observed: &Observed) -> Result<Matched, Report> {
        diagnose::compare(self, observed)
    }

    /// The section a pattern belongs to.
    fn section_of(&self, pattern: usize) -> &Section {
        let index =
            self.sections.partition_point(|s| s.patterns.end <= pattern);
        &self.sections[index]
    }
}
