//! What a program is to print: the expectation as it was read.

use std::ops;

use crate::language::pattern::Pattern;
use crate::language::settings::Settings;
use crate::language::speakers::{PeakRule, Span, SpeakerRule};

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
    pub(crate) patterns: Vec<PatternLine>,
    pub(crate) sections: Vec<Section>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) speakers: Vec<SpeakerRule>,
    pub(crate) peaks: Vec<PeakRule>,
    pub(crate) spans: Vec<Span>,
    pub(crate) settings: Settings,
    /// The number of the line that says how the program ends.
    pub(crate) ending_line: Option<usize>,
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
    pub(crate) fn has_label(&self, label: &str) -> bool {
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
    /// `@shared`: any actor may take any line, each actor's own lines keep the
    /// order that is written.
    Shared,
}

impl SectionKind {
    /// How a section of this kind is called in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SectionKind::Exact => "exact lines",
            SectionKind::Any => "`@any`",
            SectionKind::Lanes => "`@lanes`",
            SectionKind::Shared => "`@shared`",
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
    /// Were there rules about who speaks, and nothing seen to check them by?
    pub speakers_unseen: bool,
}

impl Expectation {
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

    /// The rules `@threads`, `@processes` and `@tasks`.
    pub fn speakers(&self) -> &[SpeakerRule] {
        &self.speakers
    }

    /// The rules `@peak`.
    pub fn peaks(&self) -> &[PeakRule] {
        &self.peaks
    }

    /// The stretches that pictures show: `@span`.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Is there a block that leaves the order of its lines open?
    pub fn has_open_order(&self) -> bool {
        self.sections.iter().any(|s| s.kind != SectionKind::Exact)
    }

    /// The section a pattern belongs to.
    pub(crate) fn section_of(&self, pattern: usize) -> &Section {
        let index =
            self.sections.partition_point(|s| s.patterns.end <= pattern);
        &self.sections[index]
    }
}
