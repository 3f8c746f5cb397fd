//! The copy in which examples are broken and repaired: the sources are never
//! touched.

use std::fs::{self, TryLockError};
use std::path::{Path, PathBuf};

use supervise::Runner;

use super::exercise::Exercise;
use crate::Error;
use crate::catalogue::cargo::Tell;
use crate::catalogue::case;
use crate::catalogue::language::Language;
use crate::catalogue::python::Python;
use crate::catalogue::workspace::{Example, Workspace};
use crate::commands::breakage::{self, Broken};
use crate::files;
use crate::results::{Checked, Verdict};

/// The copy, and what is needed to run what is in it.
pub(super) struct Workshop<'w> {
    pub(super) workspace: &'w Workspace,
    pub(super) python: Option<Python>,
    pub(super) color: bool,
    runner: &'w Runner,
    folder: PathBuf,
    /// Keeps others from the copy.
    _alone: fs::File,
}

/// What came of running something.
pub(super) struct Run {
    pub(super) checked: Checked,
    /// What the compiler said, where it did not compile.
    pub(super) diagnostics: Option<String>,
}

/// An exercise, laid out in the copy.
pub(super) struct Bench<'e> {
    /// The broken program.
    pub(super) seen: Broken<'e>,
    /// The one that the reader repairs.
    pub(super) mine: Broken<'e>,
    /// Where that one is.
    pub(super) path: PathBuf,
}

impl<'w> Workshop<'w> {
    /// Opens it.
    ///
    /// # Errors
    /// When the folder cannot be made, or another `learn` is at work in it.
    pub(super) fn open(
        workspace: &'w Workspace,
        runner: &'w Runner,
        python: Option<Python>,
        color: bool,
    ) -> Result<Workshop<'w>, Error> {
        let folder = workspace.target.join("xtask/learn");
        let path = folder.with_extension("lock");
        let fail = |e| Error::file(&path, e);
        fs::create_dir_all(&folder).map_err(fail)?;
        let alone = fs::File::create(&path).map_err(fail)?;
        match alone.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let why = "another `cargo xtask learn` is open; end that one";
                return Err(Error::Usage(why.into()));
            }
            Err(TryLockError::Error(error)) => return Err(fail(error)),
        }
        Ok(Workshop { workspace, python, color, runner, folder, _alone: alone })
    }

    /// Lays an exercise out; what the reader has written is kept if `keep`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn lay_out<'e>(
        &self,
        exercise: &Exercise<'e>,
        keep: bool,
    ) -> Result<Bench<'e>, Error> {
        let Exercise { example: of, sabotage, nth, .. } = *exercise;
        let broken = |what: &str| {
            let name = format!("{}__{nth}_{what}", of.name);
            let text = exercise.broken.clone();
            let example = Example { name, text, ..of.clone() };
            Broken { sabotage, nth, of, example }
        };
        let (seen, mut mine) = (broken("seen"), broken("repair"));
        let path = self.folder.join(match exercise.language() {
            Language::Python => breakage::sibling_path(&mine.example),
            Language::Rust => {
                Path::new(&of.topic).join(breakage::broken_path(&mine.example))
            }
        });
        if keep && let Ok(text) = files::read(&path) {
            mine.example.text = text;
        }
        let both = [seen, mine];
        breakage::make_copy(self.workspace, &self.folder, &both)?;
        let [seen, mine] = both;
        Ok(Bench { seen, mine, path })
    }

    /// Runs a program of the copy.
    ///
    /// # Errors
    /// When there is no cargo, or the user stops it.
    pub(super) fn run(
        &self,
        broken: &Broken<'_>,
        hangs: bool,
    ) -> Result<Run, Error> {
        let broken = std::slice::from_ref(broken);
        let Workshop { workspace, runner, folder, .. } = self;
        let tell = Tell::Progress { color: self.color };
        let mut built =
            breakage::build(workspace, runner, folder, broken, tell)?;
        let python = self.python.as_ref();
        let cases = breakage::cases(workspace, folder, broken, &built, python);
        let Some(case) = cases.first() else { return Err(Error::Interrupted) };
        if hangs {
            case.expect_hang();
        }
        let checked = case.check(runner, 1);
        if let Verdict::Interrupted = checked.verdict {
            return Err(Error::Interrupted);
        }
        let diagnostics = built.diagnostics.remove(&case.example.name);
        Ok(Run { checked, diagnostics })
    }

    /// Runs the sound program, from the sources.
    ///
    /// # Errors
    /// When it cannot be built, or the user stops it.
    pub(super) fn run_sound(
        &self,
        exercise: &Exercise<'_>,
    ) -> Result<Checked, Error> {
        let Workshop { workspace, runner, .. } = self;
        let checked = match (exercise.language(), &self.python) {
            (Language::Python, Some(python)) => {
                let example = exercise.example;
                let source = &example.source;
                case::sibling(workspace, example, source, python)
                    .check(runner, 1)
            }
            _ => {
                let examples = [exercise.example];
                let (cases, _) =
                    case::build(workspace, runner, &examples, false)?;
                match cases.first() {
                    Some(case) => case.check(runner, 1),
                    None => return Err(Error::Interrupted),
                }
            }
        };
        match checked.verdict {
            Verdict::Interrupted => Err(Error::Interrupted),
            _ => Ok(checked),
        }
    }
}
