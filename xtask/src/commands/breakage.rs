//! `break`: proves that each example's check sees its own sabotage.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::{Build, Built};
use crate::catalogue::case::{self, Case, Programs, Verdict};
use crate::catalogue::header::Sabotage;
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use crate::cli::{Names, Status};
use crate::output::{self, Color, Counts};
use crate::suite;
use expect::Style;
use supervise::Runner;

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
struct Broken<'a> {
    sabotage: &'a Sabotage,
    example: Example,
}

/// Runs `break`.
///
/// # Errors
/// When no copy can be made, or nothing can be run at all.
pub fn run(
    workspace: &Workspace,
    options: &Options,
    color: Color,
) -> Result<Status, Error> {
    let examples = workspace.select(&options.names.names)?;
    let runner = Runner::of_this_binary()?;
    let mut tally = Tally::new(color);
    let mut broken = Vec::new();
    for example in examples {
        let shown = workspace.relative(&example.source);
        match &example.header {
            Ok(header) => {
                for (i, sabotage) in header.sabotages.iter().enumerate() {
                    let text = match sabotage.language {
                        Language::Rust => example.text.clone(),
                        Language::Python if !options.python => continue,
                        Language::Python => read(&example.sibling())?,
                    };
                    match sabotage.apply(&text) {
                        Ok(text) => broken.push(Broken {
                            sabotage,
                            example: renamed(example, i + 1, text),
                        }),
                        Err(problem) => {
                            tally.failed(&format!("{shown}: {problem}"));
                        }
                    }
                }
            }
            Err(problems) => problems.iter().for_each(|problem| {
                tally.failed(&format!("{shown}: {problem}"));
            }),
        }
    }
    if broken.is_empty() {
        tally.tell();
        return Ok(tally.status(&runner));
    }
    let copy = workspace.root.join("target/xtask/break");
    let _alone = lock(&copy)?;
    make_copy(workspace, &copy, &broken)?;
    let build = Build {
        root: &copy,
        target: Some(&workspace.root.join("target")),
        quiet: true,
    };
    let mut built = Built::default();
    if of(&broken, Language::Rust).next().is_some() {
        built = build.examples(of(&broken, Language::Rust))?;
    }
    let python = options.python.then(Python::find).transpose()?;
    let mut cases = Vec::new();
    for Broken { sabotage, example } in &broken {
        cases.push(match (sabotage.language, &python) {
            (Language::Python, Some(python)) => {
                let file = copy.join(sibling_path(example));
                let source = file.with_extension("rs");
                case::sibling(workspace, example, &source, python)
            }
            _ => Programs { files: &built.files, python: None }
                .rust(workspace, example),
        });
    }
    try_all(workspace, &broken, &cases, &built, &runner, options, &mut tally);
    if runner.interrupted() {
        output::print("interrupted; what was known by then:\n");
    }
    tally.tell();
    Ok(tally.status(&runner))
}

fn try_all(
    workspace: &Workspace,
    broken: &[Broken<'_>],
    cases: &[Case<'_>],
    built: &Built,
    runner: &Runner,
    options: &Options,
    tally: &mut Tally,
) {
    let runs: Vec<(usize, &Case<'_>)> =
        (0..options.repeat).flat_map(|_| cases.iter().enumerate()).collect();
    let bar = suite::progress(runs.len());
    let mut ends: BTreeMap<usize, End> = BTreeMap::new();
    suite::side_by_side(
        &runs,
        // A broken example often hangs, and costs no processor while it does.
        2 * suite::default_jobs(),
        |(_, case)| case.check(runner, 1, &Style { color: false }),
        |run, verdict| {
            bar.inc(1);
            let end = ends.entry(runs[run].0).or_default();
            end.runs += 1;
            match verdict {
                Verdict::Passed { .. } => end.survived += 1,
                Verdict::Failed(failure) if failure.ran => {
                    end.how = failure.headline;
                }
                Verdict::Failed(failure) => {
                    end.not_run = Some(failure.headline);
                }
                Verdict::Skipped(_) => end.skipped = true,
                Verdict::Interrupted => {
                    end.runs -= 1;
                    return false;
                }
            }
            true
        },
    );
    bar.finish_and_clear();
    for (which, end) in ends.into_iter().filter(|(_, end)| end.runs > 0) {
        let Broken { sabotage, example } = &broken[which];
        let place = format!(
            "{}:{}: {sabotage}",
            workspace.relative(&example.source),
            sabotage.line
        );
        let error = built.errors.get(&example.name);
        match (error, end.not_run, end.survived) {
            _ if end.skipped => tally.counts.skipped += 1,
            (Some(error), ..) => {
                tally.failed(&format!("{place}: does not compile: {error}"));
            }
            (_, Some(why), _) => tally.failed(&format!("{place}: {why}")),
            (_, _, 0) => {
                tally.counts.passed += 1;
                if options.verbose {
                    output::print(format!("{place}: {}\n", end.how));
                }
            }
            (_, _, survived) => tally.failed(&format!(
                "{place}: the check still passes, in {survived} of {} runs; \
                 it must fail in each: arrange the schedule, or prove by \
                 counts",
                end.runs
            )),
        }
    }
}

#[derive(Default)]
struct End {
    runs: u32,
    survived: u32,
    not_run: Option<String>,
    skipped: bool,
    how: String,
}

struct Tally {
    color: Color,
    counts: Counts,
}

impl Tally {
    fn new(color: Color) -> Tally {
        Tally { color, counts: Counts::default() }
    }

    fn failed(&mut self, why: &str) {
        self.counts.failed += 1;
        output::print(format!("{} {why}\n", self.color.red("failed")));
    }

    fn status(&self, runner: &Runner) -> Status {
        match (runner.interrupted(), self.counts.failed) {
            (true, _) => Status::Interrupted,
            (false, 0) => Status::Well,
            (false, _) => Status::Failed,
        }
    }

    fn tell(&self) {
        output::print(self.counts.line(self.color));
    }
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
    lock().map_err(|e: std::io::Error| {
        Error::new(format!("{}: {e}", path.display()))
    })
}

/// A copy of the topic crates in which the examples are the broken ones. Files
/// that have not changed are not written, so that cargo need not build again.
/// All members are there, so that what they depend on is the same build as the
/// workspace's own.
fn make_copy(
    workspace: &Workspace,
    copy: &Path,
    broken: &[Broken<'_>],
) -> Result<(), Error> {
    let root = &workspace.root;
    let manifest = read(&root.join("Cargo.toml"))?;
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
        let manifest = read(&folder.join("Cargo.toml"))?;
        let rows = broken.iter().filter(|b| {
            b.example.topic == *topic && b.sabotage.language == Language::Rust
        });
        files.insert(
            copy.join(topic).join("Cargo.toml"),
            broken_manifest(topic, &manifest, rows.clone()),
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
    for Broken { sabotage, example } in broken {
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
            .map_err(|e| Error::new(format!("{}: {e}", path.display())))?;
    }
    Ok(())
}

/// Makes `link` lead to `target`, a folder. Below an older link it is there.
fn link(target: &Path, link: &Path) -> Result<(), Error> {
    if link.exists() {
        return Ok(());
    }
    let _ = fs::remove_file(link); // where it leads to is gone
    std::os::unix::fs::symlink(target, link)
        .map_err(|e| Error::new(format!("{}: {e}", link.display())))
}

/// The names of the broken examples of one language.
fn of<'b>(
    broken: &'b [Broken<'_>],
    language: Language,
) -> impl Iterator<Item = &'b str> {
    let wanted = move |b: &&Broken<'_>| b.sabotage.language == language;
    broken.iter().filter(wanted).map(|b| &*b.example.name)
}

fn sibling_path(example: &Example) -> PathBuf {
    format!("siblings/{}.py", example.name).into()
}

fn broken_path(example: &Example) -> PathBuf {
    format!("examples/{}.rs", example.name).into()
}

/// The manifest with the broken examples in place of the whole ones.
fn broken_manifest<'b>(
    topic: &str,
    manifest: &str,
    broken: impl Iterator<Item = &'b Broken<'b>>,
) -> String {
    let mut text = String::new();
    let mut skipping = false;
    for line in manifest.split_inclusive('\n') {
        if line.starts_with('[') {
            skipping =
                line.starts_with("[[example]]") || line.starts_with("[[test]]");
        }
        if !skipping {
            text += line;
        }
    }
    // Under a name of its own: to cargo a crate of the same name and place in
    // another workspace is the same crate, and this one shares its target.
    let name = format!("name = \"{topic}\"");
    let other = format!("name = \"{topic}-broken\"\nautoexamples = false");
    text = text.replacen(&name, &other, 1);
    let library = topic.replace('-', "_");
    text += &format!("\n[lib]\nname = \"{library}\"\n");
    for Broken { example, .. } in broken {
        text += &format!(
            "\n[[example]]\nname = \"{}\"\npath = \"{}\"\n",
            example.name,
            broken_path(example).display()
        );
    }
    text
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

fn read(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path)
        .map_err(|e| Error::new(format!("{}: {e}", path.display())))
}
