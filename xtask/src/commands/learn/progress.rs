//! What the reader has done: one file at the root, which git does not see.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::catalogue::workspace::Workspace;
use crate::files;

/// The file, in the root folder.
const FILE: &str = ".learn.json";

/// How far an exercise is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    /// To be predicted.
    #[default]
    Predict,
    /// Predicted, to be seen.
    See,
    /// Seen, to be repaired.
    Repair,
    /// Repaired.
    Done,
}

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Contents {
    /// The exercise that the reader was at.
    at: Option<String>,
    /// By example and sabotage, so that they outlive that others come or go.
    exercises: BTreeMap<String, Stage>,
}

/// The file.
#[derive(Debug)]
pub(super) struct Progress {
    path: PathBuf,
    contents: Contents,
}

impl Progress {
    /// Reads it.
    ///
    /// # Errors
    /// When it cannot be read; what has been done is not thrown away.
    pub(super) fn load(workspace: &Workspace) -> Result<Progress, Error> {
        let path = workspace.root.join(FILE);
        if !path.exists() {
            return Ok(Progress { path, contents: Contents::default() });
        }
        let text = files::read(&path)?;
        let contents = serde_json::from_str(&text).map_err(|e| {
            let why = format!("{e}; remove it to begin anew");
            Error::source(&path, why)
        })?;
        Ok(Progress { path, contents })
    }

    /// How far an exercise is.
    pub(super) fn stage(&self, key: &str) -> Stage {
        self.contents.exercises.get(key).copied().unwrap_or_default()
    }

    /// The exercise that the reader was at.
    pub(super) fn at(&self) -> Option<&str> {
        self.contents.at.as_deref()
    }

    /// The reader is at `key`, which is as far as `stage`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn set(&mut self, key: &str, stage: Stage) -> Result<(), Error> {
        self.contents.at = Some(key.to_owned());
        match stage {
            Stage::Predict => drop(self.contents.exercises.remove(key)),
            _ => drop(self.contents.exercises.insert(key.to_owned(), stage)),
        }
        self.save()
    }

    /// Forgets what was done of `keys`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn forget<'k>(
        &mut self,
        keys: impl Iterator<Item = &'k str>,
    ) -> Result<(), Error> {
        for key in keys {
            self.contents.exercises.remove(key);
        }
        self.contents.at = None;
        self.save()
    }

    fn save(&self) -> Result<(), Error> {
        let fail = |e: serde_json::Error| Error::file(&self.path, e.into());
        let text =
            serde_json::to_string_pretty(&self.contents).map_err(fail)?;
        files::replace(&self.path, &(text + "\n"))
    }
}
