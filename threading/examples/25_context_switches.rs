//! Context switches: given up of one's own will, or taken away.
//!
//! Python: `resource.getrusage(RUSAGE_THREAD)`, in `25_context_switches.py`.
//! Notes: N0:197, N2:48.
//!
//! A thread leaves its core for one of two reasons, and the kernel counts both
//! for each thread. It blocks: a voluntary switch. Or it would go on, and its
//! core is given to another: an involuntary one. Look at these figures first
//! when a program is slow and no core is busy (it waits), or slower with more
//! threads (they push each other away).
//!
//! The sleeper naps 20 times: about 20 voluntary switches (less one now and
//! then, when a nap is over before the thread could leave). The cruncher never
//! waits and shares its core with a rival, until it has been pushed away 5
//! times. The notes have the scheduler go thousands of times to a thread that
//! waits for a socket; it does not, a blocked thread is not run before its wait
//! is over. Under CPython's lock threads hand over by waiting, so there the
//! rival is a process. Linux only; elsewhere the program says so and ends.
//!
//! ```text,expect
//! sleeper: voluntary {:int 18..25}, involuntary {:int}
//! cruncher: voluntary 0, involuntary {:int 5..}
//! ```
//!
//! Break it: `thread::sleep(Duration::from_millis(1))` => `hint::spin_loop()`

use std::error::Error;
use std::hint;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use threading::kernel::{cores, pin_to, switches};

fn sleeper() -> io::Result<()> {
    let before = switches()?;
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(1));
    }
    println!("sleeper: {}", switches()? - before);
    Ok(())
}

fn cruncher() -> io::Result<()> {
    let before = switches()?;
    while (switches()? - before).involuntary < 5 {
        hint::black_box((0..10_000).sum::<u32>());
    }
    println!("cruncher: {}", switches()? - before);
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, the counts are Linux's own");
        return Ok(());
    }
    thread::spawn(sleeper).join().map_err(|_| "the sleeper panicked")??;

    pin_to(cores()?[0])?;
    let enough = AtomicBool::new(false);
    thread::scope(|s| {
        s.spawn(|| {
            while !enough.load(Ordering::Relaxed) {
                hint::spin_loop();
            }
        });
        let counted = s.spawn(cruncher).join();
        enough.store(true, Ordering::Relaxed);
        counted.map_err(|_| "the cruncher panicked")
    })??;
    Ok(())
}
