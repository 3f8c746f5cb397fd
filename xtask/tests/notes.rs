//! The places in the notes that the headers name are lines with a text, in
//! sections that are listed, each with a claim. The notes are no part of the
//! workspace: where they lie beside it they are read.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::catalogue::header::Place;
use xtask::catalogue::workspace::Workspace;
use xtask::commands::index::sections;

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the workspace")
}

/// The places that the headers name, each with the example's name.
fn references() -> Vec<(String, Place)> {
    let workspace = Workspace::load(&root()).expect("a workspace");
    let mut found = Vec::new();
    for example in &workspace.examples {
        let Ok(header) = &example.header else { continue };
        let named = header.notes.iter().map(|p| (example.name.clone(), *p));
        found.extend(named);
    }
    found
}

/// The documents, each as its lines; nothing where they cannot be read.
fn notes() -> Option<Vec<Vec<String>>> {
    let folder = root().join("../shared/notes");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: the notes are not in {}", folder.display());
        return None;
    };
    let mut files: Vec<_> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("UTF-8");
        text.lines().map(str::to_owned).collect()
    };
    Some(files.iter().map(read).collect())
}

/// The last of `headings` at or before `place`, in its document.
fn heading_of(place: Place, headings: &[Place]) -> Option<Place> {
    let before = headings.iter().rfind(|heading| **heading <= place)?;
    (before.document == place.document).then_some(*before)
}

fn listed() -> Vec<Place> {
    sections().iter().map(|section| section.place).collect()
}

#[test]
fn every_section_has_its_place_and_a_claim() {
    let sections = sections();
    assert!(sections.is_sorted_by(|a, b| a.place < b.place), "they rise");
    let has_none = |i: usize| {
        let below = sections.get(i + 1);
        let is_leaf = below.is_none_or(|s| s.level <= sections[i].level);
        is_leaf && sections[i].claim.is_empty()
    };
    let bare: Vec<String> = (0..sections.len())
        .filter(|i| has_none(*i))
        .map(|i| sections[i].place.to_string())
        .collect();
    assert!(bare.is_empty(), "no claim below {}", bare.join(", "));
}

#[test]
fn every_place_is_in_a_section() {
    let listed = listed();
    let outside: Vec<String> = references()
        .iter()
        .filter(|(_, place)| heading_of(*place, &listed).is_none())
        .map(|(name, place)| format!("{name}: {place}"))
        .collect();
    assert!(outside.is_empty(), "in no section: {}", outside.join(", "));
}

#[test]
fn every_place_is_a_line_with_a_text() {
    let Some(notes) = notes() else { return };
    let mut off = Vec::new();
    for (name, place) in references() {
        let why = match line(&notes, place) {
            None => "beyond the end",
            Some(text) if text.trim().is_empty() => "a blank line",
            Some(_) => continue,
        };
        off.push(format!("{name}: {place} is {why}"));
    }
    assert!(off.is_empty(), "{}", off.join(", "));
}

#[test]
fn every_place_is_in_a_section_that_is_listed() {
    let Some(notes) = notes() else { return };
    let (listed, headings) = (listed(), headings(&notes));
    let mut off = Vec::new();
    for (name, place) in references() {
        let there = heading_of(place, &headings);
        if there.is_some() && there != heading_of(place, &listed) {
            off.push(format!("{name}: {place}"));
        }
    }
    assert!(off.is_empty(), "in no section listed: {}", off.join(", "));
}

#[test]
fn every_section_listed_is_a_heading_there() {
    let Some(notes) = notes() else { return };
    let off: Vec<String> = listed()
        .iter()
        .filter(|place| {
            let text = line(&notes, **place).unwrap_or_default();
            // a title, or a heading; some stand in a comment
            !text.starts_with('#') && !text.starts_with("title:")
        })
        .map(Place::to_string)
        .collect();
    assert!(off.is_empty(), "no heading: {}", off.join(", "));
}

fn line(notes: &[Vec<String>], place: Place) -> Option<&str> {
    let line = (place.line as usize).checked_sub(1)?;
    Some(notes.get(place.document as usize)?.get(line)?)
}

/// The headings of the documents, each a line with two marks or more. One mark
/// may begin a comment of a program.
fn headings(notes: &[Vec<String>]) -> Vec<Place> {
    let mut found = Vec::new();
    for (document, lines) in (0..).zip(notes) {
        for (line, text) in (1..).zip(lines) {
            let title = text.trim_start_matches('#');
            if text.len() > title.len() + 1 && title.starts_with(' ') {
                found.push(Place { document, line });
            }
        }
    }
    found
}
