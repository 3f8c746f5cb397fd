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
