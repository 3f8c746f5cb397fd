//! Process lock: several processes, one terminal, and records that stay whole.
//!
//! Python: `multiprocessing.Lock`, in `10_process_lock.py`.
//! Notes: N4:974.
//!
//! Each process prints a record of three lines. A line is one write and stays
//! whole; nothing keeps the lines of one record together but a lock that all
//! the processes know. A process stops in the middle of its record until each
//! of the others is in the middle of its own, or has been refused by
//! `try_lock`. So without the lock the records mix on every run, and with it on
//! none.
//!
//! The lock is `File::lock` (`flock`). It belongs to an open file, hence each
//! process opens the file for itself: an inherited descriptor would be the same
//! lock, already held. `multiprocessing.Lock` is a semaphore, and there is a
//! difference when the holder is killed: the kernel unlocks a dead process's
//! files, but nobody posts its semaphore, and the others wait for ever. A
//! little longer than a screen: it shows the mix and the cure.
//!
//! ```text,expect
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
//! tango: line 2 of 3
//! tango: line 3 of 3
//! {next:word}: line 1 of 3
//! {next:word}: line 2 of 3
//! {next:word}: line 3 of 3
//! {last:word}: line 1 of 3
//! {last:word}: line 2 of 3
//! {last:word}: line 3 of 3
//! main: done
//! ```
//!
//! Break it: `write_records(true)` => `write_records(false)`
//! Break it: `lock.lock()?` => `()`

#![allow(unsafe_code)]

use std::error::Error;
use std::fs::File;
use std::io::{self, PipeReader, PipeWriter, Read, pipe};
use std::path::Path;
use std::process::exit;

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};
use tempfile::NamedTempFile;

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: without a lock");
    write_records(false)?;
    println!("main: with a lock");
    write_records(true)?;
    println!("main: done");
    Ok(())
}

fn write_records(locked: bool) -> Result<(), Box<dyn Error>> {
    // Declared first and so dropped last, after the gate that they wait for.
    let mut children = Vec::new();
    let file = NamedTempFile::new()?;
    let (gate, gate_keeper) = pipe()?;
    for name in ["tango", "foxtrot", "ten"] {
        let (mut arrival, arrived) = pipe()?;
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => children.push(Child(child)),
            ForkResult::Child => {
                // The gate opens when no process has its other end any more.
                drop(gate_keeper);
                let path = locked.then_some(file.path());
                exit(write_record(name, path, arrived, gate).is_err().into())
            }
        }
        drop(arrived);
        // End of file: it is inside, or was refused.
        arrival.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

fn write_record(
    name: &str,
    path: Option<&Path>,
    arrived: PipeWriter,
    mut gate: PipeReader,
) -> io::Result<()> {
    let mut arrived = Some(arrived);
    let lock = path.map(File::open).transpose()?;
    if let Some(lock) = &lock
        && lock.try_lock().is_err()
    {
        arrived.take();
        lock.lock()?;
    }
    println!("{name}: line 1 of 3");
    arrived.take();
    // End of file: the others are inside, or were refused.
    gate.read_to_end(&mut Vec::new())?;
    println!("{name}: line 2 of 3");
    println!("{name}: line 3 of 3");
    Ok(()) // closing the file unlocks it
}
