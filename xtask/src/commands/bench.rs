//! `bench`: hands over to the crate that measures, built for speed: figures of a
//! debug build say nothing.

use std::ffi::OsString;

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::become_run;
use crate::catalogue::workspace::Workspace;
use crate::options::Status;

/// What `bench` is asked to do.
#[derive(Args, Clone, Debug)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// [ROW…] --quick, --full, --check, --list; `--help` tells
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

impl Options {
    /// Becomes `cargo run --release --package bench`.
    ///
    /// # Errors
    /// When cargo cannot be run.
    pub fn run(&self, workspace: &Workspace) -> Result<Status, Error> {
        let options = ["--release", "--package", "bench"];
        Err(become_run(&workspace.root, &options, &self.arguments))
    }
}
