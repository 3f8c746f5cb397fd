//! Every example is declared, numbered, headed, named once, and listed.

use std::fs;
use std::path::Path;

use xtask::catalogue::case;
use xtask::catalogue::language::Language;
use xtask::catalogue::workspace::Workspace;

fn workspace() -> Workspace {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().expect("the workspace");
    Workspace::load(&root).expect("a workspace that can be read")
}

#[test]
fn the_catalogue_has_no_faults() {
    let problems = workspace().problems().expect("readable");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_expectation_can_be_read() {
    let workspace = workspace();
    let faults: Vec<String> = workspace
        .examples
        .iter()
        .filter_map(|e| {
            case::expectation(e, &workspace.relative(&e.source)).err()
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_recording_tells_where_it_was_made() {
    let workspace = workspace();
    for topic in &workspace.topics {
        let folder = workspace.root.join(topic).join("recordings");
        for file in fs::read_dir(folder).expect("recordings").flatten() {
            let text = fs::read_to_string(file.path()).expect("a recording");
            for place in ["/target/", "/home/", "/root/"] {
                assert!(!text.contains(place), "{:?}: {place}", file.path());
            }
        }
    }
}

#[test]
fn every_sabotage_fits_its_source() {
    let workspace = workspace();
    for example in &workspace.examples {
        let Ok(header) = &example.header else { continue };
        for sabotage in &header.sabotages {
            let text = match sabotage.language {
                Language::Rust => example.text.clone(),
                Language::Python => {
                    fs::read_to_string(example.sibling()).expect("a sibling")
                }
            };
            if let Err(problem) = sabotage.apply(&text) {
                panic!("{}: {problem}", workspace.relative(&example.source));
            }
        }
    }
}

#[test]
fn every_section_of_the_notes_is_answered() {
    let unanswered = xtask::commands::index::unanswered(&workspace());
    assert!(
        unanswered.is_empty(),
        "no `Notes:` line of an example names a place in: {}",
        unanswered.join(", ")
    );
}

/// Words that nobody says any more, and such as turn a sentence round.
const OLD_WORDS: &[&str] = &[
    "albeit",
    "amongst",
    "dear",
    "ere",
    "for ever",
    "he who",
    "hence",
    "hereby",
    "him who",
    "hither",
    "lest",
    "nay",
    "naught",
    "nor do",
    "nor does",
    "nor is",
    "shall",
    "thence",
    "thereby",
    "therein",
    "thereof",
    "thither",
    "thus",
    "upon",
    "whence",
    "whereby",
    "wherein",
    "whereof",
    "whereupon",
    "whilst",
    "who comes",
    "who looks",
    "who wants",
    "whoever",
    "whomever",
    "whosoever",
];

#[test]
fn no_header_uses_old_words() {
    let workspace = workspace();
    let mut found = Vec::new();
    for example in &workspace.examples {
        // Pairs of lines, so that a break does not hide two words.
        let lines: Vec<&str> = prose(&example.text).collect();
        for (number, line) in (1..).zip(&lines) {
            let next = lines.get(number).copied().unwrap_or_default();
            let both = spaced(&format!("{line} {next}"));
            let rest = spaced(next);
            for word in OLD_WORDS.iter().map(|word| spaced(word)) {
                if both.contains(&word) && !rest.contains(&word) {
                    let file = workspace.relative(&example.source);
                    found.push(format!("{file}:{number}:{word}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The lines of a header, those of its expectation and sabotages empty.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines.take_while(|line| !line.starts_with(" Break it")).map(move |line| {
        let fence = line.starts_with(" ```");
        in_code ^= fence;
        if in_code || fence { "" } else { line }
    })
}

/// The words in small letters, with one space before and after each.
fn spaced(text: &str) -> String {
    let mut words = String::from(" ");
    for word in text.split(|c: char| !c.is_alphanumeric()) {
        if !word.is_empty() {
            words += &word.to_lowercase();
            words.push(' ');
        }
    }
    words
}
