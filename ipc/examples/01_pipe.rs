//! Pipe: bytes one way, and an end.
//!
//! Python: `multiprocessing.Pipe(duplex=False)`, in `01_pipe.py`.
//! Notes: N2:213, N4:1040.
//!
//! A pipe has an end to write to and an end to read from. It carries bytes, in
//! order: Python's `send` pickles a value and counts the bytes, in Rust you
//! choose the form, here JSON, one value a line. Reach for a pipe when one
//! process has things to tell another.
//!
//! End of file comes when no process has the writing end open any more. The
//! trap: `fork` copies descriptors, so the parent has a writing end too, and if
//! it keeps it, it waits for itself for ever. The other way round, to write
//! where nobody can read is an error: Rust and Python ignore SIGPIPE, which
//! ends a C program silently.
//!
//! ```text,expect
//! @lanes
//! worker: sends 42, None, hello  #sends1
//! worker: sends a greeting  #sends2
//! main: got 42, None, hello  #got1
//! main: got Hello from worker  #got2
//! @end
//! @before sends1 got1
//! @before sends2 got2
//! main: the worker has ended, end of file: false
//! main: closed its own writing end, end of file: true
//! ```
//!
//! Break it: `drop(writer)` => `let _open = writer`

use std::io::{self, BufRead, BufReader, PipeReader, Write};
use std::os::fd::AsFd;

use ipc::Result;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

type Fields = (i32, Option<f64>, Option<String>);

fn main() -> Result<()> {
    let (reader, mut writer) = io::pipe()?;
    let worker = ipc::fork(|| {
        let fields: Fields = (42, None, Some("hello".into()));
        println!("worker: sends 42, None, hello");
        writeln!(writer, "{}", serde_json::to_string(&fields)?)?;
        println!("worker: sends a greeting");
        writeln!(writer, "{}", serde_json::to_string("Hello from worker")?)?;
        Ok(())
    })?;

    let mut lines = BufReader::new(reader);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let (number, nothing, word): Fields = serde_json::from_str(&line)?;
    let word = word.unwrap_or_default();
    println!("main: got {number}, {nothing:?}, {word}");
    line.clear();
    lines.read_line(&mut line)?;
    println!("main: got {}", serde_json::from_str::<String>(&line)?);

    worker.join()?;
    let end = at_end(lines.get_ref())?;
    println!("main: the worker has ended, end of file: {end}");
    drop(writer);
    let end = at_end(lines.get_ref())?;
    println!("main: closed its own writing end, end of file: {end}");
    Ok(())
}

/// Whether a read would return at once. All was read, so that is the end.
fn at_end(reader: &PipeReader) -> Result<bool> {
    let mut end = [PollFd::new(reader.as_fd(), PollFlags::POLLIN)];
    Ok(poll(&mut end, PollTimeout::ZERO)? == 1)
}
