//! Spawn, fork and exec: who starts with the parent's memory, and who without.
//!
//! Python: the start methods `spawn` and `fork`, and `os.execv`, in
//! `06_spawn_vs_fork.py`.
//! Notes: N2:676, N3:17, N4:135.
//!
//! A forked child goes on with all that the parent had in memory. A spawned one
//! begins at the first line of a program and knows only what it is told: by
//! arguments, environment, a pipe. Spawning costs more and is free of fork's
//! traps; the example `creation_cost` has the price. `Command` spawns. Python's
//! `multiprocessing` spawns on Windows and macOS; on Linux it forked, and since
//! 3.14 it asks a fork server, a helper without threads that forks on request (see
//! `start_methods`). The sibling names each method, so it is the same everywhere.
//!
//! To spawn, Linux makes a child that borrows the parent's memory and holds the
//! parent until it calls `exec`: no page table is copied. `posix_spawn`, which
//! `Command` uses where it can, and Python's `subprocess` do that (`vfork`). `exec`
//! replaces the program inside a process. Text in a buffer is lost with the old
//! program. A descriptor stays open in the new one unless it is close-on-exec,
//! as all that Rust and Python open; a forked child has them all. Rust and Python
//! ignore SIGPIPE; `Command` and `subprocess` give their child the default back.
//!
//! In the notes: `exec` makes a process (N4:135). It makes none, the pid stays;
//! `fork` (`clone`) makes it. Multiprocessing uses fork "under the hood" (N3:20):
//! on Linux up to Python 3.13, and nowhere by default since.
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
