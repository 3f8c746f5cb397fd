//! What the tests of the example `task_queue` share.

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Child;

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The tasks of the example, numbers below which it counts the primes, and their
/// results.
pub(crate) const PRIMES: [(u64, u64); 6] = [
    (10_000, 1229),
    (20_000, 2262),
    (30_000, 3245),
    (40_000, 4203),
    (50_000, 5133),
    (60_000, 6057),
];

/// The example's executable, which `cargo test` builds along with the tests.
pub(crate) fn example() -> Outcome<PathBuf> {
    let test = env::current_exe()?;
    let profile = test.ancestors().nth(2).ok_or("no profile's folder")?;
    let path = profile.join("examples/task_queue");
    if !path.exists() {
        let help = "run `cargo build -p multiprocessing --examples` first";
        return Err(help.into());
    }
    Ok(path)
}

/// The tasks that were begun, in order, as the output tells.
pub(crate) fn tasks_begun(output: &str) -> impl Iterator<Item = u64> {
    output.lines().filter_map(|line| {
        line.split_once(": begins, primes below ")?.1.parse().ok()
    })
}

/// A started program, killed and waited for at the latest when it is dropped.
pub(crate) struct Started(pub(crate) Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The first line of what a Redis server answers.
pub(crate) fn ask(socket: &Path, question: &str) -> io::Result<String> {
    let mut server = UnixStream::connect(socket)?;
    writeln!(server, "{question}\r")?;
    let mut answer = String::new();
    BufReader::new(server).read_line(&mut answer)?;
    Ok(answer.trim_end().to_owned())
}
