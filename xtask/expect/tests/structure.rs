//! No circle of imports among the modules of this crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules that each module imports from.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let name = |file: &PathBuf| {
        let path = file.strip_prefix(&root).expect("it is below");
        path.with_extension("").display().to_string().replace('/', "::")
    };
    let modules: BTreeSet<String> = files.iter().map(name).collect();
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("a text");
        // What only tests use does not count.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let paths = code.split("use crate::").skip(1);
        let paths = paths.filter_map(|rest| rest.split(';').next());
        let found = paths.flat_map(expand);
        let found = found.filter_map(|path| {
            let mut path = path.as_str();
            while !modules.contains(path) {
                path = path.rsplit_once("::")?.0;
            }
            Some(path.to_string())
        });
        (name(file), found.collect())
    };
    files.iter().map(read).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// `a::{b, c}` as `a::b` and `a::c`.
fn expand(path: &str) -> Vec<String> {
    let path: String = path.split_whitespace().collect();
    match path.split_once('{') {
        None => vec![path],
        Some((start, items)) => items
            .trim_end_matches('}')
            .split(',')
            .map(|item| match item {
                "self" => start.trim_end_matches("::").to_string(),
                item => format!("{start}{item}"),
            })
            .collect(),
    }
}

#[test]
fn no_circle_of_imports() {
    let mut imports = imports();
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 50);
    // Takes away what imports nothing that is left, until nothing is.
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        imports.retain(|_, from| !from.is_disjoint(&left));
        if imports.len() == left.len() {
            break;
        }
    }
    assert!(imports.is_empty(), "in a circle, or above one: {imports:#?}");
}
