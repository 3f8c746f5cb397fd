//! Semaphore: two permits, five workers.
//!
//! Python: `threading.Semaphore(2)`, in `06_semaphore.py`.
//! Notes: N0:541, N0:790, N1:98, N2:108, N2:113, N3:45, N4:262, N4:1526.
//!
//! A semaphore is a lock with several keys: at most as many threads are inside
//! as it has permits, and the others wait. Use it to limit the load on
//! something that serves few users at once: connections, downloads, open files.
//! A permit goes back when it is dropped, as at the end of Python's `with`. std
//! has no semaphore; this one, in `src/semaphore.rs`, is forty lines on a mutex
//! and a condition variable. For tasks there is `tokio::sync::Semaphore`.
//!
//! Two workers are let in and kept inside; main's own attempt to be the third
//! fails. Then three more queue up, and another gets in whenever one leaves. A
//! second semaphore, which begins with no permit, lets them out one by one.
//!
//! ```text,expect
//! @threads
//! @peak 5 threads
//! @span inside leaving
//! main: 2 permits, 5 workers
//! @lanes
//! main: 2 have one, a third permit: false
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
//! main: most at once: 2, now 0
//! @end
//! main: permits that came back: 2
//! ```
//!
//! Break it: `Semaphore::new(2)` => `Semaphore::new(3)`
//! Break it: `let _permit = door.acquire();` => `drop(door.acquire());`
//! Break it (Python): `threading.Semaphore(2)` => `threading.Semaphore(3)`
//! Break it (Python): `with door:` => `if True:`

use std::error::Error;
use std::sync::mpsc;
use std::thread;

use sync_primitives::Semaphore;

fn main() -> Result<(), Box<dyn Error>> {
    let door = Semaphore::new(2);
    println!("main: {} permits, 5 workers", door.available());
    let leave = Semaphore::new(0);
    let (tell, steps) = mpsc::channel();
    thread::scope(|s| -> Result<(), Box<dyn Error>> {
        let start = |worker: usize| {
            let (door, leave, tell) = (&door, &leave, tell.clone());
            s.spawn(move || {
                println!("worker {worker}: waiting");
                tell.send(0).expect("main counts all steps");
                let _permit = door.acquire();
                println!("worker {worker}: inside");
                tell.send(1).expect("main counts all steps");
                leave.acquire().forget();
                println!("worker {worker}: leaving");
                tell.send(-1).expect("main counts all steps");
            });
        };
        start(0);
        start(1);
        let mut inside: i32 = steps.iter().take(4).sum(); // ask, enter
        let third = door.try_acquire().is_some();
        println!("main: {inside} have one, a third permit: {third}");
        for worker in 2..5 {
            start(worker);
        }
        steps.iter().take(3).for_each(drop); // all have asked
        let mut most = inside;
        for _ in 2..5 {
            leave.release();
            for _ in ["one leaves", "another enters"] {
                inside += steps.recv()?;
                most = most.max(inside);
            }
        }
        leave.release();
        leave.release(); // the last two
        inside += steps.recv()? + steps.recv()?;
        println!("main: most at once: {most}, now {inside}");
        Ok(())
    })?;
    println!("main: permits that came back: {}", door.available());
    Ok(())
}
