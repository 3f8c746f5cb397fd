//! Programs with colours, each line an anchor.

use maud::{Markup, PreEscaped, html};
use tree_sitter_highlight::{
    HighlightConfiguration, HighlightEvent, Highlighter,
};
use xtask::catalogue::language::Language;

/// What is coloured; the classes are the first letters of each.
const KINDS: [(&str, &str); 8] = [
    ("comment", "c"),
    ("constant", "n"),
    ("function", "f"),
    ("keyword", "k"),
    ("number", "n"),
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

    /// The program, whose first line is line `first` of its file. Line 60 is `#r60`
    /// in Rust, `#p60` in Python.
    pub(crate) fn program(
        &self,
        language: Language,
        source: &str,
        first: usize,
    ) -> Markup {
        let lines = self.lines(language, source);
        let letter = match language {
            Language::Rust => 'r',
            Language::Python => 'p',
        };
        html! {
            pre.code.lines tabindex="0" style=[(first > 1).then(|| format!("--before:{}", first - 1))] {
                code {
                    @for (nth, line) in (first..).zip(lines) {
                        (PreEscaped(format!("<a id={letter}{nth}>"))) (line) "\n" (PreEscaped("</a>"))
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
        let mut lines: Vec<Vec<Token>> = vec![Vec::new()];
        let mut open: Vec<&'static str> = Vec::new();
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
        if lines.last().is_some_and(Vec::is_empty) {
            lines.pop();
        }
        lines.iter().map(|line| shown(line)).collect()
    }
}

/// A piece of a line, with its class.
type Token = (Option<&'static str>, String);

/// Puts `text` behind the last line; it may have several. What has the class of the
/// piece before it is one with it, and so is the space between two such.
fn push(lines: &mut Vec<Vec<Token>>, text: &str, class: Option<&'static str>) {
    for (nth, part) in text.split('\n').enumerate() {
        if nth > 0 {
            lines.push(Vec::new());
        }
        let Some(line) = lines.last_mut() else { return };
        if part.is_empty() {
            continue;
        }
        let class = class.filter(|_| !part.trim().is_empty());
        match line.as_mut_slice() {
            [.., (last, before)] if *last == class => before.push_str(part),
            [.., (first, before), (None, space)]
                if *first == class && space.trim().is_empty() =>
            {
                before.push_str(space);
                before.push_str(part);
                line.pop();
            }
            _ => line.push((class, part.to_owned())),
        }
    }
}

fn shown(line: &[Token]) -> Markup {
    let piece = |(class, text): &Token| match class {
        Some(class) => format!("<i class={class}>{}</i>", escaped(text)),
        None => escaped(text),
    };
    PreEscaped(line.iter().map(piece).collect())
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
        let source = "fn main() {\n    // <b>\n    let mut a = \"x\ny\";\n}\n";
        let lines = Colours::new().lines(Language::Rust, source);
        let text: Vec<&str> = lines.iter().map(|line| &*line.0).collect();
        assert_eq!(text.len(), 5);
        assert_eq!(text[0], "<i class=k>fn</i> <i class=f>main</i>() {");
        assert_eq!(text[1], "    <i class=c>// &lt;b&gt;</i>");
        assert_eq!(
            text[2],
            "    <i class=k>let mut</i> a = <i class=s>\"x</i>"
        );
        assert_eq!(text[3], "<i class=s>y\"</i>;");
    }
}
