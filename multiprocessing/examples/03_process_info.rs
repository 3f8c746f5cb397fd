//! Process information: five children, five pids, one parent.
//!
//! Python: `Process(name=…)`, `os.getpid`, `os.getppid`, in
//! `03_process_info.py`.
//! Notes: N4:922.
//!
//! The kernel knows a process by its pid and keeps the parent's pid beside it. A
//! name is the program's own affair: `multiprocessing` stores it in an attribute,
//! here it is a variable that the child has from the fork.
//!
//! A pid belongs to a process until its parent has waited for it; then the kernel
//! may give it to another. So do not keep a pid for later (`pidfd` shows what to
//! keep instead). The parent's pid changes when the parent dies, so it is not
//! a name either. Here all five children are alive at once, so their pids differ.
//!
//! In the notes: N4:927 does not run; the comma between the two arguments of its
//! `print` is missing.
//!
//! ```text,expect
//! @processes
//! @peak 5 processes
//! main: pid {main:pid}
//! @any
//! Process-1: pid {one:pid}, parent {main:pid}, 5 have met
//! Process-2: pid {two:pid}, parent {main:pid}, 5 have met
//! Process-3: pid {three:pid}, parent {main:pid}, 5 have met
//! Process-4: pid {four:pid}, parent {main:pid}, 5 have met
//! Process-5: pid {five:pid}, parent {main:pid}, 5 have met
//! @end
//! main: {one:pid} was Process-1, exit code 0
//! main: {two:pid} was Process-2, exit code 0
//! main: {three:pid} was Process-3, exit code 0
//! main: {four:pid} was Process-4, exit code 0
//! main: {five:pid} was Process-5, exit code 0
//! ```
//!
//! Break it: `all_here.wait()?` => `1`
//! Break it: `parent_id()` => `id()`
//! Break it (Python): `context.Barrier(5)` => `context.Barrier(1)`
//! Break it (Python): `os.getppid()` => `os.getpid()`

use std::os::unix::process::parent_id;
use std::process::id;

use ipc::Result;
use multiprocessing::Barrier;
use nix::sys::wait::WaitStatus;

fn main() -> Result<()> {
    println!("main: pid {}", id());
    let all_here = Barrier::new(5)?;
    let mut children = Vec::new();
    for number in 1..=5 {
        let name = format!("Process-{number}");
        let child = ipc::fork(|| {
            let (pid, parent) = (id(), parent_id());
            let met = all_here.wait()?;
            println!("{name}: pid {pid}, parent {parent}, {met} have met");
            Ok(())
        })?;
        children.push((name, child));
    }
    let mut ended = Vec::new();
    for (name, child) in children {
        ended.push((name, child.wait()?));
    }
    for (name, how) in ended {
        match how {
            WaitStatus::Exited(pid, code) => {
                println!("main: {pid} was {name}, exit code {code}");
            }
            other => return Err(format!("{name}: {other:?}").into()),
        }
    }
    Ok(())
}
