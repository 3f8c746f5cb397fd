//! `bench`: hands over to the crate that measures, built for speed: figures of a
//! debug build say nothing.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;

use clap::Args;

use crate::Error;
use crate::catalogue::cargo::cargo;
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
        let error = cargo()
            .current_dir(&workspace.root)
            .args(["run", "--release", "--quiet", "--package", "bench", "--"])
            .args(&self.arguments)
            .exec();
        Err(Error::Cargo(format!("cargo cannot be run: {error}")))
    }
}
