//! `site`: hands over to the crate that makes the pages, so that this one is
//! built without the parsers that colour them.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::cargo;
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
        let error = cargo()
            .current_dir(&workspace.root)
            .args(["run", "--quiet", "--package", "site", "--"])
            .args(&self.arguments)
            .exec();
        Err(Error::Cargo(format!("cargo cannot be run: {error}")))
    }
}
