//! Broken pipe: the program dies when its reader goes.
//!
//! Python: `BrokenPipeError`, `signal.SIGPIPE`, in `27_broken_pipe.py`.
//! Reported: rust-lang/rust#46016, sharkdp/fd#24.
//! Symptom: it dies: `failed printing to stdout: Broken pipe`, with `| head`.
//!
//! In `program | head` the reader has enough and closes its end. The program
//! panics or shows a traceback. By default the kernel ends a process that
//! writes where nobody reads, by SIGPIPE. Rust and Python ignore this signal
//! from the start, for the sake of sockets. So the write fails with the error
//! EPIPE, and `println!` panics on any error. No compiler can know who reads.
//!
//! There are two cures. Write with `writeln!`, look at the error, and take
//! `BrokenPipe` for a quiet end (Python flushes once more when it ends, so
//! there replace the descriptor). Or give SIGPIPE its default back, in a
//! program that writes to nothing but its standard output. The last line is the
//! same program with a reader that stays.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: print, reader: none, ended with {:int 1..255}, told: true
//! main: look, reader: none, ended with 0, told: false
//! main: default, reader: none, ended by SIGPIPE, told: false
//! main: print, reader: got "hello\n", ended with 0, told: false
//! ```
//!
//! Break it: `reader_stays.then_some(reader)` => `Some(reader)`
//! Break it: `if error.kind() == ErrorKind::BrokenPipe => Ok(())`
//! => `if error.kind() == ErrorKind::TimedOut => Ok(())`
//! Break it: `SigHandler::SigDfl` => `SigHandler::SigIgn`
//! Break it (Python): `signal.SIG_DFL` => `signal.SIG_IGN`
//! Break it (Python): `except BrokenPipeError:` => `except KeyError:`

#![allow(unsafe_code)]

use std::env;
use std::io::{self, ErrorKind, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitStatus, Stdio};

use ipc::Result;
use nix::sys::signal::{SigHandler, Signal, signal};

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("print") => print(),
        Some("look") => look_at_the_error()?,
        Some(_) => die_of_sigpipe()?,
        None => {
            run("print", false)?;
            run("look", false)?;
            run("default", false)?;
            run("print", true)?;
        }
    }
    Ok(())
}

fn print() {
    println!("hello");
}

fn look_at_the_error() -> io::Result<()> {
    match writeln!(io::stdout(), "hello") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        wrote => wrote,
    }
}

fn die_of_sigpipe() -> Result<()> {
    // SAFETY: the default runs no code of this program.
    unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) }?;
    println!("hello");
    Ok(())
}

/// Runs this program with its output in a pipe, and tells how it ended.
fn run(how: &str, reader_stays: bool) -> Result<()> {
    let (reader, writer) = io::pipe()?;
    let reader = reader_stays.then_some(reader); // or closed before the write
    let mut program = Command::new(env::current_exe()?);
    let program = program.arg(how).stdout(writer).stderr(Stdio::piped());
    let output = program.spawn()?.wait_with_output()?;
    let told = String::from_utf8(output.stderr)?.contains("Broken pipe");
    let end = end(output.status)?;
    program.stdout(Stdio::null()); // closes the writing end here
    let got = reader.map(io::read_to_string).transpose()?;
    let reader = got.map_or("none".into(), |got| format!("got {got:?}"));
    println!("main: {how}, reader: {reader}, {end}, told: {told}");
    Ok(())
}

fn end(status: ExitStatus) -> Result<String> {
    if let Some(number) = status.signal() {
        return Ok(format!("ended by {}", Signal::try_from(number)?));
    }
    Ok(format!("ended with {}", status.code().ok_or("no end")?))
}
