//! `list` and `show`: for the reader who looks around.

use std::fmt::Write;
use std::fs;

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::cli::Status;
use crate::output::{self, Color};

/// Lists the examples that `names` ask for, by topic.
///
/// # Errors
/// When a name is unknown.
pub fn list(
    workspace: &Workspace,
    names: &[String],
    color: Color,
) -> Result<Status, Error> {
    let mut text = String::new();
    let mut topic = "";
    let selected = workspace.select(names)?;
    let width = selected.iter().map(|e| e.name.len()).max().unwrap_or(0);
    for example in selected {
        if example.topic != topic {
            let gap = if topic.is_empty() { "" } else { "\n" };
            topic = &example.topic;
            let _ = writeln!(text, "{gap}{}", color.bold(topic));
        }
        let title = match &example.header {
            Ok(header) => &header.title,
            Err(_) => "(its header has faults: `cargo xtask check-all` tells)",
        };
        let (number, name) = (example.number, &example.name);
        let _ = writeln!(text, "  {number:02} {name:width$}  {title}");
    }
    output::print(text);
    Ok(Status::Well)
}

/// How wide each of the two columns of `show` is.
const COLUMN: usize = 80;

/// Shows an example and its sibling beside each other.
///
/// # Errors
/// When there is no such example, or its sibling cannot be read.
pub fn show(workspace: &Workspace, name: &str) -> Result<Status, Error> {
    let selected = workspace.select(&[name.to_owned()])?;
    let [example] = selected[..] else {
        return Err(Error::new(format!(
            "`{name}` is a topic; `cargo xtask list {name}` shows its examples"
        )));
    };
    let sibling = example.sibling();
    let python = match &example.header {
        Ok(header) if header.has_no_python() => {
            format!("Python: {}", header.python)
        }
        _ => fs::read_to_string(&sibling).map_err(|e| {
            Error::new(format!("{}: {e}", workspace.relative(&sibling)))
        })?,
    };
    let mut text = format!(
        "{:COLUMN$} │ {}\n",
        workspace.relative(&example.source),
        workspace.relative(&sibling)
    );
    let (mut left, mut right) = (example.text.lines(), python.lines());
    loop {
        let (l, r) = (left.next(), right.next());
        if l.is_none() && r.is_none() {
            break;
        }
        let (l, r) = (l.unwrap_or_default(), r.unwrap_or_default());
        let _ = writeln!(text, "{l:COLUMN$} │ {r}");
    }
    output::print(text);
    Ok(Status::Well)
}
