//! What every page has around it.

use maud::{DOCTYPE, Markup, html};

/// A page without its frame.
pub(crate) struct Page {
    /// Its path below the root.
    pub(crate) path: String,
    pub(crate) title: String,
    /// A sentence, for those who list pages.
    pub(crate) about: String,
    pub(crate) body: Markup,
    /// The page before and the page after: their paths and titles.
    pub(crate) neighbours: [Option<(String, String)>; 2],
}

/// The pages that the head of each page leads to.
const WAYS: [(&str, &str); 4] = [
    ("python.html", "Python names"),
    ("rust.html", "Rust names"),
    ("bugs.html", "Bugs"),
    ("notes.html", "Notes"),
];

impl Page {
    /// The whole page; `ways` are the paths that there are.
    pub(crate) fn html(&self, ways: &[String]) -> String {
        let depth = self.path.matches('/').count();
        let root = "../".repeat(depth);
        let more =
            [("benchmarks.html", "Benchmarks"), ("beyond.html", "Beyond")];
        let is_there = |(path, _): &(&str, &str)| {
            WAYS.iter().any(|way| way.0 == *path)
                || ways.iter().any(|w| w == path)
        };
        let ways = WAYS.into_iter().chain(more).filter(is_there);
        let [before, after] = &self.neighbours;
        let relative = |path: &str| format!("{root}{path}");
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    title { (self.title) " · Concurrency by example" }
                    meta name="description" content=(self.about);
                    meta name="color-scheme" content="light dark";
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(relative("style.css"));
                    @if let Some((path, _)) = before {
                        link rel="prev" href=(relative(path));
                    }
                    @if let Some((path, _)) = after {
                        link rel="next" href=(relative(path));
                    }
                    script defer src=(relative("script.js")) data-root=(root) {}
                }
                body {
                    a.skip href="#main" { "Skip to the text" }
                    header {
                        a.home href=(relative("index.html")) {
                            "Concurrency by example"
                        }
                        nav aria-label="Find" {
                            @for (path, name) in ways {
                                a href=(relative(path))
                                    aria-current=[(path == self.path).then_some("page")]
                                    { (name) }
                            }
                        }
                        form.search role="search" hidden {
                            label for="search" { "Search" }
                            input #search type="search" autocomplete="off"
                                aria-controls="found";
                            ul #found hidden {}
                        }
                    }
                    main #main tabindex="-1" { (self.body) }
                    footer {
                        nav aria-label="Before and after" {
                            @if let Some((path, title)) = before {
                                a href=(relative(path)) { "← " (title) }
                            }
                            " "
                            @if let Some((path, title)) = after {
                                a href=(relative(path)) { (title) " →" }
                            }
                        }
                    }
                }
            }
        }
        .into_string()
    }
}
