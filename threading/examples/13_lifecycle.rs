//! Life cycle: the states of a thread, as the program can observe them.
//!
//! Python: `ident`, `is_alive()` and `/proc`, in `13_lifecycle.py`.
//! Notes: N2:504, N4:139.
//!
//! A runnable thread has work and needs only a core, whether it has one at this
//! moment or not. A waiting thread gets no core until what it waits for has
//! come. The program sees the two ends itself. In Rust a new thread is a
//! closure that nobody has spawned yet (there is no unstarted `Thread`), and
//! `is_finished` tells the end. Only the kernel knows what lies between; Linux
//! shows it in `/proc`: R for runnable, S for waiting. A worker that yields in
//! a loop is runnable all the time, one at a barrier is waiting. So main looks
//! until it sees the state that must come. Linux only; elsewhere the program
//! says so and ends.
//!
//! In the notes: the program never joins its workers. Python waits for them at
//! its end; the same program in Rust would end at once, and they with it.
//!
//! ```text,expect
//! @threads
//! @peak 5 threads
//! main: 5 workers are new, the kernel lists 1 thread
//! main: worker 1 is R (running), then S (sleeping)
//! main: worker 2 is R (running), then S (sleeping)
//! main: worker 3 is R (running), then S (sleeping)
//! main: worker 4 is R (running), then S (sleeping)
//! main: worker 5 is R (running), then S (sleeping)
//! main: 0 are finished, the kernel lists 6 threads
//! main: 5 are finished, 5 are gone for the kernel
//! ```
//!
//! Break it: `GATE.wait(); // until main comes` =>
//! `while BUSY_UNTIL.load(Relaxed) < 6 { thread::yield_now() }`
//! Break it: `while BUSY_UNTIL.load(Relaxed) < number {` => `while false {`
//! Break it (Python): `self.gate.wait()` => `pass`
//! Break it (Python): `while self.busy_until < number:` => `while False:`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Barrier, mpsc};
use std::{fs, io, thread};

use threading::kernel::Task;

/// Worker n is busy until this is n, then goes to the gate.
static BUSY_UNTIL: AtomicU32 = AtomicU32::new(0);
static GATE: Barrier = Barrier::new(6);

fn listed() -> io::Result<String> {
    let count = fs::read_dir("/proc/self/task")?.count();
    let plural = if count == 1 { "" } else { "s" };
    Ok(format!("the kernel lists {count} thread{plural}"))
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let (running, tasks) = mpsc::channel();
    let new_worker = |number| {
        let running = running.clone();
        move || -> Result<(), mpsc::SendError<_>> {
            let mut task = Some(Task::current());
            while BUSY_UNTIL.load(Relaxed) < number {
                if let Some(task) = task.take() {
                    running.send(task)?; // it is busy now
                }
                thread::yield_now();
            }
            GATE.wait(); // until main comes
            Ok(())
        }
    };
    let workers: Vec<_> = (1..=5).map(new_worker).collect();
    println!("main: {} workers are new, {}", workers.len(), listed()?);

    let mut handles = Vec::new();
    let mut begun = Vec::new();
    for (number, worker) in (1..).zip(workers) {
        handles.push(thread::spawn(worker));
        let task = tasks.recv()??;
        let runnable = task.until(&['R'])?;
        BUSY_UNTIL.store(number, Relaxed);
        let waiting = task.until(&['S'])?;
        println!("main: worker {number} is {runnable}, then {waiting}");
        begun.push(task);
    }
    let finished = handles.iter().filter(|handle| handle.is_finished()).count();
    println!("main: {finished} are finished, {}", listed()?);

    GATE.wait();
    while !handles.iter().all(|handle| handle.is_finished()) {
        thread::yield_now();
    }
    let finished = handles.iter().filter(|handle| handle.is_finished()).count();
    for handle in handles {
        handle.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    }
    let mut gone = 0;
    for task in begun {
        gone += u32::from(task.until(&[])? == "gone");
    }
    println!("main: {finished} are finished, {gone} are gone for the kernel");
    Ok(())
}
