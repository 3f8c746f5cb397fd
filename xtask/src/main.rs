//! `cargo xtask`: see `cargo xtask --help`.

use std::process::ExitCode;

use xtask::cli::Cli;
use xtask::supervise;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(supervise::protocol::ARGUMENT) {
        return supervise::zygote::main(arguments.next());
    }
    Cli::run()
}
