//! `cargo xtask`: see `cargo xtask --help`.

use std::process::ExitCode;

use supervise::{protocol, zygote};
use xtask::cli::Cli;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(protocol::ARGUMENT) {
        return zygote::main(arguments.next());
    }
    Cli::run()
}
