//! Start methods: fork, spawn, and a fork server.
//!
//! Python: the start methods `fork`, `spawn` and `forkserver`, in
//! `13_start_methods.py`.
//! Notes: N2:676, N3:20, N4:864, N4:919.
//!
//! A forked child has all that its parent had at that moment; it is quick, and
//! unsafe once the parent has threads. A spawned one starts the program anew
//! and has nothing but what it is sent. A fork server is in between: a helper
//! is started early, has one thread forever, and forks on request. Its
//! children have what the server had, not what main has now.
//!
//! Python's default is spawn on macOS and Windows; on Linux it was fork, and is
//! forkserver since 3.14. With both the child imports the main module, so
//! main's work stands under `if __name__ == "__main__"`, and function and
//! arguments are pickled. In Rust a spawned child is `main` once more, told by
//! an argument what it is (`pool::entry`); a fork server is a zygote, forked in
//! the first line of `main` (`src/zygote.rs`).
//!
//! In the notes: only a top-level function can be a process (N4:864). So it is
//! where it is pickled; with fork any function will do. Without the guard on
//! `__main__` processes start processes forever (N4:864): Python sees it and
//! raises a RuntimeError. Multiprocessing uses fork (N3:20): see above.
//!
//! ```text,expect
//! @threads thread
//! @processes fork
//! @processes spawn
//! @processes server {:int}
//! main: setting 42, pid {main:pid}
//! fork: setting 42, child of {main:pid}
//! spawn: setting 0, child of {main:pid}
//! server 1: setting 0, child of {server:pid}
//! thread: here, main should fork no more
//! server 2: setting 0, child of {server:pid}
//! thread: leaves
//! main: a fork takes {:int 1..} µs, by the server {:int 1..} µs, a spawn {:int 1..} µs
//! main: a spawn costs {:float 0.1..} forks
//! ```
//!
//! Break it: `server.run("server 1")?` => `ipc::fork(|| report("server 1"))?.join()?`
//! Break it: `spawn("spawn")?` => `ipc::fork(|| report("spawn"))?.join()?`
//! Break it: `Zygote::start(report)?; // first of all` => `{ SETTING.store(42, Relaxed); Zygote::start(report)? };`
//! Break it (Python): `get_context("forkserver")` => `get_context("fork")`
//! Break it (Python): `get_context("spawn")` => `get_context("fork")`

use std::env;
use std::os::unix::process::parent_id;
use std::panic::resume_unwind;
use std::process::{Command, id};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use ipc::Result;
use multiprocessing::Zygote;

static SETTING: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<()> {
    // This program, started by itself, is told by an argument what it is.
    if let Some(name) = env::args().nth(1) {
        return report(&name);
    }
    let mut server = Zygote::start(report)?; // first of all
    SETTING.store(42, Relaxed);
    println!("main: setting {}, pid {}", SETTING.load(Relaxed), id());

    ipc::fork(|| report("fork"))?.join()?;
    spawn("spawn")?;
    server.run("server 1")?;

    let fork = quickest(|| ipc::fork(|| report(""))?.join())?;
    let by_server = quickest(|| server.run(""))?;
    let spawned = quickest(|| spawn(""))?;

    let (begun, begins) = channel();
    let (end, ended) = channel::<()>();
    let thread = thread::spawn(move || {
        println!("thread: here, main should fork no more");
        let _ = begun.send(());
        let _ = ended.recv(); // an error, when main has dropped `end`
        println!("thread: leaves");
    });
    begins.recv()?;
    server.run("server 2")?;
    drop(end);
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
    server.end()?;

    let [f, s, p] = [fork, by_server, spawned].map(|time| time.as_micros());
    println!("main: a fork takes {f} µs, by the server {s} µs, a spawn {p} µs");
    let ratio = spawned.as_secs_f64() / fork.as_secs_f64();
    println!("main: a spawn costs {ratio:.1} forks");
    Ok(())
}

fn report(name: &str) -> Result<()> {
    if !name.is_empty() {
        let setting = SETTING.load(Relaxed);
        println!("{name}: setting {setting}, child of {}", parent_id());
    }
    Ok(())
}

/// Starts this program anew, with the name for its argument.
fn spawn(name: &str) -> Result<()> {
    let ended = Command::new(env::current_exe()?).arg(name).status()?;
    if ended.success() { Ok(()) } else { Err(ended.to_string().into()) }
}

fn quickest(mut start: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        let begin = Instant::now();
        start()?;
        quickest = quickest.min(begin.elapsed());
    }
    Ok(quickest)
}
