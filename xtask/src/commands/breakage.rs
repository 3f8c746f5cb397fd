//! `break`: proves that each example's check sees its own sabotage.

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use expect::Complaint;
use supervise::Runner;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::Error;
use crate::catalogue::cargo::{Build, Built, Tell};
use crate::catalogue::case::{self, Case, Programs};
use crate::catalogue::header::Sabotage;
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use crate::files::read;
use crate::options::{Names, Status};
use crate::output::Output;
use crate::results::{Counts, Verdict};
use crate::session::{self, Plan, Session};

/// What `break` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// Try the sabotages of the Python siblings too
    #[arg(long)]
    python: bool,
    /// Run each broken example this many times; it must fail every time
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Say of each sabotage how it was caught
    #[arg(long, short)]
    verbose: bool,
}

/// One sabotage of one example, with the broken example made of it.
pub(super) struct Broken<'a> {
    /// The sabotage.
    pub(super) sabotage: &'a Sabotage,
    /// Which of its example's it is, from 1.
    pub(super) nth: usize,
    /// The example that was broken.
    pub(super) of: &'a Example,
    /// The broken example.
    pub(super) example: Example,
}

impl Broken<'_> {
    /// Where the sabotage stands, and what it is.
    fn place(&self, workspace: &Workspace) -> String {
        let Broken { sabotage, of, .. } = self;
        let file = workspace.relative(&of.source);
        format!("{file}:{}: {sabotage}", sabotage.line)
    }
}

impl Options {
    /// Runs `break`.
    ///
    /// # Errors
    /// When no copy can be made, or nothing can be run at all.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let examples = workspace.select(&self.names.names)?;
        let session = Session::new(workspace, output)?;
        let mut tally = Tally { output, counts: Counts::default() };
        let (broken, problems) = sabotage(&examples, self.python)?;
        for (example, problem) in problems {
            let shown = workspace.relative(&example.source);
            tally.failed(&problem.in_file(&shown));
        }
        if !broken.is_empty() {
            let ready = prepare(&session, &broken, self.python)?;
            for (which, end) in self.try_all(&session, &ready.cases) {
                let broken = &broken[which];
                let error = ready.built.errors.get(&broken.example.name);
                tally.add(&broken.place(workspace), error, end, self.verbose);
            }
        }
        let interrupted = session.runner.interrupted();
        if interrupted {
            output.print("interrupted; what was known by then:\n");
        }
        output.counts(tally.counts);
        Ok(Status::of(interrupted, tally.counts.failed))
    }

    fn try_all(
        &self,
        session: &Session<'_>,
        cases: &[Case<'_>],
    ) -> BTreeMap<usize, End> {
        let at = |nth: u64| (nth % cases.len() as u64) as usize;
        let plan = Plan {
            runs: u64::from(self.repeat) * cases.len() as u64,
            // A broken example often hangs, and costs no processor while it does.
            jobs: 2 * session::default_jobs(),
            what: "",
        };
        let mut ends: BTreeMap<usize, End> = BTreeMap::new();
        let runner = &session.runner;
        let notices = session.run(
            plan,
            |nth| cases[at(nth)].check(runner, 1),
            |nth, checked| {
                let end = ends.entry(at(nth)).or_default();
                end.runs += 1;
                match checked.verdict {
                    Verdict::Passed(_) => end.survived += 1,
                    Verdict::Failed(failure) if failure.ran() => {
                        end.how = failure.headline();
                    }
                    Verdict::Failed(failure) => {
                        end.not_run = Some(failure.headline());
                    }
                    Verdict::Skipped(_) => end.skipped = true,
                    Verdict::Interrupted => {}
                }
                ControlFlow::Continue(())
            },
        );
        for notice in notices {
            session.output.print(format!("{notice}\n"));
        }
        ends
    }
}

/// The broken examples of `examples`, the siblings' too where `python` asks so;
/// and those sabotages that cannot be made.
///
/// # Errors
/// When a sibling cannot be read.
pub(super) fn sabotage<'e>(
    examples: &[&'e Example],
    python: bool,
) -> Result<(Vec<Broken<'e>>, Vec<Faulty<'e>>), Error> {
    let (mut broken, mut problems) = (Vec::new(), Vec::new());
    for of in examples {
        let header = match &of.header {
            Ok(header) => header,
            Err(faults) => {
                problems
                    .extend(faults.iter().map(|fault| (*of, fault.clone())));
                continue;
            }
        };
        for (nth, sabotage) in (1..).zip(&header.sabotages) {
            let text = match sabotage.language {
                Language::Rust => of.text.clone(),
                Language::Python if !python => continue,
                Language::Python => read(&of.sibling())?,
            };
            match sabotage.apply(&text) {
                Ok(text) => {
                    let example = renamed(of, nth, text);
                    broken.push(Broken { sabotage, nth, of, example });
                }
                Err(problem) => problems.push((*of, problem)),
            }
        }
    }
    Ok((broken, problems))
}

/// A sabotage that cannot be made, and its example.
type Faulty<'e> = (&'e Example, Complaint);

/// The broken examples, built and ready to run.
pub(super) struct Prepared<'b> {
    /// A case each, in their order.
    pub(super) cases: Vec<Case<'b>>,
    built: Built,
    /// Keeps others from the copy.
    _alone: fs::File,
}

/// Makes the copy and builds it.
///
/// # Errors
/// When it cannot be written, or there is no cargo or no Python.
pub(super) fn prepare<'b>(
    session: &Session<'_>,
    broken: &'b [Broken<'_>],
    python: bool,
) -> Result<Prepared<'b>, Error> {
    let workspace = session.workspace;
    let copy = workspace.target.join("xtask/break");
    let alone = lock(&copy)?;
    make_copy(workspace, &copy, broken)?;
    let python = python.then(Python::find).transpose()?;
    let (runner, tell) = (&session.runner, Tell::Nothing);
    let mut built = build(workspace, runner, &copy, broken, tell)?;
    if let Some(python) = &python {
        let siblings = names(broken, Language::Python);
        let siblings = siblings
            .map(|(name, example)| (name, copy.join(sibling_path(example))));
        built.errors.extend(python.faults(siblings)?);
    }
    let cases = cases(workspace, &copy, broken, &built, python.as_ref());
    Ok(Prepared { cases, built, _alone: alone })
}

#[derive(Default)]
struct End {
    runs: u32,
    survived: u32,
    not_run: Option<String>,
    skipped: bool,
    how: String,
}

struct Tally<'o> {
    output: &'o Output,
    counts: Counts,
}

impl Tally<'_> {
    fn failed(&mut self, why: &str) {
        self.counts.failed += 1;
        self.output.print(format!("{} {why}\n", self.output.red("failed")));
    }

    fn add(
        &mut self,
        place: &str,
        error: Option<&String>,
        end: End,
        verbose: bool,
    ) {
        match (error, end.not_run, end.survived) {
            _ if end.skipped => self.counts.skipped += 1,
            (Some(error), ..) => {
                self.failed(&format!("{place}: does not compile: {error}"));
            }
            (_, Some(why), _) => self.failed(&format!("{place}: {why}")),
            (_, _, 0) => {
                self.counts.passed += 1;
                if verbose {
                    self.output.print(format!("{place}: {}\n", end.how));
                }
            }
            (_, _, survived) => self.failed(&format!(
                "{place}: the check still passes, in {survived} of {} runs; \
                 it must fail in each: arrange the schedule, or prove by \
                 counts",
                end.runs
            )),
        }
    }
}

/// The cases of what was built in the copy.
pub(super) fn cases<'b>(
    workspace: &Workspace,
    copy: &Path,
    broken: &'b [Broken<'_>],
    built: &Built,
    python: Option<&Python>,
) -> Vec<Case<'b>> {
    let programs = Programs { files: &built.files, python: None };
    let case = |Broken { sabotage, example, .. }: &'b Broken<'_>| match (
        sabotage.language,
        python,
    ) {
        (Language::Python, Some(python)) => {
            let source = copy.join(sibling_path(example));
            let source = source.with_extension("rs");
            case::sibling(workspace, example, &source, python)
        }
        _ => programs.rust(workspace, example),
    };
    broken.iter().map(case).collect()
}

/// The broken examples of one language, with their names.
fn names<'b>(
    broken: &'b [Broken<'_>],
    language: Language,
) -> impl Iterator<Item = (&'b str, &'b Example)> {
    let wanted = move |b: &&Broken<'_>| b.sabotage.language == language;
    broken.iter().filter(wanted).map(|b| (&*b.example.name, &b.example))
}

/// Builds the broken examples in the copy.
///
/// # Errors
/// When there is no cargo, or the user stops it.
pub(super) fn build(
    workspace: &Workspace,
    runner: &Runner,
    copy: &Path,
    broken: &[Broken<'_>],
    tell: Tell,
) -> Result<Built, Error> {
    let names: Vec<&str> =
        names(broken, Language::Rust).map(|(name, _)| name).collect();
    if names.is_empty() {
        return Ok(Built::default());
    }
    let target = Some(&*workspace.target);
    Build { runner, root: copy, target, tell }.examples(names)
}

/// The example under a name of its own, with the broken text.
fn renamed(example: &Example, nth: usize, text: String) -> Example {
    let name = format!("{}__{nth}", example.name);
    Example { name, text, ..example.clone() }
}

/// Waits until no other `break` works on the copy, and keeps others from it.
fn lock(copy: &Path) -> Result<fs::File, Error> {
    let path = copy.with_extension("lock");
    let lock = || {
        fs::create_dir_all(copy)?;
        let file = fs::File::create(&path)?;
        file.lock()?;
        Ok(file)
    };
    lock().map_err(|e: std::io::Error| Error::file(&path, e))
}

/// A copy of the topic crates in which the examples are the broken ones. Files
/// that have not changed are not written, so that cargo need not build again.
/// All members are there, so that what they depend on is the same build as the
/// workspace's own.
///
/// # Errors
/// When it cannot be written.
pub(super) fn make_copy(
    workspace: &Workspace,
    copy: &Path,
    broken: &[Broken<'_>],
) -> Result<(), Error> {
    let root = &workspace.root;
    let manifest = root_manifest(&root.join("Cargo.toml"), &workspace.topics)?;
    let mut files = BTreeMap::from([(copy.join("Cargo.toml"), manifest)]);
    if let Ok(lock) = fs::read_to_string(root.join("Cargo.lock")) {
        files.insert(copy.join("Cargo.lock"), lock);
    }
    for topic in &workspace.topics {
        let folder = root.join(topic);
        for source in sources(&folder)? {
            let below = source.strip_prefix(root).unwrap_or(&source);
            files.insert(copy.join(below), read(&source)?);
        }
        let manifest = folder.join("Cargo.toml");
        let rows = broken.iter().filter(|b| {
            b.example.topic == *topic && b.sabotage.language == Language::Rust
        });
        files.insert(
            copy.join(topic).join("Cargo.toml"),
            broken_manifest(&manifest, topic, rows.clone())?,
        );
        // A crate none of whose examples is broken needs a target all the same.
        let library = copy.join(topic).join("src/lib.rs");
        files.entry(library).or_default();
        for Broken { example, .. } in rows {
            files.insert(
                copy.join(topic).join(broken_path(example)),
                example.text.clone(),
            );
        }
    }
    for Broken { sabotage, example, .. } in broken {
        if sabotage.language == Language::Python {
            let path = copy.join(sibling_path(example));
            files.insert(path, example.text.clone());
        }
    }
    for member in &workspace.others {
        link(&root.join(member), &copy.join(member))?;
    }
    for (path, text) in files {
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        let folder = path.parent().unwrap_or(copy);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|e| Error::file(&path, e))?;
    }
    Ok(())
}

/// The root manifest, in which the topics' crates have the names of the copy.
fn root_manifest(path: &Path, topics: &[String]) -> Result<String, Error> {
    let mut manifest = parsed(path)?;
    let shared = &mut manifest["workspace"]["dependencies"];
    for topic in topics {
        if let Some(row) = shared.get_mut(topic)
            && row.get("path").is_some()
        {
            row["package"] = value(broken_name(topic));
        }
    }
    Ok(manifest.to_string())
}

fn parsed(path: &Path) -> Result<DocumentMut, Error> {
    let fail = |e: toml_edit::TomlError| Error::source(path, e.to_string());
    read(path)?.parse().map_err(fail)
}

/// What the crate of a topic is called in the copy. To cargo a crate of the same
/// name and place in another workspace is the same crate, and this one shares its
/// target.
fn broken_name(topic: &str) -> String {
    format!("{topic}-broken")
}

/// Makes `link` lead to `target`, a folder. Below an older link it is there.
fn link(target: &Path, link: &Path) -> Result<(), Error> {
    if link.exists() {
        return Ok(());
    }
    let _ = fs::remove_file(link); // where it leads to is gone
    std::os::unix::fs::symlink(target, link).map_err(|e| Error::file(link, e))
}

/// Where a broken sibling is in the copy.
pub(super) fn sibling_path(example: &Example) -> PathBuf {
    format!("siblings/{}.py", example.name).into()
}

/// Where a broken example is in its crate's folder of the copy.
pub(super) fn broken_path(example: &Example) -> PathBuf {
    format!("examples/{}.rs", example.name).into()
}

/// The manifest with the broken examples in place of the whole ones.
fn broken_manifest<'b>(
    path: &Path,
    topic: &str,
    broken: impl Iterator<Item = &'b Broken<'b>>,
) -> Result<String, Error> {
    let mut manifest = parsed(path)?;
    let package = &mut manifest["package"];
    package["name"] = value(broken_name(topic));
    package["autoexamples"] = value(false);
    manifest["lib"]["name"] = value(topic.replace('-', "_"));
    manifest.remove("test");
    let mut rows = ArrayOfTables::new();
    for Broken { example, .. } in broken {
        let mut row = Table::new();
        row["name"] = value(&example.name);
        row["path"] = value(broken_path(example).display().to_string());
        rows.push(row);
    }
    manifest["example"] = Item::ArrayOfTables(rows);
    Ok(manifest.to_string())
}

/// The Rust files of a crate that its examples may use.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![folder.join("src"), folder.join("examples")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    Ok(found)
}
