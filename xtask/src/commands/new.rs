//! `new`: begins an example.

use std::fs;
use std::path::Path;

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::cli::Status;
use crate::output;

/// Makes the next example of `topic`: both files and the manifest row.
///
/// # Errors
/// When the topic is unknown, the name is taken or malformed, or a file cannot
/// be written.
pub fn run(
    workspace: &Workspace,
    topic: &str,
    name: &str,
) -> Result<Status, Error> {
    if !workspace.topics.iter().any(|t| t == topic) {
        return Err(Error::new(format!(
            "no topic is called `{topic}`; there are {}",
            workspace.topics.join(", ")
        )));
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !starts_well || !name.chars().all(|c| allowed(c) || c == '_') {
        return Err(Error::new(format!(
            "`{name}` is no name for an example; use snake_case"
        )));
    }
    if let Some(other) = workspace.examples.iter().find(|e| e.name == name) {
        return Err(Error::new(format!(
            "the name is taken by {}; names are unique in the workspace",
            workspace.relative(&other.source)
        )));
    }
    let of_topic = workspace.examples.iter().filter(|e| e.topic == topic);
    let number = of_topic.map(|e| e.number).max().unwrap_or(0) + 1;
    let folder = workspace.root.join(topic);
    let stem = format!("{number:02}_{name}");
    let source = folder.join("examples").join(format!("{stem}.rs"));
    write_new(&source, &rust(&stem, name))?;
    write_new(&source.with_extension("py"), &python(name))?;
    append_row(&folder.join("Cargo.toml"), name, &stem)?;
    output::print(format!(
        "{topic}/examples/{stem}.rs\n{topic}/examples/{stem}.py\n\
         Fill them in, then: cargo xtask check-all --python {name}\n"
    ));
    Ok(Status::Well)
}

fn write_new(path: &Path, text: &str) -> Result<(), Error> {
    use std::io::Write;
    fs::File::create_new(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|e| Error::new(format!("{}: {e}", path.display())))
}

fn append_row(path: &Path, name: &str, stem: &str) -> Result<(), Error> {
    let row = format!(
        "\n[[example]]\nname = \"{name}\"\npath = \"examples/{stem}.rs\"\n"
    );
    let fail = |e| Error::new(format!("{}: {e}", path.display()));
    let manifest = fs::read_to_string(path).map_err(fail)?;
    fs::write(path, manifest + &row).map_err(fail)
}

fn rust(stem: &str, name: &str) -> String {
    format!(
        "\
//! {name}: the point in a few words.
//!
//! Python: `module.counterpart`, in `{stem}.py`.
//! Notes: none.
//!
//! What it is for, and when to reach for it.
//!
//! ```text,expect
//! main: ready
//! ```
//!
//! Break it: `ready` => `broken`

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
