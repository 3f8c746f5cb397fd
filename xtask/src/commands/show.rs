//! `show`: an example's source and its sibling beside each other, or a run.

use std::fmt::Write;

use clap::Args;
use expect::Cast;
use supervise::{Fault, Outcome};

use crate::Error;
use crate::catalogue::case;
use crate::catalogue::workspace::{Example, Workspace};
use crate::files;
use crate::options::Status;
use crate::output::Output;
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
            Err(Fault::Failed(why)) => Err(Error::Usage(why)),
            Ok(outcome) => {
                output.print(run(&outcome));
                Ok(Status::Well)
            }
        }
    }
}

/// A run, a line an event: who wrote it, and what.
fn run(outcome: &Outcome) -> String {
    let observed = &outcome.observed;
    let Some(cast) = &observed.cast else {
        let mut text = String::new();
        for line in &observed.lines {
            let _ = writeln!(text, "{}", line.text);
        }
        if let Some(why) = &outcome.unseen {
            let _ = writeln!(text, "who wrote it was not seen: {why}");
        }
        return text;
    };
    let who: Vec<String> =
        (0..cast.lives.len()).map(|n| name(cast, n)).collect();
    let mut events: Vec<(u64, &str, String)> = Vec::new();
    for (life, who) in cast.lives.iter().zip(&who) {
        events.push((life.begun, who, format!("begins (id {})", life.tid)));
        if let Some(ended) = life.ended {
            events.push((ended, who, "ends".into()));
        }
    }
    let mut latest = 0;
    for line in &observed.lines {
        let by = line.spoken.map_or("?", |spoken| &who[spoken.by]);
        latest = line.spoken.map_or(latest, |spoken| spoken.when);
        events.push((latest, by, format!("│ {}", line.text)));
    }
    events.sort_by_key(|(when, ..)| *when);
    let width = who.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for (_, who, what) in events {
        let _ = writeln!(text, "{who:width$}  {what}");
    }
    let _ = writeln!(text, "ended with {}", observed.ending);
    text
}

/// What a thread is called: the process it is of, and which of its threads.
fn name(cast: &Cast, which: usize) -> String {
    let life = &cast.lives[which];
    let process = match life.process {
        0 => "main".to_owned(),
        nth => format!("process {nth}"),
    };
    let fellows = cast.lives[..which].iter();
    let nth = fellows.filter(|other| other.process == life.process).count();
    match (life.initial, life.process) {
        (true, _) => process,
        (false, 0) => format!("thread {nth}"),
        (false, _) => format!("{process}, thread {nth}"),
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
