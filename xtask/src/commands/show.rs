//! `show`: an example's source and its sibling beside each other, or a run.

use std::fmt::Write;

use clap::Args;

use crate::Error;
use crate::catalogue::workspace::{Example, Workspace};
use crate::files;
use crate::options::Status;
use crate::output::Output;

/// How wide each of the two columns is.
const COLUMN: usize = 80;

/// What `show` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The example
    name: String,
}

impl Options {
    /// Shows an example and its sibling beside each other.
    ///
    /// # Errors
    /// When there is no such example, or its sibling cannot be read.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let name = &self.name;
        let selected = workspace.select(std::slice::from_ref(name))?;
        let [example] = selected[..] else {
            return Err(Error::Usage(format!(
                "`{name}` is a topic; `cargo xtask list {name}` shows its \
                 examples"
            )));
        };
        output.print(sources(workspace, example)?);
        Ok(Status::Well)
    }
}

fn sources(workspace: &Workspace, example: &Example) -> Result<String, Error> {
    let sibling = example.sibling();
    let python = match &example.header {
        Ok(header) if header.has_no_python() => {
            format!("Python: {}", header.python)
        }
        _ => files::read(&sibling)?,
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
            return Ok(text);
        }
        let (l, r) = (l.unwrap_or_default(), r.unwrap_or_default());
        let _ = writeln!(text, "{l:COLUMN$} │ {r}");
    }
}
