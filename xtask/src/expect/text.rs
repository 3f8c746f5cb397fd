//! Output as text in a report: nothing in it can move the cursor, and nothing
//! is longer than a reader will read.

/// `text` with what cannot be seen written as an escape.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '"' | '\\' => visible.push(c),
            _ => visible.extend(c.escape_debug()),
        }
    }
    visible
}

/// The same, cut after `most` characters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => visible(text),
        Some((end, _)) => {
            let left = text.len() - end;
            format!("{}… ({left} bytes more)", visible(&text[..end]))
        }
    }
}

/// `text` as it stands in a sentence.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text, 100))
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
    }

    #[test]
    fn long_text_is_cut() {
        let long = "é".repeat(300);
        assert_eq!(shortened(&long, 300), long);
        assert!(shortened(&long, 10).ends_with("… (580 bytes more)"));
    }
}
