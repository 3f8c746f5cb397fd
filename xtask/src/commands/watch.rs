//! `watch`: on each save build, run and compare what has changed.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use supervise::Runner;

use crate::Error;
use crate::catalogue::cargo::{Build, Built, Tell};
use crate::catalogue::case::{Case, Programs};
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use crate::console::{Answer, Console, Saves, Way};
use crate::options::{Names, Status};
use crate::output::Output;
use crate::results::{Cause, Checked, Counts, Verdict};
use crate::session;

const KEYS: &str = "q:quit  r:run again  a:all  ?:help";

const HELP: &str = "\
On each save what has changed is built, run and compared, in both languages.

  q  quit; so does Ctrl-C
  r  run the last ones again
  a  run all that are watched
  ?  this

Up, down and space move a page that is longer than the screen.
Where no save is noticed (a shared folder in a container, say), there is
`cargo xtask watch --poll`.
";

/// What `watch` is asked to do.
#[derive(Args, Clone, Debug)]
pub struct Options {
    #[command(flatten)]
    names: Names,
    /// Look for saves, where the system does not tell of them
    #[arg(long)]
    poll: bool,
}

impl Options {
    /// Runs `watch`, until the user stops it.
    ///
    /// # Errors
    /// When a name is wrong, or the files cannot be watched.
    pub fn run(
        &self,
        workspace: &Workspace,
        output: &Output,
    ) -> Result<Status, Error> {
        let watched = workspace.select(&self.names.names)?;
        let runner = Runner::of_this_binary()?;
        let console = Console::open(output, &runner);
        let way = if self.poll { Way::Polled } else { Way::Told };
        let _saves =
            Saves::watch(folders(workspace, &watched), way, console.sender())?;
        let mut watch = Watch {
            names: &self.names,
            root: &workspace.root,
            runner: &runner,
            console: &console,
            python: Python::find().map_err(|error| error.to_string()),
            hung: BTreeSet::new(),
        };
        let count = watched.len();
        let waits = format!("watching {count} examples; save one of them\n");
        let status = watch.go_on(waits)?;
        match console.quit() {
            true => Ok(Status::Well),
            false => Ok(status),
        }
    }
}

/// What is run: these examples, or their siblings alone.
#[derive(Clone, Debug, Default)]
struct Wanted {
    both: BTreeSet<String>,
    siblings: BTreeSet<String>,
}

struct Watch<'w> {
    names: &'w Names,
    root: &'w Path,
    runner: &'w Runner,
    console: &'w Console<'w>,
    python: Result<Python, String>,
    /// What did not end in its time.
    hung: BTreeSet<String>,
}

impl Watch<'_> {
    fn go_on(&mut self, waits: String) -> Result<Status, Error> {
        let mut last = Wanted::default();
        let mut next = None;
        if !self.names.names.is_empty() {
            next = Some((self.all()?, String::new()));
        }
        let mut page = waits;
        let mut is_new = true;
        loop {
            if let Some((wanted, why)) = next.take() {
                let run =
                    self.console.busy("building …", || self.round(&wanted));
                page = why
                    + &match run {
                        Ok(page) => page,
                        Err(Error::Interrupted) => {
                            return Ok(Status::Interrupted);
                        }
                        Err(error) => {
                            let word = self.console.output.red("error");
                            format!("{word} {error}\n")
                        }
                    };
                last = wanted;
                is_new = true;
            }
            let show = |_| page.clone();
            let answer = match is_new {
                true => self.console.ask(&show, KEYS),
                false => self.console.wait(&show, KEYS),
            };
            is_new = false;
            match answer {
                Answer::Stop => return Ok(Status::Interrupted),
                Answer::Key('q') => return Ok(Status::Well),
                Answer::Key('r') => {
                    let wanted = match last.is_empty() {
                        true => self.all()?,
                        false => last.clone(),
                    };
                    next = Some((wanted, String::new()));
                }
                Answer::Key('a') => next = Some((self.all()?, String::new())),
                Answer::Key('?') => {
                    page = HELP.to_owned();
                    is_new = true;
                }
                Answer::Key(_) | Answer::Enter => {}
                // Saves come all the same.
                Answer::Ended => {}
                Answer::Saved(paths) => next = self.changed(&paths),
            }
        }
    }

    fn all(&self) -> Result<Wanted, Error> {
        let workspace = Workspace::load(self.root)?;
        let all = workspace.select(&self.names.names)?;
        let both = all.iter().map(|e| e.name.clone()).collect();
        Ok(Wanted { both, siblings: BTreeSet::new() })
    }

    /// What is to be run after a save, and what was saved.
    fn changed(&self, paths: &BTreeSet<PathBuf>) -> Option<(Wanted, String)> {
        let workspace = patiently(|| Workspace::load(self.root)).ok()?;
        let watched = workspace.select(&self.names.names).ok()?;
        let (mut wanted, mut saved) = (Wanted::default(), BTreeSet::new());
        for path in paths {
            for example in &watched {
                let library = self.root.join(&example.topic).join("src");
                let name = example.name.clone();
                if *path == example.source || path.starts_with(&library) {
                    wanted.both.insert(name);
                } else if *path == example.sibling() {
                    wanted.siblings.insert(name);
                } else {
                    continue;
                }
                saved.insert(format!("saved {}\n", workspace.relative(path)));
            }
        }
        (!wanted.is_empty()).then(|| (wanted, saved.into_iter().collect()))
    }

    /// Builds, runs and compares; what came of it, as a page.
    fn round(&mut self, wanted: &Wanted) -> Result<String, Error> {
        let started = Instant::now();
        let workspace = patiently(|| Workspace::load(self.root))?;
        let is_wanted = |e: &&Example| {
            wanted.both.contains(&e.name) || wanted.siblings.contains(&e.name)
        };
        let examples: Vec<&Example> =
            workspace.examples.iter().filter(is_wanted).collect();
        let built = self.build(wanted)?;
        let python = self.python.as_ref().ok();
        let programs = Programs { files: &built.files, python };
        let cases: Vec<Case<'_>> = programs
            .cases(&workspace, &examples)
            .into_iter()
            .filter(|case| {
                let whole = wanted.both.contains(&case.example.name);
                whole || case.language == Language::Python
            })
            .collect();
        let results = self.check(&cases);
        if self.runner.interrupted() {
            return Err(Error::Interrupted);
        }
        let mut page = self.page(&cases, results, &built);
        if let Err(why) = &self.python {
            let _ = writeln!(page, "the siblings were not run: {why}");
        }
        let took = started.elapsed().as_secs_f64();
        let _ = writeln!(page, "built and ran in {took:.2} s");
        Ok(page)
    }

    fn build(&self, wanted: &Wanted) -> Result<Built, Error> {
        if wanted.both.is_empty() {
            return Ok(Built::default());
        }
        let color = self.console.output.color();
        let (runner, root) = (self.runner, self.root);
        let tell = Tell::Progress { color };
        Build { runner, root, target: None, tell }
            .examples(wanted.both.iter().map(|name| &**name))
    }

    fn check(&mut self, cases: &[Case<'_>]) -> Vec<Option<Checked>> {
        for case in cases {
            if self.hung.contains(&case.label()) {
                case.expect_hang();
            }
        }
        let mut results: Vec<_> = cases.iter().map(|_| None).collect();
        let runner = self.runner;
        session::side_by_side(
            cases.len() as u64,
            session::default_jobs(),
            |nth| cases[nth as usize].check(runner, 1),
            |nth, checked| {
                results[nth as usize] = Some(checked);
                match runner.interrupted() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                }
            },
        );
        results
    }

    fn page(
        &mut self,
        cases: &[Case<'_>],
        results: Vec<Option<Checked>>,
        built: &Built,
    ) -> String {
        let output = self.console.output;
        let mut counts = Counts::default();
        let mut notices = BTreeSet::new();
        let (mut well, mut ill) = (String::new(), String::new());
        for (case, checked) in cases.iter().zip(results) {
            let Some(checked) = checked else { continue };
            notices.extend(checked.notices);
            let label = case.label();
            self.hung.remove(&label);
            match checked.verdict {
                Verdict::Passed(_) => {
                    counts.passed += 1;
                    let word = output.green("passed");
                    let _ = writeln!(well, "{word} {label}");
                }
                Verdict::Skipped(why) => {
                    counts.skipped += 1;
                    let _ = writeln!(well, "skipped {label}: {why}");
                }
                Verdict::Failed(failure) => {
                    counts.failed += 1;
                    if let Cause::Hung(_) = failure.cause {
                        self.hung.insert(label);
                    }
                    let word = output.red("failed");
                    let _ = writeln!(ill, "{word} {}", failure.headline());
                    let said = built.diagnostics.get(&case.example.name);
                    let said = said.filter(|_| !failure.ran()).cloned();
                    let more = failure.report(output.color()).or(said);
                    if let Some(more) = more {
                        let _ = writeln!(ill, "\n{more}");
                    }
                }
                Verdict::Interrupted => {}
            }
        }
        // What is well is named where that leaves room for the rest.
        if cases.len() > 8 {
            well.clear();
        }
        let notices: String =
            notices.into_iter().map(|notice| notice + "\n").collect();
        let last = match counts.failed {
            0 => output.green(counts),
            _ => output.red(counts),
        };
        format!("{well}{ill}{notices}{last}\n")
    }
}

impl Wanted {
    fn is_empty(&self) -> bool {
        self.both.is_empty() && self.siblings.is_empty()
    }
}

/// The folders in which what is watched lies.
fn folders(workspace: &Workspace, watched: &[&Example]) -> BTreeSet<PathBuf> {
    let topics: BTreeSet<&str> =
        watched.iter().map(|example| &*example.topic).collect();
    let folders = topics.iter().flat_map(|topic| {
        let folder = workspace.root.join(topic);
        [folder.join("examples"), folder.join("src")]
    });
    folders.filter(|folder| folder.is_dir()).collect()
}

/// Tries again for a moment: in the middle of a save a file may not be there.
fn patiently<T>(
    mut read: impl FnMut() -> Result<T, Error>,
) -> Result<T, Error> {
    for _ in 0..10 {
        if let Ok(read) = read() {
            return Ok(read);
        }
        thread::sleep(Duration::from_millis(20));
    }
    read()
}
