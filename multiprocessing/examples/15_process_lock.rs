//! Process lock: several processes, one terminal, and records that stay whole.
//!
//! Python: `multiprocessing.Lock`, in `15_process_lock.py`.
//! Notes: N4:968, N4:974.
//!
//! Processes share no variables, but they share the terminal, files and devices.
//! Here each prints a record of three lines. One line is one write and stays
//! whole; only a lock that all the processes know keeps the three together. Each
//! stops in the middle of its record until the others are in the middle of
//! theirs, or were refused by the lock. So without the lock the records mix on
//! every run, and with it on none.
//!
//! Rust's lock here is `File::lock` (`flock`). It belongs to an open file, so
//! each process opens the file for itself: an inherited descriptor would be the
//! same lock, already held. Python's `multiprocessing.Lock` is a semaphore. They
//! differ when the holder is killed: the kernel unlocks a dead process's files,
//! but nobody posts its semaphore, and the others wait forever.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! main: without a lock
//! tango: line 1 of 3
//! foxtrot: line 1 of 3
//! ten: line 1 of 3
//! @lanes
//! tango: line 2 of 3
//! tango: line 3 of 3
//! foxtrot: line 2 of 3
//! foxtrot: line 3 of 3
//! ten: line 2 of 3
//! ten: line 3 of 3
//! @end
//! main: with a lock
//! tango: line 1 of 3
//! foxtrot: refused, waits
//! ten: refused, waits
//! tango: line 2 of 3
//! tango: line 3 of 3
//! {next:word}: line 1 of 3
//! {next:word}: line 2 of 3
//! {next:word}: line 3 of 3
//! {last:word}: line 1 of 3
//! {last:word}: line 2 of 3
//! {last:word}: line 3 of 3
//! main: 3 processes have ended well
//! ```
//!
//! Break it: `write_records(Some(file.path()))` => `write_records(None)`
//! Break it: `lock.lock()?` => `return Ok(())`
//! Break it (Python): `write_records(context.Lock())` => `write_records(None)`
//! Break it (Python): `lock.acquire()  # waits` => `pass`

use std::fs::{File, TryLockError};
use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe};
use std::path::Path;

use ipc::Result;
use tempfile::NamedTempFile;

fn main() -> Result<()> {
    println!("main: without a lock");
    write_records(None)?;
    println!("main: with a lock");
    let file = NamedTempFile::new()?;
    let written = write_records(Some(file.path()))?;
    println!("main: {written} processes have ended well");
    Ok(())
}

fn write_records(lock: Option<&Path>) -> Result<usize> {
    let (gate, mut gate_keeper) = pipe()?;
    let mut children = Vec::new();
    for name in ["tango", "foxtrot", "ten"] {
        let (mut arrival, arrived) = pipe()?;
        let gate = &gate;
        children.push(ipc::fork(move || {
            Ok(write_record(name, lock, arrived, gate)?)
        })?);
        // End of file: it is in the middle, or was refused.
        arrival.read_to_end(&mut Vec::new())?;
    }
    gate_keeper.write_all(&[0; 3])?; // a byte for each
    ipc::wait_all(children)
}

fn write_record(
    name: &str,
    lock: Option<&Path>,
    arrived: PipeWriter,
    mut gate: &PipeReader,
) -> io::Result<()> {
    let mut arrived = Some(arrived);
    let lock = lock.map(File::open).transpose()?;
    if let Some(lock) = &lock {
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                println!("{name}: refused, waits");
                arrived = None;
                lock.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    println!("{name}: line 1 of 3");
    drop(arrived);
    gate.read_exact(&mut [0])?;
    println!("{name}: line 2 of 3");
    println!("{name}: line 3 of 3");
    Ok(()) // closing the file unlocks it
}
