//! Life cycle: the states of a thread, as the program can observe them.
//!
//! Python: `ident`, `is_alive()` and `/proc`, in `11_lifecycle.py`.
//! Notes: N2:504, N4:133.
//!
//! A thread that is runnable has work and needs only a core, whether it has one
//! at this moment or not; a waiting one gets no core until what it waits for
//! has come. The program sees the two ends itself: in Rust a thread that is new
//! is a closure which nobody has spawned yet (there is no unstarted `Thread`),
//! and `is_finished` tells the end. What lies between only the kernel knows;
//! Linux shows it in `/proc`: R for runnable, S for waiting. A worker that
//! yields in a loop is runnable all the time, one that stands at a barrier is
//! waiting, so main need only look until it sees the state that must come.
//! Linux only; elsewhere the program says so and ends.
//!
//! The notes' program never joins its workers. Python waits for them at its
//! end; the same program in Rust would end at once, and they with it. (To look
//! at the kernel's word makes this a little longer than a screen.)
//!
//! ```text,expect
//! main: 5 workers are new, the kernel lists 1 thread
//! main: worker 1 is runnable, then waiting
//! main: worker 2 is runnable, then waiting
//! main: worker 3 is runnable, then waiting
//! main: worker 4 is runnable, then waiting
//! main: worker 5 is runnable, then waiting
//! main: 0 are finished, the kernel lists 6 threads
//! main: 5 are finished
//! ```
//!
//! Break it: `GATE.wait(); // until main comes` => `thread::yield_now();`

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Barrier, mpsc};
use std::{fs, io, thread};

/// Worker n is busy until this is n, then goes to the gate.
static BUSY_UNTIL: AtomicU32 = AtomicU32::new(0);
static GATE: Barrier = Barrier::new(6);

/// Looks until the kernel gives the thread this state.
fn wait_for_state(state: &str, task: &Path) -> io::Result<()> {
    let status = Path::new("/proc").join(task).join("status");
    while !fs::read_to_string(&status)?.contains(&format!("State:\t{state}")) {
        thread::yield_now();
    }
    Ok(())
}

fn listed() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let (running, tasks) = mpsc::channel::<io::Result<PathBuf>>();
    let new_worker = |number| {
        let running = running.clone();
        move || {
            // The link leads to this thread's own folder below /proc.
            let _ = running.send(fs::read_link("/proc/thread-self"));
            while BUSY_UNTIL.load(Relaxed) < number {
                thread::yield_now();
            }
            GATE.wait(); // until main comes
        }
    };
    let workers: Vec<_> = (1..=5).map(new_worker).collect();
    let (new, threads) = (workers.len(), listed()?);
    println!("main: {new} workers are new, the kernel lists {threads} thread");

    let mut handles = Vec::new();
    for (number, worker) in (1..).zip(workers) {
        handles.push(thread::spawn(worker));
        let task = tasks.recv()??;
        wait_for_state("R", &task)?;
        BUSY_UNTIL.store(number, Relaxed);
        wait_for_state("S", &task)?;
        println!("main: worker {number} is runnable, then waiting");
    }
    let finished = handles.iter().filter(|handle| handle.is_finished()).count();
    let threads = listed()?;
    println!(
        "main: {finished} are finished, the kernel lists {threads} threads"
    );

    GATE.wait();
    let mut finished = 0;
    for handle in handles {
        while !handle.is_finished() {
            thread::yield_now();
        }
        handle.join().map_err(|_| "a worker panicked")?;
        finished += 1;
    }
    println!("main: {finished} are finished");
    Ok(())
}
