//! The index by name: too long for one page, so each page has some modules, and
//! leads to all others.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::layout::Page;
use crate::prose;

/// How many bytes of tables a page takes; what is around them comes on top.
const PAGE: usize = 50_000;
/// A package with more names than these is shown by module.
const MANY: usize = 40;

/// A module, and the rows of its names.
struct Module<'t> {
    name: String,
    rows: Vec<&'t str>,
}

impl Module<'_> {
    fn anchor(&self) -> String {
        self.name.replace("::", "-")
    }
}

/// The pages of a language: `table` is what `cargo xtask index` wrote for it.
pub(crate) fn pages(language: &str, table: &str) -> Vec<Page> {
    let modules = modules(table);
    let mut parts: Vec<Vec<(&Module<'_>, Markup)>> = Vec::new();
    let mut size = PAGE;
    for module in &modules {
        let shown = shown(module);
        if size + shown.0.len() > PAGE {
            parts.push(Vec::new());
            size = 0;
        }
        size += shown.0.len();
        if let Some(part) = parts.last_mut() {
            part.push((module, shown));
        }
    }
    let start = language.to_lowercase();
    let path = |part: usize| match part {
        0 => format!("{start}.html"),
        part => format!("{start}-{}.html", part + 1),
    };
    let title = format!("{language} names, and where they are used");
    let page = |(nth, part): (usize, &Vec<(&Module<'_>, Markup)>)| Page {
        path: path(nth),
        title: match nth {
            0 => title.clone(),
            nth => format!("{title} ({})", nth + 1),
        },
        about: format!("{title}, from the examples themselves."),
        body: html! {
            h1 { (title) }
            p.modules {
                @for (other, part) in parts.iter().enumerate() {
                    @for (module, _) in part {
                        a href=(format!("{}#{}", path(other), module.anchor())) {
                            (module.name)
                        }
                        " "
                    }
                }
            }
            @for (_, shown) in part { (shown) }
        },
        neighbours: [
            nth.checked_sub(1).map(|nth| (path(nth), title.clone())),
            parts.get(nth + 1).map(|_| (path(nth + 1), title.clone())),
        ],
    };
    parts.iter().enumerate().map(page).collect()
}

fn shown(module: &Module<'_>) -> Markup {
    let rows = module.rows.join("\n");
    let table = format!("\n\n| name | examples |\n|---|---|\n{rows}\n");
    html! {
        h2 id=(module.anchor()) { (module.name) }
        div.names { (prose::page(&table)) }
    }
}

/// The names by package, and those of a large one by module.
fn modules(table: &str) -> Vec<Module<'_>> {
    let named = |row: &'_ str| {
        let name = row.strip_prefix("| `")?.split('`').next()?;
        Some(name.to_owned())
    };
    let rows: Vec<(String, &str)> =
        table.lines().filter_map(|row| Some((named(row)?, row))).collect();
    let package = |name: &str| {
        let end = name.find([':', '.']).unwrap_or(name.len());
        name[..end].to_owned()
    };
    let mut many: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in &rows {
        *many.entry(package(name)).or_default() += 1;
    }
    let mut modules: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, row) in rows {
        let mut module = package(&name);
        let mut parts = name.split("::").skip(1);
        if many[&module] > MANY
            && let (Some(part), Some(_)) = (parts.next(), parts.next())
        {
            module = format!("{module}::{part}");
        }
        modules.entry(module).or_default().push(row);
    }
    let module = |(name, rows)| Module { name, rows };
    modules.into_iter().map(module).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tables_are_parted_between_modules() {
        let row = |name: String| {
            format!("| `{name}` | [a](ipc/examples/01_a.rs) |\n")
        };
        let mut table: String = (0..MANY + 1)
            .map(|nth| row(format!("std::sync::Name{nth}")))
            .collect();
        table += &row("std::thread::spawn".into());
        table += &row("x::y::z".into());
        let names: Vec<String> =
            modules(&table).into_iter().map(|module| module.name).collect();
        assert_eq!(names, ["std::sync", "std::thread", "x"]);
        let pages = pages("Rust", &table.repeat(PAGE / table.len() + 1));
        let paths: Vec<&str> = pages.iter().map(|p| &*p.path).collect();
        assert_eq!(paths, ["rust.html", "rust-2.html"]);
        let first = &pages[0].body.0;
        assert!(first.contains("href=\"rust-2.html#x\""), "{first}");
        assert!(first.contains("id=\"std-sync\""), "{first}");
    }
}
