//! `site`: hands over to the crate that makes the pages, so that this one is
//! built without the parsers that colour them.

use std::ffi::OsString;

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::become_run;
use crate::catalogue::workspace::Workspace;
use crate::options::Status;

/// What `site` is asked to do.
#[derive(Args, Clone, Debug)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// --check, --serve [PORT], --to FOLDER; `--help` tells
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Options {
    /// Becomes `cargo run --package site`.
    ///
    /// # Errors
    /// When cargo cannot be run.
    pub fn run(&self, workspace: &Workspace) -> Result<Status, Error> {
        let options = ["--package", "site"];
        Err(become_run(&workspace.root, &options, &self.arguments))
    }
}
