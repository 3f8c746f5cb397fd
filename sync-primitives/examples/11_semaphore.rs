//! Semaphore: two permits, five workers.
//!
//! Python: `threading.Semaphore(2)`, in `11_semaphore.py`.
//! Notes: N0:790, N1:98, N2:113, N4:1526.
//!
//! A semaphore is a lock with several keys: at most as many threads are inside
//! as it has permits, the others wait. Reach for it to limit the load on
//! something that bears a few users at once: connections, downloads, open
//! files. std has no semaphore; this one is in `src/semaphore.rs`, forty lines
//! on a mutex and a condition variable (for tasks there is
//! `tokio::sync::Semaphore`). A permit goes back when it is dropped, as at the
//! end of Python's `with` block.
//!
//! Two workers are let in and kept there; main's own attempt to be the third
//! must fail. Then three more queue up, and whenever one leaves another gets
//! in.
//!
//! ```text,expect
//! main: 2 permits, 5 workers
//! @lanes
//! main: two are inside, no third permit
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

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::unbounded;
use sync_primitives::Semaphore;

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: 2 permits, 5 workers");
    let semaphore = Semaphore::new(2);
    let inside = AtomicUsize::new(0);
    let most = AtomicUsize::new(0);
    let (enter, entered) = unbounded();
    let (let_out, exit) = unbounded();
    let work = |worker: usize| {
        println!("worker {worker}: waiting");
        let _permit = semaphore.acquire();
        let now = inside.fetch_add(1, Ordering::Relaxed) + 1;
        most.fetch_max(now, Ordering::Relaxed);
        println!("worker {worker}: inside");
        enter.send(()).expect("main listens until the end");
        exit.recv().expect("main lets everybody out");
        println!("worker {worker}: leaving");
        inside.fetch_sub(1, Ordering::Relaxed);
    };
    thread::scope(|s| -> Result<(), Box<dyn Error>> {
        for worker in [0, 1] {
            s.spawn(move || work(worker));
        }
        entered.recv()?;
        entered.recv()?;
        match semaphore.try_acquire() {
            None => println!("main: two are inside, no third permit"),
            Some(_) => println!("main: two are inside, and a third permit"),
        }
        for worker in [2, 3, 4] {
            s.spawn(move || work(worker));
        }
        for _ in 2..5 {
            let_out.send(())?;
            entered.recv()?;
        }
        let_out.send(())?;
        let_out.send(())?;
        Ok(())
    })?;
    println!("main: most inside at once: {}", most.into_inner());
    Ok(())
}
