//! Signals: handled, ignored, left to the default, and SIGKILL.
//!
//! Python: `signal.signal`, in `17_signals.py`.
//! Notes: N2:655, N0:914.
//!
//! A signal tells a process that something happened, and nothing else. Equal
//! ones that wait count once (real-time signals queue). The process handles a
//! signal, ignores it, or leaves it to its default, which for most is death.
//! Reach for signals to end or reload a program. SIGKILL cannot be handled and
//! nothing is cleaned up, so it is the last resort.
//!
//! A handler runs in the middle of whatever it interrupts. If it allocates,
//! prints or locks, it may wait for a lock that the interrupted code holds. So
//! it may make async-signal-safe calls only. Here it writes a byte, and the
//! program does the rest when it reads the byte; the crate `signal-hook` does
//! this for you. Python's handlers run later, in the main thread, between two
//! instructions. A call that waits returns EINTR when a handler has run. With
//! SA_RESTART most calls are made again, but never `poll`.
//!
//! ```text,expect
//! @processes
//! main: may be handled: SIGUSR1 true, SIGKILL false, SIGSTOP false
//! worker 1: handles SIGUSR1, ignores SIGUSR2
//! main: sends SIGUSR2
//! main: sends SIGUSR1
//! worker 1: SIGUSR1 was handled
//! main: sends SIGTERM
//! main: worker 1 was ended by SIGTERM
//! worker 2: handles SIGUSR1, ignores SIGUSR2
//! main: sends SIGUSR2
//! main: sends SIGUSR1
//! worker 2: SIGUSR1 was handled
//! main: sends SIGKILL
//! main: worker 2 was ended by SIGKILL
//! worker 3: leaves all at their defaults
//! main: sends SIGUSR2
//! main: worker 3 was ended by SIGUSR2
//! ```
//!
//! Break it: `SigHandler::SigIgn` => `SigHandler::SigDfl`
//! Break it: `set(SIGUSR1, SigHandler::Handler(wake))?;` => ``
//! Break it: `worker.signal(signal)` => `worker.signal(SIGKILL)`
//! Break it (Python): `signal.SIG_IGN` => `signal.SIG_DFL`
//! Break it (Python): `signal.signal(signal.SIGUSR1, handler)` => `pass`

#![allow(unsafe_code)]

use std::io::{self, PipeWriter, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

use ipc::{Child, Result};
use nix::errno::Errno;
use nix::sys::signal::Signal::{self, SIGKILL, SIGSTOP, SIGTERM};
use nix::sys::signal::Signal::{SIGUSR1, SIGUSR2};
use nix::sys::signal::sigaction;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet};
use nix::sys::wait::WaitStatus;
use nix::unistd::pause;

static WAKE: OnceLock<UnixStream> = OnceLock::new();

/// The handler: a load, a `write`, and `errno` is left as it was.
extern "C" fn wake(_signal: i32) {
    let errno = Errno::last_raw();
    if let Some(mut end) = WAKE.get() {
        let _ = end.write(b"!");
    }
    Errno::set_raw(errno);
}

fn set(signal: Signal, handler: SigHandler) -> nix::Result<SigAction> {
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: `wake`, the only handler, makes async-signal-safe calls alone.
    unsafe { sigaction(signal, &action) }
}

fn main() -> Result<()> {
    let may = [SIGUSR1, SIGKILL, SIGSTOP]
        .map(|signal| format!("{signal} {}", may_be_handled(signal)));
    println!("main: may be handled: {}", may.join(", "));
    for (number, last) in (1..).zip([SIGTERM, SIGKILL]) {
        let (mut from_worker, to_main) = io::pipe()?;
        let worker = ipc::fork(move || work(number, to_main))?;
        from_worker.read_exact(&mut [0])?;
        send(&worker, SIGUSR2)?;
        send(&worker, SIGUSR1)?;
        from_worker.read_exact(&mut [0])?; // it has survived both
        send(&worker, last)?;
        let signal = ended_by(worker)?;
        println!("main: worker {number} was ended by {signal}");
    }

    let (mut from_worker, mut to_main) = io::pipe()?;
    let worker = ipc::fork(|| {
        println!("worker 3: leaves all at their defaults");
        to_main.write_all(b"!")?;
        loop {
            pause();
        }
    })?;
    from_worker.read_exact(&mut [0])?;
    send(&worker, SIGUSR2)?;
    println!("main: worker 3 was ended by {}", ended_by(worker)?);
    Ok(())
}

fn may_be_handled(signal: Signal) -> bool {
    let before = set(signal, SigHandler::Handler(wake));
    // SAFETY: the handler of before, set again.
    before.is_ok_and(|old| unsafe { sigaction(signal, &old) }.is_ok())
}

fn send(worker: &Child, signal: Signal) -> io::Result<()> {
    println!("main: sends {signal}");
    worker.signal(signal)
}

fn ended_by(worker: Child) -> Result<Signal> {
    match worker.wait()? {
        WaitStatus::Signaled(_, signal, _) => Ok(signal),
        other => Err(format!("the worker ended otherwise: {other:?}").into()),
    }
}

fn work(number: u32, mut to_main: PipeWriter) -> Result<()> {
    let (end, mut woken) = UnixStream::pair()?;
    end.set_nonblocking(true)?; // a handler must not wait for room
    WAKE.get_or_init(|| end);
    set(SIGUSR1, SigHandler::Handler(wake))?;
    set(SIGUSR2, SigHandler::SigIgn)?;
    println!("worker {number}: handles SIGUSR1, ignores SIGUSR2");
    to_main.write_all(b"!")?;
    loop {
        woken.read_exact(&mut [0])?;
        println!("worker {number}: SIGUSR1 was handled");
        to_main.write_all(b"!")?;
    }
}
