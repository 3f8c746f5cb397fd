//! Graceful shutdown: Ctrl-C while main waits in a join.
//!
//! Python: `signal.sigwait`, in `12_graceful_shutdown.py`.
//! Notes: N2:655, N2:659, N2:661, N2:663.
//!
//! Ctrl-C should end a program between two pieces of work. Block SIGINT before
//! the first thread starts: all threads inherit the mask, so it interrupts
//! nobody, and one thread takes it with `sigwait`. It asks the worker to stop;
//! the item in hand is finished, and main's join returns. The end must be
//! bounded too: a second Ctrl-C waits for nobody. (The program is forked before
//! it has threads.)
//!
//! The notes say that Python cannot handle the signal while main is in a join.
//! Since 3.2 a handler interrupts the join, unless the signal comes just before
//! main blocks; a thread in `sigwait` has no such gap. Without a handler,
//! KeyboardInterrupt leaves the join, but at its end the interpreter waits for
//! every thread that is not a daemon, and seems deaf. (A little longer than a
//! screen: user, program and worker are in it.)
//!
//! ```text,expect
//! program: 4 items, main waits in a join
//! worker: finished item 1
//! worker: in the middle of item 2
//! user: Ctrl-C
//! signals: SIGINT, no new item
//! worker: finished item 2
//! program: joined, finished 2 of 4 items
//! user: the program ended with 0
//! program: 4 items, main waits in a join
//! worker: finished item 1
//! worker: in the middle of item 2, which hangs
//! user: Ctrl-C
//! signals: SIGINT, no new item
//! user: Ctrl-C again
//! signals: SIGINT again, ends the process
//! user: the program ended with 130
//! ```
//!
//! Break it: `ctrl_c.thread_block()?;` => ``
//! Break it: `STOP.store(true, Relaxed)` => `STOP.store(false, Relaxed)`

use std::io::{self, PipeWriter, Read, Write};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread;

use ipc::Result;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::WaitStatus;

static STOP: AtomicBool = AtomicBool::new(false);

fn main() -> Result<()> {
    for hangs in [false, true] {
        let (mut from_program, to_user) = io::pipe()?;
        let program = ipc::fork(move || program(hangs, to_user))?;
        from_program.read_exact(&mut [0])?; // in the middle of item 2
        println!("user: Ctrl-C");
        kill(program.id(), Signal::SIGINT)?;
        from_program.read_exact(&mut [0])?; // asked to stop
        if hangs {
            println!("user: Ctrl-C again");
            kill(program.id(), Signal::SIGINT)?;
        }
        if let WaitStatus::Exited(_, code) = program.wait()? {
            println!("user: the program ended with {code}");
        }
    }
    Ok(())
}

fn program(hangs: bool, mut to_user: PipeWriter) -> Result<()> {
    let ctrl_c = SigSet::from(Signal::SIGINT);
    ctrl_c.thread_block()?;
    println!("program: 4 items, main waits in a join");
    let (asked, was_asked) = mpsc::channel();
    let mut to_user_too = to_user.try_clone()?;
    // Not joined: it waits for a second Ctrl-C until the process ends.
    thread::spawn(move || -> io::Result<()> {
        ctrl_c.wait()?;
        println!("signals: SIGINT, no new item");
        STOP.store(true, Relaxed);
        to_user_too.write_all(b"!")?;
        let _ = asked.send(());
        ctrl_c.wait()?;
        println!("signals: SIGINT again, ends the process");
        process::exit(130)
    });
    let worker = thread::spawn(move || -> io::Result<u32> {
        let mut finished = 0;
        while finished < 4 && !STOP.load(Relaxed) {
            let item = finished + 1;
            if item == 2 {
                let how = if hangs { ", which hangs" } else { "" };
                println!("worker: in the middle of item 2{how}");
                to_user.write_all(b"!")?;
                while was_asked.recv().is_err() || hangs {
                    thread::park();
                }
            }
            println!("worker: finished item {item}");
            finished += 1;
        }
        Ok(finished)
    });
    let finished = worker.join().map_err(|_| "the worker panicked")??;
    println!("program: joined, finished {finished} of 4 items");
    Ok(())
}
