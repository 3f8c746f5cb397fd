//! Event descriptor: a counter that wakes.
//!
//! Python: `os.eventfd`, in `20_eventfd.py`.
//! Notes: none.
//!
//! An eventfd is a number in the kernel. A write adds to it, and a read takes
//! all of it and sets it to zero, or waits while it is zero. Several writes are
//! one wake-up. With EFD_SEMAPHORE a read takes one. Reach for it to wake
//! another process or thread: it needs one descriptor where a pipe needs two,
//! and never fills up with wake-ups that nobody has read.
//!
//! As a descriptor it can be polled together with sockets and pipes, which no
//! condition variable can. Event loops are woken from other threads this way:
//! tokio does it, asyncio uses a socket pair. Linux only; elsewhere use a pipe,
//! as `process_event` does.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: adds 3 and 4 to a counter
//! child: takes 7, then nothing
//! main: writes to a pipe
//! child: woken, pipe: true, counter: false
//! main: adds 1
//! child: woken, pipe: false, counter: true
//! child: takes 1
//! main: the child ended with 0
//! main: a semaphore of 2, takes 1, 1, then nothing
//! ```
//!
//! Break it: `EfdFlags::EFD_SEMAPHORE | EfdFlags::EFD_NONBLOCK`
//! => `EfdFlags::EFD_NONBLOCK`
//! Break it: `counter.write(4)?;` => ``
//! Break it: `counter.write(1)?; // wakes` => `to_child.write_all(b"!")?;`
//! Break it (Python): `os.EFD_SEMAPHORE | os.EFD_NONBLOCK` => `os.EFD_NONBLOCK`
//! Break it (Python): `os.eventfd_write(counter, 4)` => `pass`

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, there are no event descriptors here");
}

#[cfg(target_os = "linux")]
fn main() -> ipc::Result<()> {
    linux::run()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, PipeReader, Read, Write};
    use std::os::fd::AsFd;

    use ipc::Result;
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use nix::sys::eventfd::{EfdFlags, EventFd};

    pub(super) fn run() -> Result<()> {
        let counter = EventFd::from_flags(EfdFlags::EFD_NONBLOCK)?;
        println!("main: adds 3 and 4 to a counter");
        counter.write(3)?;
        counter.write(4)?;
        let ready = EventFd::new()?;
        let (from_main, mut to_child) = io::pipe()?;
        let child = ipc::fork(|| work(&counter, &ready, from_main))?;
        ready.read()?; // waits until the child has written
        println!("main: writes to a pipe");
        to_child.write_all(b"!")?;
        ready.read()?;
        println!("main: adds 1");
        counter.write(1)?; // wakes
        println!("main: the child ended with {}", child.exit_code()?);

        let flags = EfdFlags::EFD_SEMAPHORE | EfdFlags::EFD_NONBLOCK;
        let semaphore = EventFd::from_value_and_flags(2, flags)?;
        let (first, second) = (take(&semaphore)?, take(&semaphore)?);
        let third = take(&semaphore)?;
        println!(
            "main: a semaphore of 2, takes {first}, {second}, then {third}"
        );
        Ok(())
    }

    fn work(
        counter: &EventFd,
        ready: &EventFd,
        mut pipe: PipeReader,
    ) -> Result<()> {
        let (first, second) = (take(counter)?, take(counter)?);
        println!("child: takes {first}, then {second}");
        ready.write(1)?;
        sleep_until_woken(counter, &pipe)?;
        pipe.read_exact(&mut [0])?;
        ready.write(1)?;
        sleep_until_woken(counter, &pipe)?;
        println!("child: takes {}", take(counter)?);
        Ok(())
    }

    fn take(counter: &EventFd) -> nix::Result<String> {
        match counter.read() {
            Err(Errno::EAGAIN) => Ok("nothing".into()),
            taken => taken.map(|number| number.to_string()),
        }
    }

    fn sleep_until_woken(counter: &EventFd, pipe: &PipeReader) -> Result<()> {
        let mut both = [pipe.as_fd(), counter.as_fd()]
            .map(|descriptor| PollFd::new(descriptor, PollFlags::POLLIN));
        while poll(&mut both, PollTimeout::NONE) == Err(Errno::EINTR) {}
        let [pipe, counter] = both.map(|polled| polled.any() == Some(true));
        println!("child: woken, pipe: {pipe}, counter: {counter}");
        Ok(())
    }
}
