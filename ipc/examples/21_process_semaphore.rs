//! Process semaphore: two permits, five processes.
//!
//! Python: `multiprocessing.Semaphore(2)`, in `21_process_semaphore.py`.
//! Notes: N0:914, N2:108.
//!
//! At most as many processes are inside as there are permits, and the others
//! wait. Reach for it to limit the use of something that all of them need. std
//! and nix have none: `ipc::Semaphore` is the C library's, as in Python. It
//! stands in shared memory, under a name that is unlinked as soon as the
//! semaphore is open, so nothing is left, however the program ends.
//!
//! A process that is killed inside takes its permit with it, and the others may
//! wait forever. If that matters, take a lock on a file: the kernel takes it
//! back from the dead (`file_lock`). A signal handler ends `sem_wait` with
//! EINTR: that is no permit, so ask again.
//!
//! ```text,expect
//! @processes
//! @peak 5 processes
//! main: 2 permits, 5 workers
//! @lanes
//! main: inside: 2, a third permit: false
//! main: one has left, one has come, inside: 2
//! main: one has left, one has come, inside: 2
//! main: one has left, one has come, inside: 2
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
//! main: all have left, takes 2, a third permit: false
//! main: gives them back, a permit: true
//! ```
//!
//! Break it: `Semaphore::new(permits)` => `Semaphore::new(permits + 1)`
//! Break it: `let _permit = semaphore.acquire()?;` => ``
//! Break it (Python): `ctx.Semaphore(permits)` => `ctx.Semaphore(permits + 1)`
//! Break it (Python): `with semaphore:` => `if True:`

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use ipc::{Result, Semaphore, Shared};

fn main() -> Result<()> {
    let permits = 2;
    println!("main: {permits} permits, 5 workers");
    let semaphore = Semaphore::new(permits)?;
    let inside = Shared::new([const { AtomicBool::new(false) }; 5])?;
    let count = || inside.iter().filter(|place| place.load(Relaxed)).count();
    let (mut arrived, arrive) = io::pipe()?;
    let (mut entered, enter) = io::pipe()?;
    let (exit, mut let_out) = io::pipe()?;
    let start = |worker: usize| {
        ipc::fork(|| {
            println!("worker {worker}: waiting");
            (&arrive).write_all(b"!")?;
            let _permit = semaphore.acquire()?;
            inside[worker].store(true, Relaxed);
            println!("worker {worker}: inside");
            (&enter).write_all(b"!")?;
            (&exit).read_exact(&mut [0])?;
            println!("worker {worker}: leaving");
            inside[worker].store(false, Relaxed);
            Ok(())
        })
    };

    let mut workers = vec![start(0)?, start(1)?];
    entered.read_exact(&mut [0; 2])?;
    let is_free = || semaphore.try_acquire().map(|permit| permit.is_some());
    println!("main: inside: {}, a third permit: {}", count(), is_free()?);
    workers.extend([start(2)?, start(3)?, start(4)?]);
    arrived.read_exact(&mut [0; 5])?; // all five run now
    for _ in 2..5 {
        let_out.write_all(b"!")?;
        entered.read_exact(&mut [0])?;
        println!("main: one has left, one has come, inside: {}", count());
    }
    let_out.write_all(b"!!")?;
    ipc::wait_all(workers)?;

    let both = [semaphore.try_acquire()?, semaphore.try_acquire()?];
    let taken = both.iter().flatten().count();
    let third = is_free()?;
    println!("main: all have left, takes {taken}, a third permit: {third}");
    drop(both);
    println!("main: gives them back, a permit: {}", is_free()?);
    Ok(())
}
