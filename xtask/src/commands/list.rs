//! `list`: the examples by topic, with what each shows.

use std::fmt::Write;

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::options::{Names, Status};
use crate::output::Output;

impl Names {
    /// Lists the examples that the names ask for, by topic.
    ///
    /// # Errors
    /// When a name is unknown.
    pub fn list(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let mut text = String::new();
        let mut topic = "";
        let selected = workspace.select(&self.names)?;
        let width = selected.iter().map(|e| e.name.len()).max().unwrap_or(0);
        for example in selected {
            if example.topic != topic {
                let gap = if topic.is_empty() { "" } else { "\n" };
                topic = &example.topic;
                let _ = writeln!(text, "{gap}{}", output.bold(topic));
            }
            let title = match &example.header {
                Ok(header) => &header.title,
                Err(_) => {
                    "(its header has faults: `cargo xtask check-all` tells)"
                }
            };
            let (number, name) = (example.number, &example.name);
            let _ = writeln!(text, "  {number:02} {name:width$}  {title}");
        }
        output.print(text);
        Ok(Status::Well)
    }
}
