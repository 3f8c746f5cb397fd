//! `cargo xtask`: see `cargo xtask --help`.

use std::process::ExitCode;

use xtask::cli::Cli;

fn main() -> ExitCode {
    supervise::serve(std::env::args_os()).unwrap_or_else(Cli::run)
}
