//! `bless`: proposes an expectation from what an example really prints.

use clap::Args;
use expect::{
    Ending, Expectation, Observed, Section, SectionKind, SourceLine, Stream,
    propose_speakers,
};
use supervise::{Fault, Runner};

use crate::Error;
use crate::catalogue::case::{self, Case};
use crate::catalogue::header::Header;
use crate::catalogue::workspace::{Example, Workspace};
use crate::commands::propose;
use crate::files;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::session::Session;

/// What `bless` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// How often to run each example, to see where its runs differ
    #[arg(long, value_name = "N", default_value_t = 10)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..))]
    runs: u32,
    /// Take in what the Python siblings print too
    #[arg(long)]
    python: bool,
    /// Propose who speaks, too, where an expectation that holds has no rules
    #[arg(long)]
    speakers: bool,
    /// Show the proposals, write nothing
    #[arg(long)]
    dry_run: bool,
}

impl Options {
    /// Runs `bless`.
    ///
    /// # Errors
    /// Under continuous integration, or when nothing can be run at all.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        if std::env::var_os("CI").is_some_and(|ci| ci != "false") {
            return Err(Error::Usage(
                "bless does not run under CI (the environment variable is \
                 set): an expectation is written by a person who has read the \
                 output"
                    .into(),
            ));
        }
        let Session { runner, .. } = Session::new(workspace, output)?;
        let examples = workspace.select(&self.names.names)?;
        let (cases, _) =
            case::build(workspace, &runner, &examples, self.python)?;
        let (mut kept, mut written, mut refused) = (0, 0, 0);
        for cases in cases.chunk_by(|a, b| a.example.name == b.example.name) {
            let example = cases[0].example;
            let shown = workspace.relative(&example.source);
            match self.bless(example, cases, &runner) {
                Err(Refusal::Interrupted) => return Ok(Status::Interrupted),
                Err(Refusal::Because(why)) => {
                    refused += 1;
                    let word = output.red("refused");
                    output.print(format!("{word} {shown}: {why}\n"));
                }
                Ok(None) => kept += 1,
                Ok(Some(lines)) => {
                    written += 1;
                    output.print(format!(
                        "{} {shown}\n{}\n",
                        output.bold("proposed"),
                        lines.join("\n")
                    ));
                    if !self.dry_run {
                        write(example, &lines)?;
                    }
                }
            }
        }
        let verb = if self.dry_run { "proposed" } else { "written" };
        output.print(format!(
            "{kept} unchanged, {written} {verb}, {refused} refused\n"
        ));
        Ok(Status::of(false, refused))
    }

    /// The lines of a new expectation; none where the old one still holds.
    fn bless(
        &self,
        example: &Example,
        cases: &[Case<'_>],
        runner: &Runner,
    ) -> Result<Option<Vec<String>>, Refusal> {
        let Ok(header) = &example.header else {
            return Err(because(
                "mend its header first: `check-all` tells how",
            ));
        };
        let runs = runs(cases, runner, self.runs)?;
        let Some(Ok(ready)) = cases.first().map(|case| &case.ready) else {
            return Ok(None);
        };
        let old = &ready.expectation;
        let (rules, peaks) = (old.speakers(), old.peaks());
        let speakers = match rules.is_empty() && peaks.is_empty() {
            true => propose_speakers(&runs),
            false => Vec::new(),
        };
        let holds = runs.iter().all(|run| old.compare(run).is_ok());
        if holds && (!self.speakers || speakers.is_empty()) {
            return Ok(None);
        }
        let mut lines = speakers;
        if holds {
            lines.extend(header.expectation.iter().map(|l| l.text.clone()));
        } else {
            let texts: Vec<Vec<&str>> = runs.iter().map(stdout).collect();
            let new = propose::propose(&header.expectation, old, &texts);
            lines.extend(new.map_err(because)?);
        }
        confirm(&lines, old, &runs).map_err(because)?;
        Ok(Some(lines))
    }
}

enum Refusal {
    Interrupted,
    Because(String),
}

fn because(why: impl Into<String>) -> Refusal {
    Refusal::Because(why.into())
}

/// So many runs of each case, all of them sound.
fn runs(
    cases: &[Case<'_>],
    runner: &Runner,
    times: u32,
) -> Result<Vec<Observed>, Refusal> {
    let mut runs = Vec::new();
    for case in cases {
        let ready = case.ready.as_ref().map_err(because)?;
        for _ in 0..times {
            let outcome = runner.run(&ready.job, ready.timeout());
            let observed = match outcome {
                Ok(outcome) => outcome.observed,
                Err(Fault::Interrupted) => return Err(Refusal::Interrupted),
                Err(fault) => return Err(because(fault.to_string())),
            };
            sound(&observed, &ready.expectation).map_err(because)?;
            runs.push(observed);
        }
    }
    Ok(runs)
}

fn stdout(run: &Observed) -> Vec<&str> {
    let lines = run.lines.iter().filter(|l| l.stream == Stream::Stdout);
    lines.map(|line| line.text.as_str()).collect()
}

/// Only a run that ended as it should and left nothing says what is right.
fn sound(run: &Observed, old: &Expectation) -> Result<(), String> {
    let settings = old.settings();
    if let Ending::TimedOut(after) = run.ending {
        return Err(format!("it was still running after {after:?}"));
    }
    if run.ending != settings.ending {
        return Err(format!(
            "it ended with {}; if that is right, write `@exit` or `@signal`",
            run.ending
        ));
    }
    if let Some(leak) = run.leaks.first() {
        return Err(format!("it leaks: {leak}"));
    }
    if let Some(note) = run.notes.first() {
        return Err(note.clone());
    }
    let stderr = run.lines.iter().find(|l| l.stream == Stream::Stderr);
    match stderr {
        Some(line) if !settings.stderr_any => Err(format!(
            "it wrote to standard error: {}; if that is right, write \
             `@stderr any`",
            line.text
        )),
        _ => Ok(()),
    }
}

/// The proposal must hold for every run it was made from, and lose no label and
/// no rule.
fn confirm(
    lines: &[String],
    old: &Expectation,
    runs: &[Observed],
) -> Result<(), String> {
    let lines: Vec<SourceLine> = lines
        .iter()
        .enumerate()
        .map(|(i, text)| SourceLine { number: i + 1, text: text.clone() })
        .collect();
    let by_hand = "; write it by hand";
    let labels = |e: &Expectation| {
        let mut all: Vec<String> =
            e.patterns().iter().flat_map(|p| p.labels.clone()).collect();
        all.sort();
        all
    };
    let new = Expectation::parse(&lines)
        .map_err(|errors| format!("no proposal: {}{by_hand}", errors[0]))?;
    if labels(&new) != labels(old) || new.rules().len() != old.rules().len() {
        return Err(format!("a label would be lost{by_hand}"));
    }
    let rules = |e: &Expectation| {
        (e.speakers().len(), e.peaks().len(), e.spans().len())
    };
    let is_shared = |s: &Section| s.kind == SectionKind::Shared;
    let shared = |e: &Expectation| e.sections().iter().any(is_shared);
    let ((a, b, c), (x, y, z)) = (rules(&new), rules(old));
    if a < x || b < y || c < z || shared(old) && !shared(&new) {
        return Err(format!("a rule would be lost{by_hand}"));
    }
    for run in runs {
        if let Err(report) = new.compare(run) {
            let why = report.headline();
            return Err(format!("runs differ too much: {why}{by_hand}"));
        }
    }
    Ok(())
}

/// Puts `lines` in place of the example's expectation; all else stays as it is,
/// the ends of lines too.
fn write(example: &Example, lines: &[String]) -> Result<(), Error> {
    let Ok(Header { expectation, .. }) = &example.header else {
        return Ok(());
    };
    let end = if example.text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text: Vec<String> =
        example.text.split_inclusive('\n').map(str::to_owned).collect();
    // Where the old block is empty there was nothing to parse and no proposal.
    if let (Some(first), Some(last)) = (expectation.first(), expectation.last())
    {
        let new = lines.iter().map(|line| {
            let space = if line.is_empty() { "" } else { " " };
            format!("//!{space}{line}{end}")
        });
        text.splice(first.number - 1..last.number, new);
    }
    files::replace(&example.source, &text.concat())
}
