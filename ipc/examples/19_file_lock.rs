//! File lock: nobody reads half a change.
//!
//! Python: `fcntl.flock`, in `19_file_lock.py`.
//! Notes: N4:157.
//!
//! One process moves 30 from Ann to Bob in a file, by two writes, another
//! reads. Without a lock the reader comes between the two, here on every run,
//! and 30 are missing. With an exclusive lock for the writer and a shared one
//! for readers it sees all or nothing. Reach for it where programs that do not
//! know each other share a file.
//!
//! The lock is advisory: who does not ask for it reads what there is. It
//! belongs to the open file, so each process opens it; an inherited descriptor
//! has the same lock. If the holder dies the kernel gives it up, so nobody
//! hangs, but the change stays half made: where that matters, write a new file
//! and rename it.
//!
//! ```text,expect
//! main: without a lock
//! writer: took 30 from Ann
//! reader: Ann 20, Bob 50, together 70
//! writer: gave 30 to Bob
//! main: with a lock
//! writer: took 30 from Ann
//! reader: waits for the lock
//! writer: gave 30 to Bob
//! reader: Ann 20, Bob 80, together 100
//! ```
//!
//! Break it: `file.lock()?` => `()`

use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::unix::fs::FileExt;

use ipc::Result;
use tempfile::NamedTempFile;

fn main() -> Result<()> {
    println!("main: without a lock");
    both(false)?;
    println!("main: with a lock");
    both(true)
}

fn both(locked: bool) -> Result<()> {
    let accounts = NamedTempFile::new()?; // removed when it is dropped
    accounts.as_file().write_all_at(b"50 50", 0)?;
    let (half_done, half) = io::pipe()?;
    let (has_looked, looked) = io::pipe()?;
    let open = || accounts.reopen();
    let writer = ipc::fork(move || write(open()?, locked, half, has_looked))?;
    let reader = ipc::fork(move || read(open()?, locked, half_done, looked))?;
    ipc::wait_all([writer, reader])?;
    Ok(())
}

fn write(
    file: File,
    locked: bool,
    mut half: PipeWriter,
    mut has_looked: PipeReader,
) -> Result<()> {
    if locked {
        file.lock()?;
    }
    println!("writer: took 30 from Ann");
    file.write_all_at(b"20", 0)?;
    half.write_all(b"!")?;
    has_looked.read_exact(&mut [0])?;
    println!("writer: gave 30 to Bob");
    file.write_all_at(b"80", 3)?;
    Ok(()) // the file is closed, and the lock is free
}

fn read(
    mut file: File,
    locked: bool,
    mut half_done: PipeReader,
    mut looked: PipeWriter,
) -> Result<()> {
    half_done.read_exact(&mut [0])?;
    if locked && file.try_lock_shared().is_err() {
        println!("reader: waits for the lock");
        looked.write_all(b"!")?;
        file.lock_shared()?;
    }
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    let (ann, bob) = text.split_once(' ').ok_or("not two accounts")?;
    let together = ann.parse::<u32>()? + bob.parse::<u32>()?;
    println!("reader: Ann {ann}, Bob {bob}, together {together}");
    let _ = looked.write_all(b"!"); // the writer may have gone on already
    Ok(())
}
