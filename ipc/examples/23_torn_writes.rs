//! Torn writes: many writers on one pipe, and two readers.
//!
//! Python: `os.write`, `fcntl.flock`, in `23_torn_writes.py`.
//! Notes: N2:211.
//!
//! Up to PIPE_BUF bytes (4096 on Linux, at least 512) a write to a pipe is
//! atomic, even if others write: it waits for room for all of it. A larger one
//! goes in as far as there is room, and another process may write before the
//! rest. Here the pipe has room for PIPE_BUF bytes each time: `a` begins and
//! returns (by O_NONBLOCK) where it would sleep in the middle of its record,
//! and `b` writes. (Longer than a screen: two writers and two readers are in
//! it.)
//!
//! The cure is a lock around the whole record, and a length in front if sizes
//! differ. The kernel gives up a lock on a file when its holder dies. The lock
//! belongs to the open file, so each process opens the file: an inherited
//! descriptor shares the lock and keeps nobody out.
//!
//! In the notes: data at one end of a pipe may be damaged. For writers it
//! depends on the size. Two readers do share out each record, as every byte
//! goes to one of them: give each reader a pipe of its own.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! a1: whole record of 1 x PIPE_BUF at once: true
//! b1: writes its record
//! a1: b has written: true
//! a1: has written all
//! main: without a lock the pieces come as ab
//! a2: whole record of 2 x PIPE_BUF at once: false
//! b2: writes its record
//! a2: b has written: true
//! a2: has written all
//! main: without a lock the pieces come as aba
//! a3: whole record of 2 x PIPE_BUF at once: false
//! b3: the lock is taken, waits
//! a3: b has written: false
//! a3: has written all
//! b3: writes its record
//! main: with a lock the pieces come as ab
//! reader 1: the length is 5
//! reader 2: the length is h
//! reader 1: the text is ello
//! ```
//!
//! Break it: `lock.lock()?; // for the whole record` => ``
//! Break it: `round(2, 2, false)?` => `round(2, 1, false)?`
//! Break it: `round(1, 1, false)?` => `round(1, 2, false)?`
//! Break it (Python): `fcntl.LOCK_EX)  # for the whole record`
//! => `fcntl.LOCK_UN)`
//! Break it (Python): `play(2, 2, locked=False)` => `play(2, 1, locked=False)`

use std::fs::{File, TryLockError};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;

use ipc::Result;
use libc::PIPE_BUF;
use nix::poll::{PollFd, PollFlags, poll};
use tempfile::NamedTempFile;

fn main() -> Result<()> {
    let pieces = round(1, 1, false)?;
    println!("main: without a lock the pieces come as {pieces}");
    let pieces = round(2, 2, false)?;
    println!("main: without a lock the pieces come as {pieces}");
    let pieces = round(3, 2, true)?;
    println!("main: with a lock the pieces come as {pieces}");
    two_readers()
}

/// Two processes write a record each; gives the order of the pieces.
fn round(number: u32, size: usize, locked: bool) -> Result<String> {
    let file = NamedTempFile::new()?;
    let open = || locked.then(|| file.reopen()).transpose();
    let (mut reader, writer) = ipc::pipe_with_room(PIPE_BUF)?;
    let writer_too = writer.try_clone()?;
    let (from_b, to_a) = io::pipe()?;
    let (go, mut say_go) = io::pipe()?;
    let b = ipc::fork(move || b(number, size, writer_too, open()?, to_a, go))?;
    let (mut tried, has_tried) = io::pipe()?;
    let a =
        ipc::fork(move || a(number, size, writer, open()?, has_tried, from_b))?;
    tried.read_exact(&mut [0])?;
    say_go.write_all(b"!")?;
    let mut pieces = Vec::new();
    reader.read_to_end(&mut pieces)?;
    ipc::wait_all([a, b])?;
    pieces.retain(|byte| *byte != b'.');
    pieces.dedup();
    Ok(String::from_utf8(pieces)?)
}

fn a(
    number: u32,
    size: usize,
    mut pipe: PipeWriter,
    lock: Option<File>,
    mut has_tried: PipeWriter,
    mut from_b: PipeReader,
) -> Result<()> {
    if let Some(lock) = &lock {
        lock.lock()?; // for the whole record
    }
    let record = vec![b'a'; size * PIPE_BUF];
    let wrote = ipc::write_at_once(&mut pipe, &record)?;
    let whole = wrote == record.len();
    println!("a{number}: whole record of {size} x PIPE_BUF at once: {whole}");
    has_tried.write_all(b"!")?;
    let mut told = [0];
    from_b.read_exact(&mut told)?;
    // Without a lock b has written by now. With one it goes on waiting.
    let mut from_b = [PollFd::new(from_b.as_fd(), PollFlags::POLLIN)];
    let wrote_too = told == *b"!" || poll(&mut from_b, 20_u8)? > 0;
    println!("a{number}: b has written: {wrote_too}");
    pipe.write_all(&record[wrote..])?;
    println!("a{number}: has written all");
    Ok(()) // the lock goes with the file
}

fn b(
    number: u32,
    size: usize,
    mut pipe: PipeWriter,
    lock: Option<File>,
    mut to_a: PipeWriter,
    mut go: PipeReader,
) -> Result<()> {
    go.read_exact(&mut [0])?;
    match lock.as_ref().map_or(Ok(()), File::try_lock) {
        Err(TryLockError::WouldBlock) => {
            println!("b{number}: the lock is taken, waits");
            to_a.write_all(b"?")?;
            lock.as_ref().map_or(Ok(()), File::lock)?;
        }
        free => free?,
    }
    println!("b{number}: writes its record");
    pipe.write_all(&vec![b'b'; size * PIPE_BUF])?;
    let _ = to_a.write_all(b"!"); // fails if a has not waited for it
    Ok(())
}

fn two_readers() -> Result<()> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(b"5hello")?; // a length and a text
    drop(writer);
    let (mut said, mut say) = io::pipe()?;
    let (mut told, mut tell) = io::pipe()?;
    let shared = &reader;
    let first = ipc::fork(move || {
        read_length(1, shared)?;
        say.write_all(b"!")?;
        told.read_exact(&mut [0])?;
        println!("reader 1: the text is {}", io::read_to_string(shared)?);
        Ok(())
    })?;
    said.read_exact(&mut [0])?;
    ipc::fork(|| read_length(2, shared))?.join()?;
    tell.write_all(b"!")?;
    first.join()
}

fn read_length(number: u32, mut pipe: &PipeReader) -> Result<()> {
    let mut length = [0];
    pipe.read_exact(&mut length)?;
    println!("reader {number}: the length is {}", char::from(length[0]));
    Ok(())
}
