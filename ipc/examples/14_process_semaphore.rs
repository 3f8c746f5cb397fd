//! Process semaphore: two permits, five processes.
//!
//! Python: `multiprocessing.Semaphore(2)`, in `14_process_semaphore.py`.
//! Notes: N0:910, N2:107.
//!
//! At most as many processes are inside as there are permits, the others wait.
//! Reach for it to limit the use of what all of them need. std and nix have
//! none; this is the C library's, as in Python (half of the program).
//! `sem_open` puts it in shared memory under a name; unlinked at once, it lives
//! on in the children that are forked later, and nothing is left, however the
//! program ends.
//!
//! A process that is killed inside takes its permit with it, and the others may
//! wait for ever. What must come back by itself is a lock on a file, which the
//! kernel takes from the dead. `sem_wait` ends early by EINTR when a signal is
//! handled: there is no permit then, so ask again.
//!
//! ```text,expect
//! main: 2 permits, 5 workers
//! @lanes
//! main: two are inside, a third permit: false
//! worker 0: waiting
//! worker 0: inside
//! worker 0: leaving
//! worker 1: waiting
//! worker 1: inside
//! worker 1: leaving
//! worker 2: waiting
//! worker 2: inside
//! worker 2: leaving
//! worker 3: waiting
//! worker 3: inside
//! worker 3: leaving
//! worker 4: waiting
//! worker 4: inside
//! worker 4: leaving
//! @end
//! main: most inside at once: 2
//! ```
//!
//! Break it: `Semaphore::new(2)` => `Semaphore::new(3)`

#![allow(unsafe_code)]

use std::ffi::CString;
use std::io::{self, Read, Write};
use std::process;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::{Result, Shared};
use nix::errno::Errno;

/// A semaphore for this process and those that it forks.
struct Semaphore(NonNull<libc::sem_t>);

impl Semaphore {
    fn new(permits: u32) -> Result<Semaphore> {
        let name = CString::new(format!("/ipc-{}", process::id()))?;
        let new = libc::O_CREAT | libc::O_EXCL;
        // SAFETY: `name` is a string of C, the others are numbers. The unlink
        // is for what a dead namesake may have left.
        let semaphore = unsafe {
            libc::sem_unlink(name.as_ptr());
            libc::sem_open(name.as_ptr(), new, 0o600, permits)
        };
        if semaphore == libc::SEM_FAILED {
            return Err(io::Error::last_os_error().into());
        }
        // SAFETY: as above.
        unsafe { libc::sem_unlink(name.as_ptr()) };
        Ok(Semaphore(NonNull::new(semaphore).ok_or("no semaphore")?))
    }

    fn acquire(&self) -> nix::Result<Permit<'_>> {
        loop {
            // SAFETY: the semaphore stays open until the process ends.
            match Errno::result(unsafe { libc::sem_wait(self.0.as_ptr()) }) {
                Ok(_) => return Ok(Permit(self)),
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno),
            }
        }
    }

    fn try_acquire(&self) -> nix::Result<Option<Permit<'_>>> {
        // SAFETY: as above.
        match Errno::result(unsafe { libc::sem_trywait(self.0.as_ptr()) }) {
            Ok(_) => Ok(Some(Permit(self))),
            Err(Errno::EAGAIN) => Ok(None),
            Err(errno) => Err(errno),
        }
    }
}

/// Goes back when it is dropped.
struct Permit<'a>(&'a Semaphore);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe { libc::sem_post(self.0.0.as_ptr()) };
    }
}

fn main() -> Result<()> {
    println!("main: 2 permits, 5 workers");
    let semaphore = Semaphore::new(2)?;
    let shared = Shared::new([const { AtomicU32::new(0) }; 2])?;
    let [inside, most] = &*shared;
    let (mut entered, enter) = io::pipe()?;
    let (exit, mut let_out) = io::pipe()?;
    let start = |worker: u32| {
        ipc::fork(|| {
            println!("worker {worker}: waiting");
            let _permit = semaphore.acquire()?;
            let now = inside.fetch_add(1, Relaxed) + 1;
            most.fetch_max(now, Relaxed);
            println!("worker {worker}: inside");
            (&enter).write_all(b"!")?;
            (&exit).read_exact(&mut [0])?;
            println!("worker {worker}: leaving");
            inside.fetch_sub(1, Relaxed);
            Ok(())
        })
    };
    let mut workers = vec![start(0)?, start(1)?];
    entered.read_exact(&mut [0; 2])?;
    let third = semaphore.try_acquire()?.is_some();
    println!("main: two are inside, a third permit: {third}");
    workers.extend([start(2)?, start(3)?, start(4)?]);
    for _ in 2..5 {
        let_out.write_all(b"!")?;
        entered.read_exact(&mut [0])?;
    }
    let_out.write_all(b"!!")?;
    ipc::wait_all(workers)?;
    println!("main: most inside at once: {}", most.load(Relaxed));
    Ok(())
}
