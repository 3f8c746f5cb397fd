//! What every test of the expectations needs: sources and runs from lines.

use std::time::Duration;

use expect::{Ending, Observed, OutputLine, SourceLine, Stream};

/// The lines of an expectation, numbered from 1.
pub(crate) fn source(
    lines: impl IntoIterator<Item = impl Into<String>>,
) -> Vec<SourceLine> {
    let line = |(index, text)| SourceLine { number: index + 1, text };
    lines.into_iter().map(Into::into).enumerate().map(line).collect()
}

/// A run that printed these lines, one each millisecond, and ended well.
pub(crate) fn printed(
    lines: impl IntoIterator<Item = impl Into<String>>,
) -> Observed {
    let line = |(at, text)| OutputLine {
        stream: Stream::Stdout,
        at: Duration::from_millis(at),
        text,
        spoken: None,
    };
    Observed {
        lines: (0..).zip(lines.into_iter().map(Into::into)).map(line).collect(),
        ending: Ending::Exit(0),
        leaks: Vec::new(),
        notes: Vec::new(),
        cast: None,
    }
}
