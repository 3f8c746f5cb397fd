//! Holds the pages to their promises: links and anchors lead somewhere, sizes
//! keep to their limits, and the recordings are those of today's examples.

use std::collections::{BTreeMap, BTreeSet};

use xtask::catalogue::workspace::Workspace;
use xtask::commands::record;

use crate::{Error, Files, pages};

/// The most that a page may hold, and all of them together, in bytes.
const PAGE: usize = 60_000;
const SITE: usize = 6_000_000;

/// What is wrong with the pages of `workspace`, a line a fault.
///
/// # Errors
/// When they cannot be made again.
pub fn faults(
    workspace: &Workspace,
    files: &Files,
) -> Result<Vec<String>, Error> {
    let mut faults = check(files);
    let examples: Vec<_> = workspace.examples.iter().collect();
    faults.extend(record::stale(workspace, &examples));
    if pages(workspace)? != *files {
        faults.push("the pages differ when they are made again".into());
    }
    Ok(faults)
}

/// What is wrong with the links and the sizes.
fn check(files: &Files) -> Vec<String> {
    let mut faults = Vec::new();
    let texts: BTreeMap<&str, &str> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .filter_map(|(name, bytes)| {
            Some((name.as_str(), std::str::from_utf8(bytes).ok()?))
        })
        .collect();
    let anchors: BTreeMap<&str, BTreeSet<&str>> =
        texts.iter().map(|(name, text)| (*name, ids(text))).collect();
    for (name, text) in &texts {
        if text.len() > PAGE {
            let size = text.len();
            faults.push(format!("{name}: {size} bytes, and at most {PAGE}"));
        }
        for link in values(text, "href=\"").chain(values(text, "src=\"")) {
            let outside = ["https://", "http://", "data:"];
            if outside.iter().any(|start| link.starts_with(start)) {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = resolve(name, path);
            if !files.contains_key(&target) {
                faults.push(format!("{name}: `{link}` leads to no page"));
            } else if !anchor.is_empty()
                && !anchors
                    .get(&*target)
                    .is_some_and(|ids| ids.contains(anchor))
            {
                faults.push(format!("{name}: `{link}` leads to no anchor"));
            }
        }
    }
    let all: usize = files.values().map(Vec::len).sum();
    if all > SITE {
        faults.push(format!("{all} bytes in all, and at most {SITE}"));
    }
    faults
}

fn ids(text: &str) -> BTreeSet<&str> {
    values(text, " id=\"").collect()
}

/// What stands between `before` and the next quotation mark.
fn values<'t>(text: &'t str, before: &'t str) -> impl Iterator<Item = &'t str> {
    let parts = text.split(before).skip(1);
    parts.filter_map(|rest| rest.split_once('"').map(|(value, _)| value))
}

/// The path below the root of a link on a page.
fn resolve(page: &str, link: &str) -> String {
    if link.is_empty() {
        return page.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => _ = parts.pop(),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(page: &str) -> Files {
        Files::from([
            ("index.html".to_owned(), b"<p id=\"here\">".to_vec()),
            ("a/b.html".to_owned(), page.as_bytes().to_vec()),
        ])
    }

    #[test]
    fn every_link_and_anchor_is_followed() {
        let good = "<a href=\"../index.html#here\"><a href=\"https://x.org/\">";
        assert_eq!(check(&site(good)), [""; 0]);
        let dead = check(&site("<a href=\"index.html\">"));
        assert_eq!(dead, ["a/b.html: `index.html` leads to no page"]);
        let dead = check(&site("<a href=\"../index.html#there\">"));
        assert_eq!(
            dead,
            ["a/b.html: `../index.html#there` leads to no anchor"]
        );
    }

    #[test]
    fn a_page_that_is_too_large_is_told() {
        let faults = check(&site(&"x".repeat(PAGE + 1)));
        assert_eq!(faults, ["a/b.html: 60001 bytes, and at most 60000"]);
    }
}
