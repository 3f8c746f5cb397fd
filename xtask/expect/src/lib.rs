//! The expectation language: what a program is to print, and whether it did.
//!
//! An [`Expectation`] is parsed from the lines of an example's header, a run
//! is put down as [`Observed`], and [`Expectation::compare`] matches the two:
//! every line of the expectation stands for exactly one line of standard
//! output, nothing is skipped. A run that does not match yields a [`Report`].
//!
//! This crate knows nothing of processes or cargo.

mod expectation;
mod language;
mod matching;
mod observed;
mod report;

pub use expectation::{
    Expectation, Matched, PatternLine, Rule, Section, SectionKind, SourceLine,
};
pub use language::complaint::Complaint;
pub use language::hole::{Hole, HoleType};
pub use language::number::Range;
pub use language::pattern::Pattern;
pub use language::settings::Settings;
pub use language::speakers::{Peak, PeakRule, Span, SpeakerKind, SpeakerRule};
pub use language::suggest::nearest;
pub use matching::propose::propose_speakers;
pub use observed::{Cast, Ending, Life, Observed, OutputLine, Spoken, Stream};
pub use report::outcome::{Fault, FaultKind, Report};
pub use report::style::{Role, Style};
