//! Process event: nobody starts before it is set.
//!
//! Python: `multiprocessing.Event`, in `13_process_event.py`.
//! Notes: N2:129, N0:910.
//!
//! Several processes wait until one says go. An event stays set: who comes late
//! passes at once; it can be cleared. Reach for it to begin together when what
//! all need is ready. std has none between processes; here it is a pipe (the
//! first half of the program). While a byte is in it all who `poll` it go on,
//! and as nobody reads the byte, it stays set.
//!
//! Nothing is locked, so nobody's death matters. Python's event counts its
//! sleepers in shared memory: if one is killed as it waits, the next `set`
//! waits for ever for it to wake. A signal ends `poll` by EINTR, so it is made
//! again.
//!
//! ```text,expect
//! @lanes
//! worker 0: waits  #waits
//! worker 0: starts  #starts
//! worker 1: waits  #waits
//! worker 1: starts  #starts
//! worker 2: waits  #waits
//! worker 2: starts  #starts
//! main: all 3 wait, set: false, sets it  #set
//! @end
//! @before waits set
//! @before set starts
//! late: starts, set: true
//! main: clears it, set: false
//! ```
//!
//! Break it: `arrive_and_wait(event, &mut arrived)?` => `()`

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;

use ipc::Result;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Set while there is a byte in the pipe.
struct Event(PipeReader, PipeWriter);

impl Event {
    fn set(&self) -> Result<()> {
        if !self.is_set()? {
            (&self.1).write_all(b"!")?;
        }
        Ok(())
    }

    fn clear(&self) -> Result<()> {
        while self.is_set()? {
            (&self.0).read_exact(&mut [0])?;
        }
        Ok(())
    }

    fn is_set(&self) -> Result<bool> {
        self.poll(PollTimeout::ZERO)
    }

    fn wait(&self) -> Result<()> {
        self.poll(PollTimeout::NONE).map(drop)
    }

    fn poll(&self, timeout: PollTimeout) -> Result<bool> {
        let mut byte = [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)];
        loop {
            match poll(&mut byte, timeout) {
                Err(Errno::EINTR) => {}
                ready => return Ok(ready? == 1),
            }
        }
    }
}

fn main() -> Result<()> {
    let (reader, writer) = io::pipe()?;
    let event = Event(reader, writer);
    let (mut arrivals, arrived) = io::pipe()?;
    let mut workers = Vec::new();
    for worker in 0..3 {
        let mut arrived = arrived.try_clone()?;
        let event = &event;
        workers.push(ipc::fork(move || {
            println!("worker {worker}: waits");
            arrive_and_wait(event, &mut arrived)?;
            println!("worker {worker}: starts");
            Ok(())
        })?);
    }
    drop(arrived);
    arrivals.read_exact(&mut [0; 3])?;
    println!("main: all 3 wait, set: {}, sets it", event.is_set()?);
    event.set()?;
    ipc::wait_all(workers)?;

    let late = ipc::fork(|| {
        event.wait()?;
        println!("late: starts, set: {}", event.is_set()?);
        Ok(())
    })?;
    late.join()?;
    event.clear()?;
    println!("main: clears it, set: {}", event.is_set()?);
    Ok(())
}

fn arrive_and_wait(event: &Event, arrived: &mut PipeWriter) -> Result<()> {
    arrived.write_all(b"!")?;
    event.wait()
}
