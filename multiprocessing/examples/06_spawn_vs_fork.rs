//! Spawn, fork and exec: who starts with the parent's memory, and who without.
//!
//! Python: the start methods `spawn` and `fork`, and `os.execv`, in
//! `06_spawn_vs_fork.py`.
//! Notes: N2:676, N4:133.
//!
//! A forked child goes on with all that the parent had in memory. A spawned one
//! begins at the first line of a program and knows only what it is told: by its
//! arguments, its environment, a pipe. `Command` spawns; so does
//! `multiprocessing` on Windows and macOS. Spawning costs more and is free of
//! fork's traps.
//!
//! The notes (N4:133) say that `exec` makes a process. It makes none: it
//! replaces the program in the process that calls it, and the pid stays. A
//! spawn is a fork whose child calls exec. A buffer not yet written is lost
//! with the old program; a descriptor goes on into the new one unless it is
//! marked close-on-exec, as Rust and Python mark all that they open. A forked
//! child always has them all.
//!
//! `Command::status` starts a program and waits for it; `Command::spawn` gives
//! a `Child`, and whoever drops that without a `wait` leaves a zombie. Rust and
//! Python ignore SIGPIPE, so that writing to a pipe which nobody reads is an
//! error and not the end; a program that `Command` starts begins with the
//! default, under which it dies.
//!
//! ```text,expect
//! main: setting 42, pid {main:pid}
//! forked: setting 42, pid {forked:pid}
//! spawned: setting 0, pid {spawned:pid}
//! before exec: setting 42, pid {exec:pid}
//! after exec: setting 0, pid {exec:pid}
//! ```
//!
//! Break it: `.exec()` => `.status()`

#![allow(unsafe_code)]

use std::env;
use std::error::Error;
use std::os::unix::process::CommandExt;
use std::process::{Command, exit, id};
use std::sync::atomic::{AtomicU32, Ordering};

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

static SETTING: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<(), Box<dyn Error>> {
    // This program, started by itself, is told by an argument what it is.
    if let Some(name) = env::args().nth(1) {
        report(&name);
        return Ok(());
    }
    let program = env::current_exe()?;
    SETTING.store(42, Ordering::Relaxed);
    report("main");
    in_fork(|| report("forked"))?;
    Command::new(&program).arg("spawned").status()?;
    in_fork(|| {
        report("before exec");
        // Comes back only if it fails.
        let error = Command::new(&program).arg("after exec").exec();
        eprintln!("before exec: {error:?}");
    })?;
    Ok(())
}

fn report(name: &str) {
    let setting = SETTING.load(Ordering::Relaxed);
    println!("{name}: setting {setting}, pid {}", id());
}

fn in_fork(work: impl FnOnce()) -> nix::Result<()> {
    // SAFETY: this process has one thread.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => waitpid(child, None)?,
        ForkResult::Child => {
            work();
            exit(0)
        }
    };
    Ok(())
}
