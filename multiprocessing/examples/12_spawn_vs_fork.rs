//! Spawn, fork and exec: who starts with the parent's memory, and who without.
//!
//! Python: the start methods `spawn` and `fork`, and `os.execv`, in
//! `12_spawn_vs_fork.py`.
//! Notes: N2:676, N3:17, N4:135.
//!
//! A forked child goes on with all that the parent had in memory. A spawned one
//! begins at the first line of a program and knows only what it is told: by
//! arguments, environment, a pipe. Spawning costs more and is free of fork's
//! traps. `Command` spawns. `multiprocessing` spawns on Windows and macOS; on
//! Linux it forked, and since 3.14 it asks a fork server (`start_methods`). The
//! sibling names its method.
//!
//! `exec` replaces the program inside a process. Text in a buffer is lost with
//! the old program; a descriptor stays open unless it is close-on-exec, as all
//! are that Rust and Python open. A spawn is a child that borrows its parent's
//! memory until it calls `exec` (`vfork`, `posix_spawn`), so nothing is copied
//! for it.
//!
//! In the notes: `exec` makes a process (N4:135). It makes none, and the pid
//! stays; `fork` (`clone`) makes it. Multiprocessing uses fork "under the hood"
//! (N3:20): on Linux up to Python 3.13, and nowhere by default since.
//!
//! ```text,expect
//! @processes
//! @peak 1.. processes
//! main: setting 42, pid {main:pid}
//! forked: setting 42, pid {forked:pid}
//! spawned: setting 0, pid {spawned:pid}
//! exec: before it setting 42, pid {exec:pid}
//! exec: after it setting 0, pid {exec:pid}
//! main: setting 42, all 3 have ended well
//! ```
//!
//! Break it: `.exec()` => `.status()`
//! Break it: `report("forked:")` => `Err(Command::new(&program).arg("forked:").exec().into())`
//! Break it: `.arg("spawned:").status()?` => `.arg("exec:").status()?`
//! Break it (Python): `os.execv(program[0], program)` => `os.spawnv(os.P_WAIT, program[0], program)`
//! Break it (Python): `spawn.Process` => `fork.Process`

use std::env;
use std::os::unix::process::CommandExt;
use std::process::{Command, id};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Result;

static SETTING: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<()> {
    // This program, started by itself, is told by an argument what it is.
    if let Some(name) = env::args().nth(1) {
        return report(&name);
    }
    let program = env::current_exe()?;
    SETTING.store(42, Relaxed);
    report("main:")?;

    ipc::fork(|| report("forked:"))?.join()?;

    let ended = Command::new(&program).arg("spawned:").status()?;
    if !ended.success() {
        return Err(format!("spawned: {ended}").into());
    }

    let child = ipc::fork(|| {
        report("exec: before it")?;
        let error = Command::new(&program).arg("exec: after it").exec();
        Err(format!("exec has failed: {error:?}").into()) // else not here
    })?;
    child.join()?;

    let setting = SETTING.load(Relaxed);
    println!("main: setting {setting}, all 3 have ended well");
    Ok(())
}

fn report(name: &str) -> Result<()> {
    let setting = SETTING.load(Relaxed);
    println!("{name} setting {setting}, pid {}", id());
    Ok(())
}
