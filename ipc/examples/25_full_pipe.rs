//! Full pipe: a program hangs when its output grows.
//!
//! Python: `subprocess.Popen`, in `25_full_pipe.py`.
//! Reported: rust-lang/rust#45572, #27152, localstack/localstack#1101.
//! Symptom: it hangs: waiting for a program that prints much never ends.
//!
//! A program is started with its output in a pipe, and `wait` never returns.
//! With little output all was fine. A pipe holds about 64 kB. Then the program
//! waits until somebody reads. The parent would read, but waits for the program
//! to end. Reading one of two pipes to its end is no cure: the program may be
//! stuck on the other one.
//!
//! `wait_with_output` (and `output`) drains both at the same time, as Python's
//! `communicate` (and `run`) does. Send what you do not want to `Stdio::null`.
//! The compiler accepts all of this. If the other side is your own process, see
//! `join_before_drain`.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: waits, ended within 100 ms: false
//! main: reads stdout alone, anything within 100 ms: false
//! main: reads stderr, too: 1000000 bytes
//! main: then stdout: 1000000 bytes, ended with 0
//! main: drains both at the same time: 1000000 and 1000000 bytes, ended with 0
//! ```
//!
//! Break it: `ipc::ends_within(id, PATIENCE)?` => `{ stuck.kill()?; true }`
//! Break it: `cured.wait_with_output()?` => `{ let mut cured = cured;
//! cured.kill()?; cured.wait_with_output()? }`
//! Break it (Python): `program.wait(seconds)` => `program.kill()`
//! Break it (Python): `cured.communicate()` => `(b"", b"")`

use std::env;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ipc::Result;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::Pid;

const SIZE: usize = 1_000_000;
const PATIENCE: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    if env::args().nth(1).is_some() {
        return talk();
    }
    let mut stuck = start()?;
    let mut stdout = stuck.stdout.take().ok_or("no stdout")?;
    let mut stderr = stuck.stderr.take().ok_or("no stderr")?;
    let id = Pid::from_raw(stuck.id() as i32);
    let ended = ipc::ends_within(id, PATIENCE)?; // `wait` would hang
    let limit = PATIENCE.as_millis();
    println!("main: waits, ended within {limit} ms: {ended}");
    let mut pipe = [PollFd::new(stdout.as_fd(), PollFlags::POLLIN)];
    let came = poll(&mut pipe, PollTimeout::try_from(PATIENCE)?)? > 0;
    println!("main: reads stdout alone, anything within {limit} ms: {came}");
    let size = (&mut stderr).take(SIZE as u64).read_to_end(&mut Vec::new())?;
    println!("main: reads stderr, too: {size} bytes");
    let size = stdout.read_to_end(&mut Vec::new())?;
    let code = stuck.wait()?.code().ok_or("killed")?;
    println!("main: then stdout: {size} bytes, ended with {code}");

    let cured = start()?;
    let output = cured.wait_with_output()?;
    let (out, err) = (output.stdout.len(), output.stderr.len());
    let code = output.status.code().ok_or("killed")?;
    println!(
        "main: drains both at the same time: {out} and {err} bytes, \
         ended with {code}"
    );
    Ok(())
}

fn start() -> Result<Child> {
    let mut program = Command::new(env::current_exe()?);
    let program = program.arg("talk");
    Ok(program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?)
}

/// The program that talks much, on stderr first.
fn talk() -> Result<()> {
    io::stderr().write_all(&[b'e'; SIZE])?;
    Ok(io::stdout().write_all(&[b'o'; SIZE])?)
}
