//! All pages of the site.

use std::fs;

use maud::{Markup, html};
use xtask::catalogue::header::Sabotage;
use xtask::catalogue::language::Language;
use xtask::catalogue::workspace::Workspace;
use xtask::recording::Recording;

use crate::code::Colours;
use crate::entry::Entry;
use crate::layout::Page;
use crate::picture::{image, lanes_style, picture};
use crate::{Error, Files, names, prose, search};

/// The example that the start page shows.
const FACE: &str = "semaphore";

/// Makes every file of the site.
///
/// # Errors
/// When an example, its recording or a page of the index cannot be read.
pub fn pages(workspace: &Workspace) -> Result<Files, Error> {
    let entries: Vec<Entry<'_>> = workspace
        .examples
        .iter()
        .map(|example| Entry::read(workspace, example))
        .collect::<Result<_, Error>>()?;
    let colours = Colours::new();
    let mut pages = vec![start(workspace, &entries)];
    for topic in &workspace.topics {
        pages.push(self::topic(workspace, topic, &entries)?);
    }
    for (nth, entry) in entries.iter().enumerate() {
        let neighbour = |nth: usize| {
            let entry = entries.get(nth)?;
            Some((entry.url(), entry.example.name.clone()))
        };
        let before = nth.checked_sub(1).and_then(neighbour);
        let neighbours = [before, neighbour(nth + 1)];
        let whole = example(entry, &colours, neighbours.clone(), Answers::Here);
        if whole.body.0.len() < ANSWERS_HERE {
            pages.push(whole);
        } else {
            pages.push(example(entry, &colours, neighbours, Answers::Apart));
            pages.extend(answers(entry));
        }
    }
    pages.extend(indexes(workspace)?);
    let paths: Vec<String> = pages.iter().map(|p| p.path.clone()).collect();
    let mut files = Files::new();
    for page in &pages {
        files.insert(page.path.clone(), page.html(&paths).into_bytes());
    }
    files.insert("search.js".into(), search::index(&entries).into_bytes());
    let runs: Vec<&Recording> = entries.iter().flat_map(recordings).collect();
    let style = include_str!("../assets/style.css").to_owned();
    let style = style + &lanes_style(&runs);
    files.insert("style.css".into(), style.into_bytes());
    let script = include_str!("../assets/script.js");
    files.insert("script.js".into(), script.into());
    Ok(files)
}

/// Every run of an example that a picture shows.
fn recordings<'e>(entry: &'e Entry<'_>) -> impl Iterator<Item = &'e Recording> {
    let broken = entry.broken.iter().filter_map(|(_, run)| run.as_ref());
    entry.runs.iter().map(|(_, run)| run).chain(broken)
}

/// The picture of the README: the run that the start page shows.
///
/// # Errors
/// When the example or its recording cannot be read, or is missing.
pub fn readme(workspace: &Workspace) -> Result<String, Error> {
    let name = || FACE.to_owned();
    let mut examples = workspace.examples.iter();
    let Some(example) = examples.find(|example| example.name == FACE) else {
        let why = "there is no such example to make a picture of".into();
        return Err(Error::Example { name: name(), why });
    };
    let entry = Entry::read(workspace, example)?;
    let Some((_, run)) = entry.runs.first() else {
        let why = format!("is not recorded; run: cargo xtask record {FACE}");
        return Err(Error::Example { name: name(), why });
    };
    Ok(image(run, &entry.expectation))
}

fn start(workspace: &Workspace, entries: &[Entry<'_>]) -> Page {
    let face = entries.iter().find(|entry| entry.example.name == FACE);
    let face = face.or(entries.first());
    let count = |topic: &str| {
        entries.iter().filter(|entry| entry.example.topic == topic).count()
    };
    let body = html! {
        h1 { "Concurrency by example" }
        p.lead {
            (entries.len()) " short Rust programs on threads, processes and "
            "asyncio, each beside the Python that you know. On every change both "
            "are run and must print what is shown here: each line is compared, "
            "and so is the thread or process that wrote it."
        }
        div.pair {
            @if let Some(face) = face { (shown(face)) }
            section {
                h2 { "How to read it" }
                ul {
                    li { "A line is what the program printed; the order is "
                        "downwards." }
                    li { "A lane is a thread. It has a cap where the thread was "
                        "seen to begin and to end, and a marker at each line "
                        "that it printed." }
                    li { "A lane is thick while its worker is inside: at no "
                        "height more than two. That is the semaphore." }
                }
                @if let Some(face) = face {
                    p {
                        a href=(face.url()) { "The programs, in Rust and Python" }
                        ", and what happens when you break them."
                    }
                }
                h2 { "Run it" }
                pre.code tabindex="0" {
                    code {
                        "cargo xtask check-all --python\ncargo test --workspace"
                    }
                }
                p {
                    "The first builds all programs, runs them and their siblings "
                    "side by side, and compares. The second tests the runner "
                    "itself."
                }
            }
        }
        h2 { "Topics" }
        ul.topics {
            @for topic in &workspace.topics {
                li {
                    a href=(format!("{topic}/index.html")) { (topic) }
                    ", " (count(topic)) " examples" br; (about(workspace, topic))
                }
            }
        }
        h2 { "Find something" }
        ul {
            li { "A name that you know: " a href="python.html" { "from Python" }
                ", " a href="rust.html" { "from Rust" } "." }
            li { "What goes wrong in your program: "
                a href="bugs.html" { "bugs that people report" } "." }
            li { "A section of the " a href="notes.html" { "notes" }
                " that these programs answer." }
        }
    };
    Page {
        path: "index.html".into(),
        title: "Rust beside Python, every output checked".into(),
        about: "Short concurrent programs in Rust and Python, each run and \
                compared on every change."
            .into(),
        body,
        neighbours: [
            None,
            entries.first().map(|e| (e.url(), e.example.name.clone())),
        ],
    }
}

/// The example that the start page shows, and one run of it.
fn shown(entry: &Entry<'_>) -> Markup {
    html! {
        section {
            h2 {
                a href=(entry.url()) { (prose::line(&entry.header.title)) }
            }
            @if let Some((_, run)) = entry.runs.first() {
                (pictured(run, entry))
            }
        }
    }
}

/// The sentence at the top of a topic's README.
fn about(workspace: &Workspace, topic: &str) -> String {
    let readme = workspace.root.join(topic).join("README.md");
    let text = fs::read_to_string(readme).unwrap_or_default();
    let about = text.split("\n\n").nth(1).unwrap_or_default();
    match about.starts_with('<') {
        true => String::new(),
        false => about.replace('\n', " "),
    }
}

/// A topic: its examples, under the headings of its README.
fn topic(
    workspace: &Workspace,
    topic: &str,
    entries: &[Entry<'_>],
) -> Result<Page, Error> {
    let own: Vec<&Entry<'_>> =
        entries.iter().filter(|e| e.example.topic == topic).collect();
    let groups = xtask::commands::index::groups(workspace, topic)?;
    let body = html! {
        h1 { (topic) }
        p.lead { (about(workspace, topic)) }
        @for (heading, first, last) in groups {
            @if let Some(heading) = heading { h2 { (heading) } }
            ol.examples {
                @for entry in &own {
                    @if (first..=last).contains(&entry.example.number) {
                        li value=(entry.example.number) {
                            a href=(format!("{}.html", entry.example.name)) {
                                (entry.example.name)
                            }
                            " " (prose::line(&entry.header.title))
                        }
                    }
                }
            }
        }
    };
    Ok(Page {
        path: format!("{topic}/index.html"),
        title: topic.to_owned(),
        about: about(workspace, topic),
        body,
        neighbours: [
            None,
            own.first().map(|e| (e.url(), e.example.name.clone())),
        ],
    })
}

/// Where the answers to `Break it` stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    /// Folded away below each question.
    Here,
    /// On pages of their own, as the example's would be too large.
    Apart,
}

/// How large the text of a page with its answers may be.
const ANSWERS_HERE: usize = 52_000;

fn example(
    entry: &Entry<'_>,
    colours: &Colours,
    neighbours: [Option<(String, String)>; 2],
    answers: Answers,
) -> Page {
    let Entry { example, header, expectation, .. } = entry;
    let name = &example.name;
    let body = html! {
        p.crumbs { a href="index.html" { (example.topic) } " / " (name) }
        h1 { (prose::line(&header.title)) }
        div.prose { (prose::prose(&header.prose)) }
        p { "Python: " (prose::line(&header.python)) }
        @if let Some(symptom) = &header.symptom {
            p { "Symptom: " (prose::line(&symptom.words)) ". " (reports(entry)) }
        }
        (runs(entry))
        h2 #programs { "The programs" }
        div.pair {
            section aria-label="Rust" {
                h3 { "Rust" }
                (rust(entry, colours))
            }
            section aria-label="Python" {
                h3 { "Python" }
                @match &entry.python {
                    Some(python) => (colours.program(Language::Python, python, 1)),
                    None => p { "None: " (prose::line(&header.python)) },
                }
            }
        }
        h2 #break { "Break it" }
        @for (nth, (sabotage, run)) in entry.broken.iter().enumerate() {
            @if answers == Answers::Here {
                details id=(format!("break-{}", nth + 1)) {
                    summary { (question(sabotage)) }
                    (answer(run.as_ref(), entry))
                }
            } @else {
                p id=(format!("break-{}", nth + 1)) {
                    (question(sabotage)) " "
                    a href=(format!("{name}.break-{}.html", nth + 1)) {
                        "See what happened (" (nth + 1) ")"
                    }
                }
            }
        }
        details {
            summary { "The expectation: what both must print" }
            pre.code tabindex="0" {
                code {
                    @for line in &header.expectation { (line.text) "\n" }
                }
            }
        }
        h2 #run { "Run it" }
        pre.code tabindex="0" {
            code {
                "cargo run -p " (example.topic) " --example " (name) "\n"
                "cargo xtask check-all --python " (name) "\n"
                "cargo xtask break --python " (name)
            }
        }
        @if !header.notes.is_empty() {
            p {
                "Answers the notes at "
                @for (nth, place) in header.notes.iter().enumerate() {
                    @if nth > 0 { ", " }
                    a href=(format!("../notes.html#n{}", place.document)) {
                        (place.to_string())
                    }
                }
                "."
            }
        }
        @let lines = expectation.patterns().len();
        p.small { "Every run is compared with " (lines) " expected lines." }
    };
    Page {
        path: entry.url(),
        title: name.clone(),
        about: header.title.clone(),
        body,
        neighbours,
    }
}

fn question(sabotage: &Sabotage) -> Markup {
    html! {
        "Predict first: what happens"
        @if sabotage.language == Language::Python { " in Python" }
        " when "
        @for (nth, (old, new)) in sabotage.replacements.iter().enumerate() {
            @if nth > 0 { " and " }
            code { (old) } " becomes "
            @if new.trim().is_empty() { "nothing" } @else { code { (new) } }
        }
        "?"
    }
}

/// The answers of an example, a page each.
fn answers(entry: &Entry<'_>) -> Vec<Page> {
    let name = &entry.example.name;
    let topic = &entry.example.topic;
    let page = |(nth, (sabotage, run)): (
        usize,
        &(&Sabotage, Option<Recording>),
    )| {
        let body = html! {
            p.crumbs {
                a href="index.html" { (topic) } " / "
                a href=(format!("{name}.html#break-{nth}")) { (name) } " / " (nth)
            }
            h1 { "Break it: " (name) ", " (nth) }
            p { (question(sabotage)) }
            (answer(run.as_ref(), entry))
        };
        Page {
            path: format!("{topic}/{name}.break-{nth}.html"),
            title: format!("{name}, broken ({nth})"),
            about: format!("What happens when {name} is broken: {sabotage}"),
            body,
            neighbours: [None, None],
        }
    };
    (1..).zip(&entry.broken).map(page).collect()
}

/// What both print: one picture where the order is fixed, else one for each.
fn runs(entry: &Entry<'_>) -> Markup {
    let is_same = match entry.runs.as_slice() {
        [(_, rust), (_, python)] => rust.events == python.events,
        _ => false,
    };
    let open = entry.expectation.has_open_order();
    let (what, shown) = match (open, entry.runs.len()) {
        (_, 1) => ("What it prints", 1),
        (false, _) => ("What both print", 1),
        (true, _) if is_same => ("What both printed, in one of the orders", 1),
        (true, _) => ("What each printed, in one of the orders", 2),
    };
    html! {
        @if !entry.runs.is_empty() {
            h2 #prints { (what) }
            div class=[(shown == 2).then_some("pair")] {
                @for (language, run) in entry.runs.iter().take(shown) {
                    @if shown == 1 {
                        (pictured(run, entry))
                    } @else {
                        section aria-label=(format!("What {} printed", title(*language))) {
                            h3 { (title(*language)) }
                            (pictured(run, entry))
                        }
                    }
                }
            }
        }
    }
}

/// The picture of one of an example's runs, with its lanes as in the first.
fn pictured(run: &Recording, entry: &Entry<'_>) -> Markup {
    let first = entry.runs.first().map_or(run, |(_, first)| first);
    picture(run, &entry.expectation, first)
}

fn title(language: Language) -> &'static str {
    match language {
        Language::Rust => "Rust",
        Language::Python => "Python",
    }
}

/// The program below its header, which is told above.
fn rust(entry: &Entry<'_>, colours: &Colours) -> Markup {
    let text = &entry.example.text;
    let is_header = |line: &&str| line.starts_with("//!") || line.is_empty();
    let skipped = text.lines().take_while(is_header).count();
    let code: Vec<&str> = text.lines().skip(skipped).collect();
    let code = code.join("\n") + "\n";
    colours.program(Language::Rust, &code, skipped + 1)
}

fn answer(run: Option<&Recording>, entry: &Entry<'_>) -> Markup {
    html! {
        @match run {
            Some(run) => {
                (pictured(run, entry))
                p { "It ended with " (run.ending) ". The check said:" }
                ul.said { @for line in &run.said { li { (line) } } }
            }
            None => p {
                "Run " code { "cargo xtask break --python " (entry.example.name) }
                " to see."
            },
        }
    }
}

fn reports(entry: &Entry<'_>) -> Markup {
    let reported = &entry.header.reported;
    html! {
        @if !reported.is_empty() {
            "Reported as "
            @for (nth, report) in reported.iter().enumerate() {
                @if nth > 0 { ", " }
                @let (repository, number) =
                    report.split_once('#').unwrap_or((report, ""));
                a href=(format!("https://github.com/{repository}/issues/{number}")) {
                    (report)
                }
            }
            "."
        }
    }
}

/// The pages that `cargo xtask index` and `bench` write, where they are there.
fn indexes(workspace: &Workspace) -> Result<Vec<Page>, Error> {
    let read = |name: &str| -> Result<Option<String>, Error> {
        let path = workspace.root.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(_) if !path.exists() => Ok(None),
            Err(error) => Err(Error::File { path, error }),
        }
    };
    let mut pages = Vec::new();
    for (file, path) in [
        ("BUGS.md", "bugs.html"),
        ("NOTES.md", "notes.html"),
        ("BENCHMARKS.md", "benchmarks.html"),
        ("BEYOND.md", "beyond.html"),
    ] {
        if let Some(text) = read(file)? {
            pages.push(from_markdown(&text, path));
        }
    }
    // The index has a half for each language.
    if let Some(text) = read("INDEX.md")? {
        let half = |from: &str, to: Option<&str>| {
            let text = text.split_once(from).map_or("", |(_, rest)| rest);
            let end = to.and_then(|to| text.find(to)).unwrap_or(text.len());
            text[..end].to_owned()
        };
        for (name, from, to) in [
            ("Python", "## Python\n", Some("## Rust\n")),
            ("Rust", "## Rust\n", None),
        ] {
            pages.extend(names::pages(name, &half(from, to)));
        }
    }
    Ok(pages)
}

fn from_markdown(text: &str, path: &str) -> Page {
    let title = text.lines().next().unwrap_or_default();
    let title = title.trim_start_matches('#').trim();
    Page {
        path: path.to_owned(),
        title: title.to_owned(),
        about: format!("{title}, from the examples themselves."),
        body: html! {
            h1 { (title) }
            div class=(path.trim_end_matches(".html")) { (prose::page(text)) }
        },
        neighbours: [None, None],
    }
}
