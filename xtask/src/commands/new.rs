//! `new`: begins an example.

use std::fs;
use std::path::Path;

use clap::Args;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::Error;
use crate::catalogue::header::SCAFFOLD;
use crate::catalogue::workspace::Workspace;
use crate::files;
use crate::options::Status;
use crate::output::Output;

/// What `new` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The crate it goes to
    topic: String,
    /// Its name, in snake_case, unique in the workspace
    name: String,
}

impl Options {
    /// Makes the next example of the topic: both files and the manifest row; or
    /// nothing of all that.
    ///
    /// # Errors
    /// When the topic is unknown, the name is taken or malformed, or a file
    /// cannot be written.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let Options { topic, name } = self;
        self.check(workspace).map_err(Error::Usage)?;
        let of_topic = workspace.examples.iter().filter(|e| e.topic == *topic);
        let number = of_topic.map(|e| e.number).max().unwrap_or(0) + 1;
        let folder = workspace.root.join(topic);
        let stem = format!("{number:02}_{name}");
        let source = folder.join("examples").join(format!("{stem}.rs"));
        let sibling = source.with_extension("py");
        // The row last: it makes an example of the files.
        files::create(&source, &rust(&stem, name))?;
        let rest = files::create(&sibling, &python(name))
            .and_then(|()| {
                let added = add_row(&folder.join("Cargo.toml"), name, &stem);
                added.inspect_err(|_| _ = fs::remove_file(&sibling))
            })
            .inspect_err(|_| _ = fs::remove_file(&source));
        rest?;
        output.print(format!(
            "{topic}/examples/{stem}.rs\n{topic}/examples/{stem}.py\n\
             Fill them in, then: cargo xtask check-all --python {name}\n"
        ));
        Ok(Status::Well)
    }

    fn check(&self, workspace: &Workspace) -> Result<(), String> {
        let Options { topic, name } = self;
        if !workspace.topics.contains(topic) {
            return Err(format!(
                "no topic is called `{topic}`; there are {}",
                workspace.topics.join(", ")
            ));
        }
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !starts_well || !name.chars().all(|c| allowed(c) || c == '_') {
            return Err(format!(
                "`{name}` is no name for an example; use snake_case"
            ));
        }
        if workspace.topics.contains(name) {
            return Err(format!(
                "`{name}` is a topic, and commands take both; use another name"
            ));
        }
        match workspace.examples.iter().find(|e| e.name == *name) {
            Some(other) => Err(format!(
                "the name is taken by {}; names are unique in the workspace",
                workspace.relative(&other.source)
            )),
            None => Ok(()),
        }
    }
}

fn add_row(path: &Path, name: &str, stem: &str) -> Result<(), Error> {
    let fail = |why: String| Error::source(path, why);
    let text = files::read(path)?;
    let mut manifest: DocumentMut =
        text.parse().map_err(|e: toml_edit::TomlError| fail(e.to_string()))?;
    let rows = manifest
        .entry("example")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let rows = rows.as_array_of_tables_mut();
    let rows = rows.ok_or_else(|| fail("`example` is no list".into()))?;
    let mut row = Table::new();
    row["name"] = value(name);
    row["path"] = value(format!("examples/{stem}.rs"));
    rows.push(row);
    files::replace(path, &manifest.to_string())
}

fn rust(stem: &str, name: &str) -> String {
    let [(_, title), (_, python), (_, text)] = SCAFFOLD;
    format!(
        "\
//! {name}: {title}
//!
//! Python: {python}, in `{stem}.py`.
//! Notes: none.
//!
//! {text}
//!
//! ```text,expect
//! main: ready
//! ```
//!
//! Break it: `ready` => `broken`
//! Break it (Python): `ready` => `broken`

fn main() {{
    println!(\"main: ready\");
}}
"
    )
}

fn python(name: &str) -> String {
    format!(
        "\
\"\"\"{name}: the point in a few words.\"\"\"


def main() -> None:
    print(\"main: ready\")


if __name__ == \"__main__\":
    main()
"
    )
}
