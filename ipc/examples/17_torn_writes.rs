//! Torn writes: many writers on one pipe.
//!
//! Python: `os.write`, `fcntl.flock`, in `17_torn_writes.py`.
//! Notes: N2:211.
//!
//! The notes say that data may be damaged when two processes write to the same
//! end of a pipe. It depends on the size. Up to PIPE_BUF bytes (4096 on Linux)
//! a write is atomic, whoever else writes. A larger one goes in as far as there
//! is room, and before the rest another may write: here on every run, as
//! O_NONBLOCK makes the first writer return where it would sleep, until the
//! second has written. (The two writers make it longer than a screen.)
//!
//! The mend is a lock around the whole record, and a length before it if sizes
//! differ. The kernel gives up a lock on a file when its holder dies. It
//! belongs to the open file: each process opens it, as an inherited descriptor
//! shares the lock and locks out nobody.
//!
//! ```text,expect
//! main: 4 writers, 200 records of PIPE_BUF bytes, torn: 0
//! a: the pipe is full, wrote {:int 1..262143} of 262144 bytes
//! b: writes its record
//! a: writes the rest
//! main: without a lock the pieces come as aba
//! a: the pipe is full, wrote {:int 1..262143} of 262144 bytes
//! b: the lock is taken, waits
//! a: writes the rest
//! b: writes its record
//! main: with a lock the pieces come as ab
//! ```
//!
//! Break it: `lock.lock()?; // for the whole record` => ``

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};

use ipc::Result;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use tempfile::NamedTempFile;

const LARGE: usize = 262_144;

fn main() -> Result<()> {
    let torn = small()?;
    println!("main: 4 writers, 200 records of PIPE_BUF bytes, torn: {torn}");
    let pieces = large(false)?;
    println!("main: without a lock the pieces come as {pieces}");
    let pieces = large(true)?;
    println!("main: with a lock the pieces come as {pieces}");
    Ok(())
}

fn small() -> Result<usize> {
    let (mut reader, writer) = io::pipe()?;
    let mut writers = Vec::new();
    for letter in *b"abcd" {
        let mut writer = writer.try_clone()?;
        writers.push(ipc::fork(move || {
            for _ in 0..50 {
                writer.write_all(&[letter; libc::PIPE_BUF])?;
            }
            Ok(())
        })?);
    }
    drop(writer);
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    ipc::wait_all(writers)?;
    let torn = |record: &&[u8]| record.iter().any(|byte| *byte != record[0]);
    Ok(bytes.chunks(libc::PIPE_BUF).filter(torn).count())
}

fn large(locked: bool) -> Result<String> {
    let file = NamedTempFile::new()?;
    let open = || locked.then(|| file.reopen()).transpose();
    let (mut reader, writer) = io::pipe()?;
    let writer_too = writer.try_clone()?;
    let (from_a, to_b) = io::pipe()?;
    let (from_b, to_a) = io::pipe()?;
    let a = ipc::fork(move || a(writer, open()?, to_b, from_b))?;
    let b = ipc::fork(move || b(writer_too, open()?, to_a, from_a))?;
    let mut pieces = Vec::new();
    reader.read_to_end(&mut pieces)?;
    ipc::wait_all([a, b])?;
    pieces.dedup();
    Ok(String::from_utf8(pieces)?)
}

fn a(
    mut writer: PipeWriter,
    lock: Option<File>,
    mut to_b: PipeWriter,
    mut from_b: PipeReader,
) -> Result<()> {
    let record = [b'a'; LARGE];
    if let Some(lock) = &lock {
        lock.lock()?; // for the whole record
    }
    // The flag is the pipe's, not the descriptor's: b must not find it set.
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    let wrote = writer.write(&record)?;
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::empty()))?;
    println!("a: the pipe is full, wrote {wrote} of {LARGE} bytes");
    to_b.write_all(b"!")?;
    from_b.read_exact(&mut [0])?;
    println!("a: writes the rest");
    writer.write_all(&record[wrote..])?;
    Ok(()) // the lock goes with the file
}

fn b(
    mut writer: PipeWriter,
    lock: Option<File>,
    mut to_a: PipeWriter,
    mut from_a: PipeReader,
) -> Result<()> {
    from_a.read_exact(&mut [0])?;
    let mut waited = false;
    if let Some(lock) = &lock
        && lock.try_lock().is_err()
    {
        println!("b: the lock is taken, waits");
        to_a.write_all(b"!")?;
        lock.lock()?;
        waited = true;
    }
    println!("b: writes its record");
    writer.write_all(&[b'b'; LARGE])?;
    if !waited {
        to_a.write_all(b"!")?;
    }
    Ok(())
}
