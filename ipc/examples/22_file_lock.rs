//! File lock: nobody reads half a change.
//!
//! Python: `fcntl.flock`, in `22_file_lock.py`.
//! Notes: N4:161, N4:219.
//!
//! One process moves 30 from Ann to Bob in a file, by two writes, and another
//! one reads. Without a lock the reader comes between the two, here on every
//! run, and 30 are missing. With an exclusive lock for the writer and a shared
//! one for readers it sees all or nothing. Reach for it when programs that do
//! not know each other share a file.
//!
//! The lock is advisory: a reader that does not ask for it reads what there is.
//! It belongs to the open file, so each process opens the file; an inherited
//! descriptor has the same lock. If the holder dies the kernel gives the lock
//! up and nobody hangs, but the change stays half made. If that matters, write
//! a new file and rename it.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! main: nobody locks
//! writer 1: took 30 from Ann
//! reader 1: Ann 20, Bob 50, together 70
//! writer 1: the reader has looked: true
//! writer 1: gave 30 to Bob
//! main: both lock
//! writer 2: took 30 from Ann
//! reader 2: the lock is taken, waits
//! writer 2: the reader has looked: false
//! writer 2: gave 30 to Bob
//! reader 2: Ann 20, Bob 80, together 100
//! main: the writer locks, the reader does not
//! writer 3: took 30 from Ann
//! reader 3: Ann 20, Bob 50, together 70
//! writer 3: the reader has looked: true
//! writer 3: gave 30 to Bob
//! main: processes waited for: 6
//! ```
//!
//! Break it: `file.lock()?` => `()`
//! Break it: `locks && is_taken(&file)?` => `false`
//! Break it (Python): `fcntl.flock(file, fcntl.LOCK_EX)` => `pass`
//! Break it (Python): `fcntl.LOCK_SH | fcntl.LOCK_NB` => `fcntl.LOCK_UN`

use std::fs::{File, TryLockError};
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

use ipc::Result;
use nix::poll::{PollFd, PollFlags, poll};
use tempfile::NamedTempFile;

fn main() -> Result<()> {
    println!("main: nobody locks");
    let mut ended = round(1, false, false)?;
    println!("main: both lock");
    ended += round(2, true, true)?;
    println!("main: the writer locks, the reader does not");
    ended += round(3, true, false)?;
    println!("main: processes waited for: {ended}");
    Ok(())
}

fn round(number: u32, writer_locks: bool, reader_locks: bool) -> Result<usize> {
    let accounts = NamedTempFile::new()?; // removed when it is dropped
    accounts.as_file().write_all_at(b"50 50", 0)?;
    let (half_done, half) = io::pipe()?;
    let (has_looked, looked) = io::pipe()?;
    let open = || accounts.reopen();
    let reader = ipc::fork(move || {
        read(number, open()?, reader_locks, half_done, looked)
    })?;
    let writer = ipc::fork(move || {
        write(number, open()?, writer_locks, half, has_looked)
    })?;
    ipc::wait_all([writer, reader])
}

fn write(
    number: u32,
    file: File,
    locks: bool,
    mut half: PipeWriter,
    mut has_looked: PipeReader,
) -> Result<()> {
    if locks {
        file.lock()?;
    }
    println!("writer {number}: took 30 from Ann");
    file.write_all_at(b"20", 0)?;
    half.write_all(b"!")?;
    let mut told = [0];
    has_looked.read_exact(&mut told)?;
    // A reader that has asked for the lock goes on waiting.
    let mut more = [PollFd::new(has_looked.as_fd(), PollFlags::POLLIN)];
    let looked = told == *b"!" || poll(&mut more, 20_u8)? > 0;
    println!("writer {number}: the reader has looked: {looked}");
    println!("writer {number}: gave 30 to Bob");
    file.write_all_at(b"80", 3)?;
    Ok(()) // the file is closed, and the lock is free
}

fn read(
    number: u32,
    mut file: File,
    locks: bool,
    mut half_done: PipeReader,
    mut looked: PipeWriter,
) -> Result<()> {
    half_done.read_exact(&mut [0])?;
    if locks && is_taken(&file)? {
        println!("reader {number}: the lock is taken, waits");
        looked.write_all(b"?")?;
        file.lock_shared()?;
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let (ann, bob) = text.split_once(' ').ok_or("not two accounts")?;
    let together = ann.parse::<u32>()? + bob.parse::<u32>()?;
    println!("reader {number}: Ann {ann}, Bob {bob}, together {together}");
    let _ = looked.write_all(b"!"); // fails if the writer has not waited
    Ok(())
}

/// Takes the shared lock, if it is free.
fn is_taken(file: &File) -> io::Result<bool> {
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
