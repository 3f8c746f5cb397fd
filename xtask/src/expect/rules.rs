//! The rules among labelled lines: `@before a b`.

use super::{PatternLine, Rule};

/// A rule that no output can meet, because the rules ask for a line before
/// itself.
pub(super) fn contradiction<'r>(
    patterns: &[PatternLine],
    rules: &'r [Rule],
) -> Option<&'r Rule> {
    rules.iter().find(|rule| {
        // Which lines must come after one labelled `first`?
        let labelled = |label: &str| {
            let mut marks = vec![false; patterns.len()];
            for (mark, line) in marks.iter_mut().zip(patterns) {
                *mark = line.has_label(label);
            }
            marks
        };
        let start = labelled(&rule.first);
        let mut after = labelled(&rule.then);
        loop {
            let before = after.iter().filter(|mark| **mark).count();
            for next in rules {
                let reached = |line: usize| {
                    after[line] && patterns[line].has_label(&next.first)
                };
                if (0..patterns.len()).any(reached) {
                    for (mark, line) in after.iter_mut().zip(patterns) {
                        *mark |= line.has_label(&next.then);
                    }
                }
            }
            if before == after.iter().filter(|mark| **mark).count() {
                break;
            }
        }
        start.iter().zip(&after).any(|(start, after)| *start && *after)
    })
}
