//! `record`: writes down, for each example, the run that the pictures are drawn
//! from; and for each sabotage the broken run, with what the check said of it.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;

use super::breakage;
use crate::Error;
use crate::catalogue::case::{self, Case};
use crate::catalogue::language::Language;
use crate::catalogue::workspace::{Example, Workspace};
use crate::files;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::recording::Recording;
use crate::results::{Checked, Failure, Verdict};
use crate::session::{self, Plan, Session};

/// What `record` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// Of how many runs the one is kept whose actors interleave most
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Run nothing, write nothing: compare each recording with its expectation
    #[arg(long)]
    check: bool,
}

impl Options {
    /// Runs `record`.
    ///
    /// # Errors
    /// Under continuous integration, or when nothing can be run or written.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let examples = workspace.select(&self.names.names)?;
        if self.check {
            return check(workspace, &examples, output);
        }
        if std::env::var_os("CI").is_some_and(|ci| ci != "false") {
            return Err(Error::Usage(
                "record does not run under CI (the environment variable is \
                 set): a recording is committed by a person who has looked at \
                 it; `record --check` compares"
                    .into(),
            ));
        }
        let session = Session::new(workspace, output)?;
        let sound = case::build(workspace, &session.runner, &examples, true)?.0;
        let runs = u64::from(self.runs);
        let mut recorder =
            Recorder { session: &session, written: 0, failed: 0 };
        recorder.sound(&sound, runs)?;
        recorder.broken(&examples)?;
        let Recorder { written, failed, .. } = recorder;
        if self.names.names.is_empty() {
            remove_orphans(workspace)?;
        }
        output.print(format!("{written} written, {failed} refused\n"));
        Ok(Status::of(session.runner.interrupted(), failed))
    }
}

struct Recorder<'s, 'w> {
    session: &'s Session<'w>,
    written: usize,
    failed: usize,
}

impl Recorder<'_, '_> {
    /// Records what the check accepts.
    fn sound(&mut self, cases: &[Case<'_>], runs: u64) -> Result<(), Error> {
        let mut best: BTreeMap<usize, Recording> = BTreeMap::new();
        let mut refused: BTreeMap<usize, Failure> = BTreeMap::new();
        self.each(cases, runs, |case, Checked { verdict, observed, .. }| {
            let recording = observed.as_ref().map(Recording::of);
            match (verdict, recording) {
                (Verdict::Passed(_), Some(new)) => {
                    let old = best.get(&case).map(Recording::changes);
                    if old.is_none_or(|old| old < new.changes()) {
                        best.insert(case, new);
                    }
                }
                (Verdict::Failed(failure), _) => {
                    refused.entry(case).or_insert(failure);
                }
                _ => {}
            }
        });
        for failure in refused.values() {
            self.session.output.failed(failure);
            self.failed += 1;
        }
        for (case, recording) in best {
            if !refused.contains_key(&case) {
                let Case { example, language, .. } = cases[case];
                let file = file(example, language, None);
                self.write(&file, &recording)?;
            }
        }
        Ok(())
    }

    /// Records each sabotage.
    fn broken(&mut self, examples: &[&Example]) -> Result<(), Error> {
        if self.session.runner.interrupted() {
            return Ok(());
        }
        let (broken, problems) = breakage::sabotage(examples, true)?;
        for (example, problem) in &problems {
            let shown = self.session.workspace.relative(&example.source);
            self.refuse(&problem.in_file(&shown));
        }
        if broken.is_empty() {
            return Ok(());
        }
        let ready = breakage::prepare(self.session, &broken, true)?;
        let mut runs: BTreeMap<usize, (Recording, Vec<String>)> =
            BTreeMap::new();
        self.each(
            &ready.cases,
            1,
            |case, Checked { verdict, observed, .. }| {
                if let (Verdict::Failed(failure), Some(observed)) =
                    (verdict, observed)
                {
                    let recording = Recording::of(&observed);
                    runs.insert(case, (recording, failure.faults()));
                }
            },
        );
        for (nth, broken) in broken.iter().enumerate() {
            let example = broken.of;
            let Some((mut recording, said)) = runs.remove(&nth) else {
                let shown = self.session.workspace.relative(&example.source);
                let line = broken.sabotage.line;
                self.refuse(&format!(
                    "{shown}:{line}: the check does not see it; `cargo xtask \
                     break --python {}` says more",
                    example.name
                ));
                continue;
            };
            recording.sabotage = Some(broken.sabotage.to_string());
            recording.said = said;
            let which = Some(broken.nth);
            let file = file(example, broken.sabotage.language, which);
            self.write(&file, &recording)?;
        }
        Ok(())
    }

    fn each(
        &self,
        cases: &[Case<'_>],
        runs: u64,
        mut take: impl FnMut(usize, Checked),
    ) {
        let at = |nth: u64| (nth % cases.len() as u64) as usize;
        let plan = Plan {
            runs: runs * cases.len() as u64,
            jobs: session::default_jobs(),
            what: "",
        };
        let runner = &self.session.runner;
        self.session.run(
            plan,
            |nth| cases[at(nth)].check(runner, 1),
            |nth, checked| {
                take(at(nth), checked);
                ControlFlow::Continue(())
            },
        );
    }

    fn refuse(&mut self, why: &str) {
        let output = self.session.output;
        output.print(format!("{} {why}\n", output.red("refused")));
        self.failed += 1;
    }

    fn write(
        &mut self,
        file: &Path,
        recording: &Recording,
    ) -> Result<(), Error> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|e| Error::file(folder, e))?;
        }
        let mut text = recording.to_string();
        // Where things lie on this machine is nobody's affair.
        if let Some(root) = file.ancestors().nth(3) {
            text = text.replace(&format!("{}/", root.display()), "");
        }
        let home = std::env::home_dir().filter(|home| home.is_absolute());
        if let Some(home) = home.filter(|home| home.parent().is_some()) {
            text = text.replace(&format!("{}/", home.display()), "~/");
        }
        if files::read(file).is_ok_and(|old| old == text) {
            return Ok(());
        }
        self.written += 1;
        match file.exists() {
            true => files::replace(file, &text),
            false => files::create(file, &text),
        }
    }
}

/// Where the recording of an example is, or that of its `nth` sabotage.
pub fn file(
    example: &Example,
    language: Language,
    nth: Option<usize>,
) -> PathBuf {
    let name = &example.name;
    let nth = nth.map_or(String::new(), |nth| format!(".break{nth}"));
    let kind = match language {
        Language::Rust => "txt",
        Language::Python => "py.txt",
    };
    let folder = example.source.ancestors().nth(2).unwrap_or(Path::new("."));
    folder.join("recordings").join(format!("{name}{nth}.{kind}"))
}

/// The recording in `file`, if it is there.
///
/// # Errors
/// Why it cannot be read.
pub fn read(file: &Path) -> Result<Option<Recording>, String> {
    let text = match files::read(file) {
        Ok(text) => text,
        Err(_) if !file.exists() => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let recording = Recording::parse(&text);
    recording.map(Some).map_err(|line| format!("line {line} cannot be read"))
}

/// Every recording that an example is to have.
fn files_of(example: &Example) -> Vec<(PathBuf, Option<String>)> {
    let Ok(header) = &example.header else { return Vec::new() };
    let mut all = vec![(file(example, Language::Rust, None), None)];
    if !header.has_no_python() {
        all.push((file(example, Language::Python, None), None));
    }
    for (i, sabotage) in header.sabotages.iter().enumerate() {
        let file = file(example, sabotage.language, Some(i + 1));
        all.push((file, Some(sabotage.to_string())));
    }
    all
}

/// Compares each recording with the expectation as it is today.
fn check(
    workspace: &Workspace,
    examples: &[&Example],
    output: &Output,
) -> Result<Status, Error> {
    let stale = stale(workspace, examples);
    for line in &stale {
        output.print(format!("{} {line}\n", output.red("stale")));
    }
    let checked: usize = examples.iter().map(|e| files_of(e).len()).sum();
    output.print(format!("{checked} recordings, {} stale\n", stale.len()));
    Ok(Status::of(false, stale.len()))
}

/// The recordings that are missing or are not of today's examples, a line each
/// with what mends it.
pub fn stale(workspace: &Workspace, examples: &[&Example]) -> Vec<String> {
    let mut found = Vec::new();
    for example in examples {
        let source = workspace.relative(&example.source);
        let expectation = case::expectation(example, &source);
        for (file, sabotage) in files_of(example) {
            let fault = match &expectation {
                Err(why) => Some(why.clone()),
                Ok(expectation) => fault(&file, sabotage, expectation),
            };
            if let Some(why) = fault {
                let shown = workspace.relative(&file);
                let name = &example.name;
                let way_out = format!("run: cargo xtask record {name}");
                found.push(format!("{shown}: {why}; {way_out}"));
            }
        }
    }
    for orphan in orphans(workspace) {
        let shown = workspace.relative(&orphan);
        found.push(format!("{shown}: of no example; run: cargo xtask record"));
    }
    found
}

/// Why a recording is not what it should be.
fn fault(
    file: &Path,
    sabotage: Option<String>,
    expectation: &expect::Expectation,
) -> Option<String> {
    let recording = match read(file) {
        Ok(Some(recording)) => recording,
        Ok(None) => return Some("is missing".into()),
        Err(why) => return Some(why),
    };
    if recording.sabotage != sabotage {
        return Some("is of another sabotage".into());
    }
    let compared = expectation.compare(&recording.observed());
    match (sabotage, compared) {
        (None, Err(report)) => Some(report.headline()),
        (Some(_), Ok(_)) if recording.said.is_empty() => {
            Some("the check does not say what is wrong with it".into())
        }
        _ => None,
    }
}

/// Recordings of examples or sabotages that are not there any more.
fn orphans(workspace: &Workspace) -> Vec<PathBuf> {
    let known: Vec<PathBuf> = workspace
        .examples
        .iter()
        .flat_map(files_of)
        .map(|(file, _)| file)
        .collect();
    let mut found = Vec::new();
    for topic in &workspace.topics {
        let folder = workspace.root.join(topic).join("recordings");
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        let files = entries.flatten().map(|entry| entry.path());
        found.extend(files.filter(|file| !known.contains(file)));
    }
    found.sort();
    found
}

fn remove_orphans(workspace: &Workspace) -> Result<(), Error> {
    for file in orphans(workspace) {
        fs::remove_file(&file).map_err(|e| Error::file(&file, e))?;
    }
    Ok(())
}
