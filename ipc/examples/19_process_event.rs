//! Process event: nobody starts before it is set.
//!
//! Python: `multiprocessing.Event`, in `19_process_event.py`, built on a pipe
//! as here.
//! Notes: N2:129, N0:914.
//!
//! Several processes wait until one says go. An event stays set, so a latecomer
//! passes at once, and it can be cleared. Reach for it when all need something
//! that has to be ready first. std has no event between processes. Here it is a
//! pipe: while a byte is in it, everybody who polls it goes on, and nobody
//! reads the byte, so it stays set. `clear` reads without blocking, as another
//! process may have been faster. (On Linux one descriptor does: `eventfd`.)
//!
//! Nothing is locked, so a process that dies holds up nobody. Python's own
//! event counts its sleepers in shared memory: if one of them is killed while
//! it waits, the next `set` waits for it and hangs. A signal handler ends
//! `poll` with EINTR, so it is called again.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! main: starts 3 workers
//! @lanes
//! worker 0: waits
//! worker 0: starts, set: true  #starts
//! worker 1: waits
//! worker 1: starts, set: true  #starts
//! worker 2: waits
//! worker 2: starts, set: true  #starts
//! main: 3 have come, started within 20 ms: 0, set: false
//! main: sets it  #set
//! @end
//! @before set starts
//! main: started: 3
//! latecomer: may pass at once: true
//! main: clears it twice, set: false
//! newcomer: may pass at once: false
//! ```
//!
//! Break it: `event.wait()?;` => ``
//! Break it: `match reader.read(&mut [0; 8]) {`
//! => `match Err::<usize, _>(io::Error::from(ErrorKind::WouldBlock)) {`
//! Break it (Python): `event.wait(None)` => `pass`
//! Break it (Python): `os.read(self.reader, 8)` => `return`

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};
use std::os::fd::AsFd;

use ipc::Result;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

const LIMIT: u8 = 20; // milliseconds

fn main() -> Result<()> {
    println!("main: starts 3 workers");
    let event = Event::new()?;
    let (mut arrivals, mut arrive) = io::pipe()?;
    let (mut starts, mut start) = io::pipe()?;
    let mut workers = Vec::new();
    for worker in 0..3 {
        let (event, arrive, start) = (&event, &mut arrive, &mut start);
        workers.push(ipc::fork(move || {
            println!("worker {worker}: waits");
            arrive.write_all(b"!")?;
            event.wait()?;
            println!("worker {worker}: starts, set: {}", event.is_set()?);
            Ok(start.write_all(b"!")?)
        })?);
    }
    let mut come = [0; 3];
    arrivals.read_exact(&mut come)?;
    let early = u32::from(is_readable(&starts, LIMIT.into())?);
    let (come, set) = (come.len(), event.is_set()?);
    println!(
        "main: {come} have come, started within {LIMIT} ms: {early}, set: {set}"
    );
    println!("main: sets it");
    event.set()?;
    ipc::wait_all(workers)?;
    println!("main: started: {}", starts.read(&mut [0; 9])?);

    pass("latecomer", &event)?;
    event.clear()?;
    event.clear()?;
    println!("main: clears it twice, set: {}", event.is_set()?);
    pass("newcomer", &event)
}

fn pass(name: &str, event: &Event) -> Result<()> {
    let process = ipc::fork(|| {
        println!("{name}: may pass at once: {}", event.is_set()?);
        Ok(())
    })?;
    process.join()
}

/// Set while there is a byte in the pipe.
struct Event(PipeReader, PipeWriter);

impl Event {
    fn new() -> Result<Event> {
        let (reader, writer) = io::pipe()?;
        fcntl(&reader, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Event(reader, writer))
    }

    fn set(&self) -> Result<()> {
        if !self.is_set()? {
            (&self.1).write_all(b"!")?;
        }
        Ok(())
    }

    /// Reads what is there. Several may have set it at the same time.
    fn clear(&self) -> Result<()> {
        let mut reader = &self.0;
        loop {
            match reader.read(&mut [0; 8]) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn is_set(&self) -> Result<bool> {
        is_readable(&self.0, PollTimeout::ZERO)
    }

    fn wait(&self) -> Result<()> {
        is_readable(&self.0, PollTimeout::NONE).map(drop)
    }
}

fn is_readable(pipe: &PipeReader, timeout: PollTimeout) -> Result<bool> {
    let mut pipe = [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)];
    loop {
        match poll(&mut pipe, timeout) {
            Err(Errno::EINTR) => {}
            ready => return Ok(ready? == 1),
        }
    }
}
