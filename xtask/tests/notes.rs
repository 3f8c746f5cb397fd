//! The places in the notes that the headers name are lines with a text. The
//! notes are no part of the workspace: where they lie beside it they are read.

use std::fs;
use std::path::Path;

use xtask::catalogue::workspace::Workspace;

#[test]
fn every_place_is_a_line_with_a_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().expect("the workspace");
    let folder = root.join("../shared/notes");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: the notes are not in {}", folder.display());
        return;
    };
    let mut files: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    let read = |file: &_| fs::read_to_string(file).expect("UTF-8");
    let notes: Vec<String> = files.iter().map(read).collect();
    let workspace = Workspace::load(&root).expect("a workspace");
    let mut off = Vec::new();
    for example in &workspace.examples {
        let Ok(header) = &example.header else { continue };
        for place in &header.notes {
            let document = &notes[place.document as usize];
            let line = document.lines().nth(place.line as usize - 1);
            if line.is_none_or(|line| line.trim().is_empty()) {
                off.push(format!("{}: {place}", example.name));
            }
        }
    }
    assert!(off.is_empty(), "no text there: {}", off.join(", "));
}
