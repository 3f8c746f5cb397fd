//! Preemption: a thread that never yields does not stop the others.
//!
//! Python: `threading`, in `29_preemption.py`.
//! Notes: N0:160, N1:11, N3:6.
//!
//! The kernel gives each thread a slice of time, and then takes the core away,
//! whatever the thread is doing. So on one core a thread in an endless loop
//! slows the others, and cannot stop them. Tasks of an event loop are
//! cooperative: one that never awaits stops them all, in asyncio
//! (`greedy_task`) as in tokio.
//!
//! Both threads are pinned to one core. The greedy one spins and asks for
//! nothing; the other goes on only when it sees that the greedy one has spun
//! again. So at each step the core went to and fro, and the kernel counts how
//! often it was taken from the greedy one. In Rust that never waits; in Python
//! it waits now and then, since CPython makes it hand over the interpreter's
//! lock as well. (Real-time threads under `SCHED_FIFO` are the exception: no
//! slices among equals.) Linux only; elsewhere it says so and ends.
//!
//! ```text,expect
//! polite: step 1, greedy has spun on
//! polite: step 2, greedy has spun on
//! polite: step 3, greedy has spun on
//! greedy: voluntary {:int}, involuntary {:int 3..}
//! ```
//!
//! Break it: `hint::spin_loop();` =>
//! `thread::sleep(std::time::Duration::from_millis(1));`

use std::error::Error;
use std::hint;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;

use threading::kernel::{cores, pin_to, switches};

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, pinning is Linux's own");
        return Ok(());
    }
    pin_to(cores()?[0])?; // new threads inherit it
    let spins = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let switches = thread::scope(|s| {
        let greedy = s.spawn(|| {
            let before = switches()?;
            while !stop.load(Relaxed) {
                spins.fetch_add(1, Relaxed);
                hint::spin_loop();
            }
            Ok::<_, std::io::Error>(switches()? - before)
        });
        for step in 1..=3 {
            let seen = spins.load(Relaxed);
            while spins.load(Relaxed) == seen {
                thread::yield_now();
            }
            println!("polite: step {step}, greedy has spun on");
        }
        stop.store(true, Relaxed);
        greedy.join().map_err(|_| "the greedy thread panicked")
    })??;
    println!("greedy: {switches}");
    Ok(())
}
