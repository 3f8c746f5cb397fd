//! `cargo xtask bench`: see `cargo xtask bench --help`.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    bench::main()
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!(
        "error: the benchmarks need Linux: their limits are its own calls"
    );
    ExitCode::from(2)
}
