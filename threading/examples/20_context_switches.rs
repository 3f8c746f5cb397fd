//! Context switches: given up of one's own will, or taken away.
//!
//! Python: `resource.getrusage(RUSAGE_THREAD)`, in `20_context_switches.py`.
//! Notes: N0:197, N2:49.
//!
//! A thread leaves its core for one of two reasons, and the kernel counts both
//! for each thread. If it blocks, that is a voluntary switch. If it would go on
//! and its core is given to another, that is an involuntary one. Look at these
//! figures first when a program is slow and no core is busy (it waits), or
//! slower with more threads (they push each other away).
//!
//! The sleeper naps 20 times: about 20 voluntary switches (one less now and
//! then, when a nap is over before the thread could leave). The cruncher never
//! waits, and shares its core with a rival until it has been pushed away 5
//! times. Where CPython has its lock, threads hand it over by waiting, so there
//! the rival is a process. Linux only; elsewhere the program says so and ends.
//!
//! In the notes: the scheduler goes thousands of times to a thread that waits
//! for a socket. It does not; a blocked thread is not run before its wait is
//! over.
//!
//! ```text,expect
//! @threads sleeper
//! sleeper: naps 20, voluntary {:int 18..25}, involuntary {:int 0..}
//! cruncher: on 1 core, voluntary 0, involuntary {:int 5..}
//! ```
//!
//! Break it: `thread::sleep(Duration::from_millis(1))` => `hint::spin_loop()`
//! Break it: `while (switches()? - before).involuntary < 5 {` =>
//! `for _ in 0..5 { thread::sleep(Duration::from_millis(2));`
//! Break it: `pin_to(cores()?[0])?;` => `let _ = pin_to;`
//! Break it (Python): `time.sleep(0.001)` => `pass`
//! Break it (Python): `while switches(start)[1] < 5:` =>
//! `for _ in map(time.sleep, [0.002] * 5):`

use std::error::Error;
use std::hint;
use std::io;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use threading::kernel::{cores, pin_to, switches};

const NAPS: u32 = 20;

fn sleeper() -> io::Result<()> {
    let before = switches()?;
    for _ in 0..NAPS {
        thread::sleep(Duration::from_millis(1));
    }
    println!("sleeper: naps {NAPS}, {}", switches()? - before);
    Ok(())
}

fn cruncher() -> io::Result<()> {
    let before = switches()?;
    while (switches()? - before).involuntary < 5 {
        hint::black_box((0..10_000).sum::<u32>());
    }
    let switches = switches()? - before;
    println!("cruncher: on {} core, {switches}", cores()?.len());
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, the counts are Linux's own");
        return Ok(());
    }
    let sleeper = thread::spawn(sleeper);
    sleeper.join().unwrap_or_else(|panic| resume_unwind(panic))?;

    pin_to(cores()?[0])?; // new threads inherit it
    let enough = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            while !enough.load(Relaxed) {
                hint::spin_loop();
            }
        });
        let counted = s.spawn(cruncher).join();
        enough.store(true, Relaxed);
        counted.unwrap_or_else(|panic| resume_unwind(panic))
    })?;
    Ok(())
}
