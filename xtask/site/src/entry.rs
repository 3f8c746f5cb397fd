//! An example with all that its page shows.

use std::fs;

use expect::Expectation;
use xtask::catalogue::case;
use xtask::catalogue::header::{Header, Sabotage};
use xtask::catalogue::language::Language;
use xtask::catalogue::workspace::{Example, Workspace};
use xtask::commands::record;
use xtask::recording::Recording;

use crate::Error;

/// An example, read.
pub(crate) struct Entry<'w> {
    pub(crate) example: &'w Example,
    pub(crate) header: &'w Header,
    pub(crate) expectation: Expectation,
    /// The sibling's text, where there is one.
    pub(crate) python: Option<String>,
    /// The recorded runs that the check accepted.
    pub(crate) runs: Vec<(Language, Recording)>,
    /// Each sabotage, with its recorded run.
    pub(crate) broken: Vec<(&'w Sabotage, Option<Recording>)>,
}

impl<'w> Entry<'w> {
    /// Reads what belongs to `example`. A recording that is missing is left out:
    /// the check tells of it.
    pub(crate) fn read(
        workspace: &Workspace,
        example: &'w Example,
    ) -> Result<Entry<'w>, Error> {
        let fail =
            |why: String| Error::Example { name: example.name.clone(), why };
        let header = example.header.as_ref().map_err(|problems| {
            let all: Vec<String> =
                problems.iter().map(ToString::to_string).collect();
            fail(all.join("; "))
        })?;
        let shown = workspace.relative(&example.source);
        let expectation = case::expectation(example, &shown).map_err(fail)?;
        let python = match header.has_no_python() {
            true => None,
            false => {
                let path = example.sibling();
                let text = fs::read_to_string(&path);
                Some(text.map_err(|error| Error::File { path, error })?)
            }
        };
        let mut runs = Vec::new();
        for language in [Language::Rust, Language::Python] {
            if let Some(run) = recording(example, language, None)? {
                runs.push((language, run));
            }
        }
        let mut broken = Vec::new();
        for (nth, sabotage) in (1..).zip(&header.sabotages) {
            let run = recording(example, sabotage.language, Some(nth))?;
            broken.push((sabotage, run));
        }
        Ok(Entry { example, header, expectation, python, runs, broken })
    }

    /// The name of the page below the root.
    pub(crate) fn url(&self) -> String {
        url(self.example)
    }
}

/// The name of an example's page below the root.
pub(crate) fn url(example: &Example) -> String {
    format!("{}/{}.html", example.topic, example.name)
}

fn recording(
    example: &Example,
    language: Language,
    nth: Option<usize>,
) -> Result<Option<Recording>, Error> {
    let path = record::file(example, language, nth);
    record::read(&path).map_err(|why| Error::Example {
        name: example.name.clone(),
        why: format!(
            "{}: {why}; run: cargo xtask record {}",
            path.display(),
            example.name
        ),
    })
}
