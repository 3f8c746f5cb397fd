//! Graceful shutdown: Ctrl-C while main waits in a join.
//!
//! Python: `signal.sigwait`, in `18_graceful_shutdown.py`.
//! Notes: N2:655, N2:659, N2:661, N2:663.
//!
//! Ctrl-C should end a program between two pieces of work. Block SIGINT before
//! the first thread starts: all threads inherit the mask, so the signal
//! interrupts nobody, and one thread takes it with `sigwait`. That thread asks
//! the worker to stop, the item in hand is finished, and main's join returns.
//! The end must be bounded too: a second Ctrl-C does not wait for the worker.
//! The crates `ctrlc` and `signal-hook` start such a thread for you.
//!
//! In Python a handler interrupts main's join, but not if the signal comes just
//! before main blocks; a thread in `sigwait` has no such gap. Without a handler
//! KeyboardInterrupt leaves the join, and then the interpreter waits at its end
//! for every thread that is not a daemon: the program seems deaf.
//!
//! In the notes: Python cannot handle a signal while main is in a join, and
//! looks for one every 5 ms. Both were true before 3.2.
//!
//! ```text,expect
//! @processes program {:int}
//! @peak 2 threads
//! program 1: 4 items, waits in a join
//! worker 1: finished item 1
//! worker 1: in the middle of item 2
//! user: Ctrl-C
//! signals 1: SIGINT, no new item
//! worker 1: finished item 2
//! program 1: joined, finished 2 of 4 items
//! user: program 1 ended with 0
//! program 2: 4 items, waits in a join
//! worker 2: finished item 1
//! worker 2: in the middle of item 2, which hangs
//! user: Ctrl-C
//! signals 2: SIGINT, no new item
//! user: Ctrl-C
//! signals 2: SIGINT again, ends the process
//! user: program 2 ended with 130
//! ```
//!
//! Break it: `ctrl_c.thread_block()?;` => ``
//! Break it: `STOP.store(true, Relaxed)` => `STOP.store(false, Relaxed)`
//! Break it: `process::exit(130)` => `process::exit(0)`
//! Break it (Python): `signal.pthread_sigmask` => `str`
//! Break it (Python): `stop.set()` => `pass`

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::panic::resume_unwind;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

use ipc::{Child, Result};
use nix::sys::signal::{SigSet, Signal};

const ITEMS: u32 = 4;

static STOP: AtomicBool = AtomicBool::new(false);

/// The user at the keyboard, who starts the program twice.
fn main() -> Result<()> {
    for (number, hangs) in [(1, false), (2, true)] {
        let (mut from_program, to_user) = io::pipe()?;
        let program = ipc::fork(move || run(number, hangs, to_user))?;
        ctrl_c(&program, &mut from_program)?; // in the middle of item 2
        if hangs {
            ctrl_c(&program, &mut from_program)?; // asked to stop
        }
        let code = program.exit_code()?;
        println!("user: program {number} ended with {code}");
    }
    Ok(())
}

fn ctrl_c(program: &Child, from_program: &mut PipeReader) -> io::Result<()> {
    from_program.read_exact(&mut [0])?;
    println!("user: Ctrl-C");
    program.signal(Signal::SIGINT)
}

fn run(number: u32, hangs: bool, mut to_user: PipeWriter) -> Result<()> {
    let ctrl_c = SigSet::from(Signal::SIGINT);
    ctrl_c.thread_block()?;
    println!("program {number}: {ITEMS} items, waits in a join");
    let (ask, asked) = mpsc::channel();
    let mut to_user_too = to_user.try_clone()?;
    // Not joined: it waits for a second Ctrl-C until the process ends.
    thread::spawn(move || -> io::Result<()> {
        ctrl_c.wait()?;
        println!("signals {number}: SIGINT, no new item");
        STOP.store(true, Relaxed);
        to_user_too.write_all(b"!")?;
        let _ = ask.send(()); // fails if the worker has finished
        ctrl_c.wait()?;
        println!("signals {number}: SIGINT again, ends the process");
        process::exit(130)
    });
    let worker = thread::spawn(move || -> io::Result<u32> {
        let mut finished = 0;
        while finished < ITEMS && !STOP.load(Relaxed) {
            let item = finished + 1;
            if item == 2 {
                let how = if hangs { ", which hangs" } else { "" };
                println!("worker {number}: in the middle of item 2{how}");
                to_user.write_all(b"!")?;
                // The item takes until main was asked to stop, or for ever.
                while asked.recv().is_err() || hangs {
                    thread::park();
                }
            }
            println!("worker {number}: finished item {item}");
            finished += 1;
        }
        Ok(finished)
    });
    let finished =
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("program {number}: joined, finished {finished} of {ITEMS} items");
    Ok(())
}
