//! Pipe: bytes one way, and an end.
//!
//! Python: `multiprocessing.Pipe(duplex=False)`, in `01_pipe.py`.
//! Notes: N2:210, N4:1044.
//!
//! A pipe has an end to write to and an end to read from, and it carries bytes
//! in order. Reach for it when one process has something to tell another.
//! Python's `send` pickles a value and puts its length in front. In Rust you
//! choose the format: here it is JSON, one value a line. The siblings in this
//! folder ask for `fork`, as the Rust does. Since 3.14 Python's default on
//! Linux is forkserver, whose children inherit nothing but their arguments.
//!
//! The reader sees end of file when no process has the writing end open any
//! more. `fork` copies descriptors, so the parent has a writing end too. If it
//! keeps that end, it waits for itself (`grandchild_holds_pipe` is the same
//! trap one generation further). Writing where nobody reads is an error: see
//! `broken_pipe`.
//!
//! ```text,expect
//! @processes
//! @lanes
//! worker: sends 42, None, hello  #sends1
//! worker: sends a greeting  #sends2
//! worker: ends
//! main: got 42, None, hello  #got1
//! main: got Hello from worker  #got2
//! @end
//! @before sends1 got1
//! @before sends2 got2
//! main: the worker ended with 0, end of file: false
//! main: closed its own writing end, end of file: true
//! ```
//!
//! Break it: `drop(writer)` => `let _open = writer`
//! Break it: `serde_json::to_string(&fields)?)?` => `"[42]")?`
//! Break it (Python): `writer.close()` => `pass`

use std::io::{self, BufRead, BufReader, PipeReader, Write};
use std::os::fd::AsFd;
use std::thread::sleep;
use std::time::Duration;

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
        sleep(Duration::from_millis(20)); // main waits for the end
        println!("worker: ends");
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

    let code = worker.exit_code()?;
    let end = at_end(&mut lines)?;
    println!("main: the worker ended with {code}, end of file: {end}");
    drop(writer);
    let end = at_end(&mut lines)?;
    println!("main: closed its own writing end, end of file: {end}");
    Ok(())
}

/// Whether a read would return at once, and with nothing.
fn at_end(lines: &mut BufReader<PipeReader>) -> Result<bool> {
    let mut pipe = [PollFd::new(lines.get_ref().as_fd(), PollFlags::POLLIN)];
    let ready = poll(&mut pipe, PollTimeout::ZERO)? == 1;
    Ok(ready && lines.fill_buf()?.is_empty())
}
