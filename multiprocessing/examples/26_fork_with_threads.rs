//! Fork with threads: a lock that nobody in the child can release.
//!
//! Python: `os.fork` while a thread holds a `threading.Lock`, in
//! `26_fork_with_threads.py`.
//! Reported: python/cpython#50970, DataDog/dd-trace-py#18900, pytorch/pytorch#1355.
//! Symptom: it hangs: a forked child stops at a lock, an import or a log line.
//!
//! A forked child has a copy of all memory, and one thread: the one that forked. If
//! another thread held a lock at that moment, the copy of the lock is held, and its
//! holder does not exist. A waiter waits forever. The lock need not be
//! yours: the allocator, a logger, a connection pool have locks inside.
//!
//! The cure: fork before you start threads, or start a program (`spawn`,
//! forkserver) instead. In Rust `fork` is `unsafe` for this reason, and that is all
//! the compiler says; `ipc::fork` counts the threads and refuses. Python warns since
//! 3.12 (DeprecationWarning), and Linux's default is forkserver since 3.14; it makes
//! its own locks anew in the child, but not yours. This example forks by hand; its
//! child does only what is allowed: an atomic, a read, a write, `_exit`.
//!
//! ```text,expect
//! @threads holder
//! @processes child
//! @processes cured
//! @peak 1 processes
//! holder: has the lock
//! child: forked, lock is free: false
//! holder: has released the lock
//! main: lock is free: true
//! child: it is released there, here free: false
//! main: the child has ended, exit code 0
//! cured: forked without another thread, lock is free: true
//! main: the child has ended well
//! ```
//!
//! Break it: `let held = LOCK.lock();` => `let held = ();`
//! Break it: `let cured = ipc::fork` => `let _held = LOCK.lock(); let cured = ipc::fork`
//! Break it (Python): `with LOCK:` => `if True:`
//! Break it (Python): `child = fork(try_twice)` => `child = os.getpid(); os.write(tell, b".")`

#![allow(unsafe_code)]

use std::io::{self, PipeReader, PipeWriter, Read, Write, pipe, stdout};
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::thread;

use ipc::Result;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, write};

static LOCK: Mutex<()> = Mutex::new(());

fn main() -> Result<()> {
    let (taken, has_taken) = channel();
    let (release, released) = channel::<()>();
    let holder = thread::spawn(move || {
        let held = LOCK.lock();
        println!("holder: has the lock");
        let _ = taken.send(());
        let _ = released.recv(); // an error, when main has dropped `release`
        drop(held);
        println!("holder: has released the lock");
    });
    has_taken.recv()?;

    let (mut told, tell) = pipe()?;
    let (gate, mut gate_keeper) = pipe()?;
    // SAFETY: `holder` runs too, so the child may call only what may be called in
    // a signal handler. It looks at an atomic, reads, writes, and ends by `_exit`.
    let child = match unsafe { fork() }? {
        ForkResult::Parent { child } => Forked(Some(child)),
        ForkResult::Child => {
            drop(gate_keeper); // or it would wait for itself, if main died
            in_child(&tell, &gate)
        }
    };
    told.read_exact(&mut [0])?;
    drop(release);
    holder.join().unwrap_or_else(|panic| resume_unwind(panic));
    println!("main: lock is free: {}", LOCK.try_lock().is_ok());
    gate_keeper.write_all(b".")?;
    println!("main: the child has ended, exit code {}", child.wait()?);

    let cured = ipc::fork(|| {
        let free = LOCK.try_lock().is_ok();
        println!("cured: forked without another thread, lock is free: {free}");
        Ok(())
    })?;
    cured.join()?;
    println!("main: the child has ended well");
    Ok(())
}

fn in_child(mut tell: &PipeWriter, mut gate: &PipeReader) -> ! {
    let tried = try_lock("child: forked, lock is free: ");
    let tried = tried.and_then(|()| tell.write_all(b"."));
    let tried = tried.and_then(|()| gate.read_exact(&mut [0]));
    let tried = tried
        .and_then(|()| try_lock("child: it is released there, here free: "));
    ipc::exit(tried.is_err().into())
}

/// Says whether the lock can be taken, without anything that locks or allocates.
fn try_lock(text: &str) -> io::Result<()> {
    let free = LOCK.try_lock().is_ok();
    let mut line = [0; 64];
    let mut rest = &mut line[..];
    rest.write_all(text.as_bytes())?;
    rest.write_all(if free { b"true\n" } else { b"false\n" })?;
    let length = 64 - rest.len();
    write(stdout(), &line[..length])?;
    Ok(())
}

/// A child that was forked by hand.
struct Forked(Option<Pid>);

impl Forked {
    fn wait(mut self) -> Result<i32> {
        let pid = self.0.take().ok_or("it was waited for")?;
        match waitpid(pid, None)? {
            WaitStatus::Exited(_, code) => Ok(code),
            other => Err(format!("the child: {other:?}").into()),
        }
    }
}

impl Drop for Forked {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            let _ = kill(pid, Signal::SIGKILL);
            let _ = waitpid(pid, None);
        }
    }
}
