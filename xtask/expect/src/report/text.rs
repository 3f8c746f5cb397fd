//! Output as text in a report: nothing in it can move the cursor, nothing is
//! invisible, and nothing is longer than a reader will read.

use std::ops::Range;

/// `text` with what cannot be seen written as an escape, blanks at its end
/// among it.
pub(super) fn visible(text: &str) -> String {
    part(text, 0..text.len())
}

/// A part of what [`visible`] shows.
pub(super) fn part(text: &str, range: Range<usize>) -> String {
    let end = text.trim_end_matches(' ').len();
    let mut visible = String::with_capacity(range.len());
    for (at, c) in text[range.clone()].char_indices() {
        match c {
            ' ' if range.start + at >= end => visible.push_str("\\u{20}"),
            '\'' | '"' | '\\' => visible.push(c),
            _ => visible.extend(c.escape_debug()),
        }
    }
    visible
}

/// What is shown of `text` from the byte `start` on, `most` characters of it.
pub(super) fn shortened(text: &str, start: usize, most: usize) -> String {
    let shown = match text[start..].char_indices().nth(most) {
        None => part(text, start..text.len()),
        Some((length, _)) => {
            let end = start + length;
            let left = text.len() - end;
            format!("{}… ({left} bytes more)", part(text, start..end))
        }
    };
    if start > 0 { format!("…{shown}") } else { shown }
}

/// `text` as it stands in a sentence.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text, 0, 160))
}

/// `1 line`, `2 lines`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(visible("a\tb\u{1b}[2J"), "a\\tb\\u{1b}[2J");
        assert_eq!(visible("it's \"é\" \\ 语"), "it's \"é\" \\ 语");
        assert_eq!(visible("\u{202e}\u{a0}"), "\\u{202e}\\u{a0}");
        assert_eq!(visible(" a b "), " a b\\u{20}");
    }

    #[test]
    fn long_text_is_cut() {
        let long = "é".repeat(300);
        assert_eq!(shortened(&long, 0, 300), long);
        assert_eq!(shortened(&long, 4, 1), "…é… (594 bytes more)");
    }
}
