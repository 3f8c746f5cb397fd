//! Programs with colours, each line an anchor.

use maud::{Markup, PreEscaped, html};
use tree_sitter_highlight::{
    HighlightConfiguration, HighlightEvent, Highlighter,
};
use xtask::catalogue::language::Language;

/// What is coloured; the classes are the first letters of each.
const KINDS: [(&str, &str); 9] = [
    ("comment", "c"),
    ("constant", "n"),
    ("function", "f"),
    ("keyword", "k"),
    ("number", "n"),
    ("operator", "o"),
    ("string", "s"),
    ("type", "t"),
    ("constructor", "t"),
];

/// Colours programs.
pub(crate) struct Colours {
    rust: HighlightConfiguration,
    python: HighlightConfiguration,
}

impl Colours {
    pub(crate) fn new() -> Colours {
        let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
        let configure = |language, name, highlights| {
            let mut made =
                HighlightConfiguration::new(language, name, highlights, "", "")
                    .expect("the grammar's own queries are sound");
            made.configure(&names);
            made
        };
        Colours {
            rust: configure(
                tree_sitter_rust::LANGUAGE.into(),
                "rust",
                tree_sitter_rust::HIGHLIGHTS_QUERY,
            ),
            python: configure(
                tree_sitter_python::LANGUAGE.into(),
                "python",
                tree_sitter_python::HIGHLIGHTS_QUERY,
            ),
        }
    }

    /// The program, whose first line is line `first` of its file.
    pub(crate) fn program(
        &self,
        language: Language,
        source: &str,
        first: usize,
    ) -> Markup {
        let lines = self.lines(language, source);
        html! {
            pre.code tabindex="0" {
                code {
                    @for (nth, line) in (first..).zip(lines) {
                        (PreEscaped(format!("<span id={language}-{nth}>"))) (line) "\n" (PreEscaped("</span>"))
                    }
                }
            }
        }
    }

    fn lines(&self, language: Language, source: &str) -> Vec<Markup> {
        let configuration = match language {
            Language::Rust => &self.rust,
            Language::Python => &self.python,
        };
        let mut lines = vec![String::new()];
        let mut open: Vec<&str> = Vec::new();
        let mut highlighter = Highlighter::new();
        let bytes = source.as_bytes();
        let events =
            highlighter.highlight(configuration, bytes, None, None, |_| None);
        let Ok(events) = events else { return plain(source) };
        for event in events {
            let Ok(event) = event else { return plain(source) };
            match event {
                HighlightEvent::HighlightStart(kind) => {
                    open.push(KINDS[kind.0].1);
                }
                HighlightEvent::HighlightEnd => _ = open.pop(),
                HighlightEvent::Source { start, end } => {
                    let class = open.last().copied();
                    push(&mut lines, &source[start..end], class);
                }
            }
        }
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.into_iter().map(PreEscaped).collect()
    }
}

/// Puts `text` behind the last line; it may have several.
fn push(lines: &mut Vec<String>, text: &str, class: Option<&str>) {
    for (nth, part) in text.split('\n').enumerate() {
        if nth > 0 {
            lines.push(String::new());
        }
        let Some(line) = lines.last_mut() else { return };
        let part = escaped(part);
        match class {
            Some(class) if !part.trim().is_empty() => {
                line.push_str(&format!("<i class={class}>{part}</i>"));
            }
            _ => line.push_str(&part),
        }
    }
}

fn plain(source: &str) -> Vec<Markup> {
    source.lines().map(|line| PreEscaped(escaped(line))).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_there_and_is_escaped() {
        let source = "fn main() {\n    // <b>\n    let a = \"x\ny\";\n}\n";
        let lines = Colours::new().lines(Language::Rust, source);
        let text: Vec<&str> = lines.iter().map(|line| &*line.0).collect();
        assert_eq!(text.len(), 5);
        assert_eq!(text[0], "<i class=k>fn</i> <i class=f>main</i>() {");
        assert_eq!(text[1], "    <i class=c>// &lt;b&gt;</i>");
        assert_eq!(text[3], "<i class=s>y\"</i>;");
    }
}
