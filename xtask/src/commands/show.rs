//! `show`: an example's source and its sibling beside each other, or a run.

use std::fmt::Write;

use clap::Args;
use supervise::{Fault, Outcome};

use crate::Error;
use crate::catalogue::case;
use crate::catalogue::workspace::{Example, Workspace};
use crate::files;
use crate::options::Status;
use crate::output::Output;
use crate::recording::{Event, Recording};
use crate::session::Session;

/// How wide each of the two columns is.
const COLUMN: usize = 80;

/// What `show` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The example
    name: String,
    /// Run it, and show who wrote each line, and when each thread and process
    /// began and ended
    #[arg(long)]
    run: bool,
    /// With --run, run the Python sibling
    #[arg(long, requires = "run")]
    python: bool,
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
        if !self.run {
            output.print(sources(workspace, example)?);
            return Ok(Status::Well);
        }
        let Session { runner, .. } = Session::new(workspace, output)?;
        let (cases, _) =
            case::build(workspace, &runner, &[example], self.python)?;
        let Some(case) = cases.last() else { return Ok(Status::Failed) };
        let ready = case.ready.as_ref().map_err(|w| Error::Usage(w.clone()))?;
        match runner.run(&ready.job, ready.timeout()) {
            Err(Fault::Interrupted) => Ok(Status::Interrupted),
            Err(fault) => Err(Error::Usage(fault.to_string())),
            Ok(outcome) => {
                output.print(run(&outcome));
                Ok(Status::Well)
            }
        }
    }
}

/// A run, a line an event: who it is about, and what.
fn run(outcome: &Outcome) -> String {
    let Recording { events, ending, .. } = Recording::of(&outcome.observed);
    let rows: Vec<(&str, String)> = events
        .iter()
        .map(|event| match event {
            Event::Begins(who) => (&**who, "begins".into()),
            Event::Ends(who) => (&**who, "ends".into()),
            Event::Says { who, text } => (&**who, format!("│ {text}")),
            Event::Complains(text) => ("stderr", format!("│ {text}")),
        })
        .collect();
    let width = rows.iter().map(|(who, _)| who.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (who, what) in rows {
        let _ = writeln!(text, "{who:width$}  {what}");
    }
    let _ = writeln!(text, "ended with {ending}");
    if let Some(why) = &outcome.unseen {
        let _ = writeln!(text, "who wrote which line was not seen: {why}");
    }
    text
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
