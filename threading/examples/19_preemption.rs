//! Preemption: a thread that never yields does not stop the others.
//!
//! Python: `threading`, in `19_preemption.py`.
//! Notes: N0:160, N1:11, N3:6.
//!
//! The kernel gives each thread a slice of time and then takes the core away,
//! whatever the thread is doing. So on one core a thread in an endless loop
//! slows the others, and cannot stop them. Tasks of an event loop are
//! cooperative: one that never awaits stops them all, in asyncio
//! (`greedy_task`) as in tokio. (Real-time threads under `SCHED_FIFO` are the
//! exception: no slices among equals.)
//!
//! Both threads are pinned to one core. The greedy one spins and asks for
//! nothing; main goes on only when it sees that the greedy one has spun again.
//! So at each step the core went to and fro, and the kernel counts how often it
//! was taken from the greedy thread. In Rust that thread never waits. Under
//! CPython's lock it waits now and then, because it has to hand over the lock
//! as well. Linux only; elsewhere the program says so and ends.
//!
//! ```text,expect
//! @threads
//! @peak 1 threads
//! main: both threads on 1 core
//! main: step 1, greedy has spun on
//! main: step 2, greedy has spun on
//! main: step 3, greedy has spun on
//! greedy: on 1 core, voluntary {:int 0..}, involuntary {:int 3..}
//! main: greedy has ended
//! ```
//!
//! Break it: `pin_to(cores()?[0])?; // new` => `// new`
//! Break it: `hint::spin_loop();` =>
//! `thread::sleep(std::time::Duration::from_millis(1));`
//! Break it (Python): `os.sched_setaffinity(0, {first})` => `pass`
//! Break it (Python): `self.spins += 1` => `self.spins += 1; time.sleep(0.001)`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::{hint, io, thread};

use threading::kernel::{cores, pin_to, switches};

fn greedy(spins: &AtomicU64, stop: &AtomicBool) -> io::Result<()> {
    let before = switches()?;
    while !stop.load(Relaxed) {
        spins.fetch_add(1, Relaxed);
        hint::spin_loop();
    }
    let switches = switches()? - before;
    println!("greedy: on {} core, {switches}", cores()?.len());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, pinning is Linux's own");
        return Ok(());
    }
    pin_to(cores()?[0])?; // new threads inherit it
    println!("main: both threads on {} core", cores()?.len());
    let spins = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    thread::scope(|s| {
        let greedy = s.spawn(|| greedy(&spins, &stop));
        for step in 1..=3 {
            let seen = spins.load(Relaxed);
            while spins.load(Relaxed) == seen {
                thread::yield_now();
            }
            println!("main: step {step}, greedy has spun on");
        }
        stop.store(true, Relaxed);
        greedy.join().unwrap_or_else(|panic| resume_unwind(panic))
    })?;
    println!("main: greedy has ended");
    Ok(())
}
