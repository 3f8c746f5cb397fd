//! Markdown to HTML: the prose of headers, and the pages that `index` writes.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};

/// The prose of a header.
pub(crate) fn prose(markdown: &str) -> Markup {
    let mut text = String::new();
    html::push_html(&mut text, Parser::new(markdown));
    PreEscaped(framed(&text))
}

/// A line of it, without the paragraph around.
pub(crate) fn line(markdown: &str) -> Markup {
    let PreEscaped(text) = prose(markdown);
    let text = text.trim();
    let inner = text.strip_prefix("<p>").and_then(|t| t.strip_suffix("</p>"));
    PreEscaped(inner.unwrap_or(text).to_owned())
}

/// A page that `index` wrote: its links lead to pages, its headings are anchors,
/// its first heading is left to the page around it.
pub(crate) fn page(markdown: &str) -> Markup {
    let body = markdown.split_once("\n\n").map_or("", |(_, rest)| rest);
    let parser = Parser::new_ext(body, Options::ENABLE_TABLES);
    let mut events: Vec<Event<'_>> = parser.map(relinked).collect();
    let mut text = String::new();
    anchor_headings(&mut events);
    html::push_html(&mut text, events.into_iter());
    PreEscaped(framed(&text))
}

/// What may be wider than a phone scrolls by itself, by keys too.
fn framed(html: &str) -> String {
    html.replace("<pre><code", "<pre class=\"code\" tabindex=\"0\"><code")
        .replace("<table>", "<div class=\"wide\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>")
        // The style sheet has a column's cells do as its heading does.
        .replace("<td style=\"text-align: right\"", "<td")
        .replace(" style=\"text-align: right\"", " class=r")
        // A header without a text is none.
        .replace("<th></th>", "<td></td>")
}

fn relinked(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = CowStr::from(target(&dest_url));
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// The page for a link into the workspace.
fn target(link: &str) -> String {
    if let Some((page, anchor)) = link.split_once('#') {
        return format!("{}#{anchor}", target(page));
    }
    if let Some((topic, file)) = link.split_once("/examples/")
        && let Some(stem) = file.strip_suffix(".rs")
        && let Some((_, name)) = stem.split_once('_')
    {
        return format!("{topic}/{name}.html");
    }
    match link.strip_suffix("/README.md") {
        Some(topic) => format!("{topic}/index.html"),
        None => match link.strip_suffix(".md") {
            Some(page) if !page.contains('/') => {
                format!("{}.html", page.to_lowercase())
            }
            _ => link.to_owned(),
        },
    }
}

/// Gives each heading an id made of its text; no two have the same.
fn anchor_headings(events: &mut [Event<'_>]) {
    let mut taken = BTreeSet::new();
    for i in 0..events.len() {
        let mut text = String::new();
        for event in &events[i + 1..] {
            match event {
                Event::Text(part) | Event::Code(part) => text.push_str(part),
                Event::End(_) => break,
                _ => {}
            }
        }
        let Event::Start(Tag::Heading { id, .. }) = &mut events[i] else {
            continue;
        };
        // A document of the notes is found by its number, whatever its title;
        // one of them has no title, and begins with its first section.
        let mut name = match slug(&text) {
            name if is_document(&name) => name[..2].to_owned(),
            _ if text.ends_with("(N2:1)") => "n2".to_owned(),
            name => name,
        };
        while !taken.insert(name.clone()) {
            name.push_str("-again");
        }
        *id = Some(name.into());
    }
}

/// Whether a heading is that of one of the five documents, as in `n0` or
/// `n0-parallelism`.
fn is_document(slug: &str) -> bool {
    let mut letters = slug.chars();
    letters.next() == Some('n')
        && letters.next().is_some_and(|c| c.is_ascii_digit())
        && letters.next().is_none_or(|c| !c.is_alphanumeric())
}

/// As GitHub makes anchors of headings.
pub(crate) fn slug(text: &str) -> String {
    let kept =
        |c: char| c.is_alphanumeric() || c == ' ' || c == '-' || c == '_';
    let text: String = text.chars().filter(|c| kept(*c)).collect();
    text.to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages() {
        assert_eq!(target("ipc/examples/01_pipe.rs"), "ipc/pipe.html");
        assert_eq!(target("ipc/README.md"), "ipc/index.html");
        assert_eq!(target("BUGS.md"), "bugs.html");
        assert_eq!(target("BUGS.md#it-hangs"), "bugs.html#it-hangs");
        assert_eq!(
            target("https://example.org/x.md"),
            "https://example.org/x.md"
        );
    }

    #[test]
    fn the_title_is_left_out_and_headings_are_anchors() {
        let PreEscaped(html) = page("# Title\n\n## It hangs\n\ntext `code`\n");
        assert!(!html.contains("Title"), "{html}");
        assert!(html.contains("<h2 id=\"it-hangs\">It hangs</h2>"), "{html}");
    }
}
