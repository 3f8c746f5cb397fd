//! An exercise: one sabotage of one example.

use crate::Error;
use crate::catalogue::header::{Header, Sabotage};
use crate::catalogue::language::Language;
use crate::catalogue::workspace::{Example, Workspace};
use crate::commands::breakage::{self, Broken};
use crate::commands::record;
use crate::files;
use crate::recording::Recording;

/// One sabotage of one example.
pub(super) struct Exercise<'e> {
    pub(super) example: &'e Example,
    pub(super) header: &'e Header,
    pub(super) sabotage: &'e Sabotage,
    /// Which of its example's it is, from 1.
    pub(super) nth: usize,
    /// The source of its language.
    pub(super) sound: String,
    /// The same, broken.
    pub(super) broken: String,
}

impl<'e> Exercise<'e> {
    /// Those of `examples`, in order; the siblings' where there is a Python. A
    /// sabotage that cannot be made is none: `break` tells of it.
    ///
    /// # Errors
    /// When a sibling cannot be read.
    pub(super) fn all(
        examples: &[&'e Example],
        python: bool,
    ) -> Result<Vec<Exercise<'e>>, Error> {
        let (broken, _) = breakage::sabotage(examples, python)?;
        let mut all = Vec::new();
        for Broken { sabotage, nth, of, example } in broken {
            let Ok(header) = &of.header else { continue };
            let sound = match sabotage.language {
                Language::Rust => of.text.clone(),
                Language::Python => files::read(&of.sibling())?,
            };
            let broken = example.text;
            all.push(Exercise {
                example: of,
                header,
                sabotage,
                nth,
                sound,
                broken,
            });
        }
        Ok(all)
    }

    /// What its progress is kept under.
    pub(super) fn key(&self) -> String {
        let Exercise { example, sabotage, .. } = self;
        format!("{}, {}: {sabotage}", example.name, sabotage.language)
    }

    /// Its language.
    pub(super) fn language(&self) -> Language {
        self.sabotage.language
    }

    /// The source that it is about, as shown.
    pub(super) fn source(&self, workspace: &Workspace) -> String {
        workspace.relative(&match self.language() {
            Language::Rust => self.example.source.clone(),
            Language::Python => self.example.sibling(),
        })
    }

    /// The recorded sound run.
    pub(super) fn sound_run(&self) -> Option<Recording> {
        recording(self.example, self.language(), None)
    }

    /// The recorded broken run, if it is of this sabotage as it is today.
    pub(super) fn broken_run(&self) -> Option<Recording> {
        broken_run(self.example, self.sabotage, self.nth)
    }
}

/// The recorded run of a sabotage, if it is of that one.
pub(super) fn broken_run(
    example: &Example,
    sabotage: &Sabotage,
    nth: usize,
) -> Option<Recording> {
    let run = recording(example, sabotage.language, Some(nth))?;
    (run.sabotage.as_ref() == Some(&sabotage.to_string())).then_some(run)
}

fn recording(
    example: &Example,
    language: Language,
    nth: Option<usize>,
) -> Option<Recording> {
    let text = files::read(&record::file(example, language, nth)).ok()?;
    Recording::parse(&text).ok()
}
