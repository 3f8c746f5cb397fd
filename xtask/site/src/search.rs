//! What the search looks through: a script that the pages load when it is used.

use std::collections::BTreeSet;

use crate::entry::Entry;

/// The index: for each example its page, its title, and the words to find it by.
pub(crate) fn index(entries: &[Entry<'_>]) -> String {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            let words = words(entry);
            let words: Vec<&str> = words.iter().map(|w| &**w).collect();
            (entry.url(), &*entry.header.title, words.join(" "))
        })
        .collect();
    let rows = serde_json::to_string(&rows).unwrap_or_default();
    format!("window.index={rows};\n")
}

/// The words of an example, each once, in lower case. Those that nearly every
/// text has are left out, as they find nothing.
fn words(entry: &Entry<'_>) -> BTreeSet<String> {
    const COMMON: [&str; 22] = [
        "the", "and", "for", "that", "with", "which", "from", "its", "are",
        "not", "has", "have", "but", "one", "they", "this", "here", "then",
        "than", "what", "when", "into",
    ];
    let header = entry.header;
    let symptom = header.symptom.as_ref().map_or("", |s| &*s.words);
    let text = format!(
        "{} {} {} {} {symptom}",
        entry.example.name, header.title, header.prose, header.python
    );
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let text = text.to_lowercase();
    let words = text.split(|c| !is_part(c)).map(|w| w.trim_matches(['.', '_']));
    let names = words.clone().flat_map(|word| word.split(['.', '_']));
    words
        .clone()
        .chain(names)
        .filter(|word| word.len() > 2 && !COMMON.contains(word))
        .map(str::to_owned)
        .collect()
}
