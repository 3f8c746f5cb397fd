//! Signals: handled, ignored, left to the default, and SIGKILL.
//!
//! Python: `signal.signal`, in `11_signals.py`.
//! Notes: N2:655, N0:910.
//!
//! A signal tells a process that something happened, and no more; equal ones
//! that pile up count once. The process has a handler for it, or ignores it, or
//! leaves it to its default, for most of them death. Reach for signals to end
//! or reload a program. SIGKILL cannot be handled, so it comes last: nothing is
//! cleaned up.
//!
//! A handler runs in the middle of whatever it interrupts. If it allocates,
//! prints or locks, it may wait for a lock which the interrupted code holds: so
//! it makes async-signal-safe calls alone. Here it writes a byte, and the
//! program does the rest when it reads it. Python does that for you: its
//! handlers run later, between two instructions of the main thread. Without
//! SA_RESTART a call that waits returns EINTR, and has to be made again.
//!
//! ```text,expect
//! main: may be handled: SIGUSR1 true, SIGKILL false, SIGSTOP false
//! worker: handles SIGUSR1, ignores SIGUSR2
//! main: sends SIGUSR2 and SIGUSR1
//! worker: SIGUSR1 was handled
//! main: the worker is alive
//! main: sends SIGTERM
//! main: the worker was ended by SIGTERM
//! worker: handles SIGUSR1, ignores SIGUSR2
//! main: sends SIGUSR2 and SIGUSR1
//! worker: SIGUSR1 was handled
//! main: the worker is alive
//! main: sends SIGKILL
//! main: the worker was ended by SIGKILL
//! ```
//!
//! Break it: `SigHandler::SigIgn` => `SigHandler::SigDfl`

#![allow(unsafe_code)]

use std::io::{self, PipeWriter, Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::OnceLock;

use ipc::Result;
use nix::errno::Errno;
use nix::sys::signal::Signal::{self, SIGKILL, SIGSTOP, SIGTERM};
use nix::sys::signal::Signal::{SIGUSR1, SIGUSR2};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet};
use nix::sys::signal::{kill, sigaction};
use nix::sys::wait::WaitStatus;

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
    let may = [SIGUSR1, SIGKILL, SIGSTOP].map(|signal| {
        let may = set(signal, SigHandler::Handler(wake)).is_ok();
        format!("{signal} {may}")
    });
    println!("main: may be handled: {}", may.join(", "));
    for last in [SIGTERM, SIGKILL] {
        let (mut from_worker, to_main) = io::pipe()?;
        let worker = ipc::fork(move || work(to_main))?;
        from_worker.read_exact(&mut [0])?;
        println!("main: sends SIGUSR2 and SIGUSR1");
        kill(worker.id(), SIGUSR2)?;
        kill(worker.id(), SIGUSR1)?;
        from_worker.read_exact(&mut [0])?;
        println!("main: the worker is alive");
        println!("main: sends {last}");
        kill(worker.id(), last)?;
        if let WaitStatus::Signaled(_, signal, _) = worker.wait()? {
            println!("main: the worker was ended by {signal}");
        }
    }
    Ok(())
}

fn work(mut to_main: PipeWriter) -> Result<()> {
    let (end, mut woken) = UnixStream::pair()?;
    end.set_nonblocking(true)?; // a handler must not wait for room
    WAKE.get_or_init(|| end);
    set(SIGUSR1, SigHandler::Handler(wake))?;
    set(SIGUSR2, SigHandler::SigIgn)?;
    println!("worker: handles SIGUSR1, ignores SIGUSR2");
    to_main.write_all(b"!")?;
    loop {
        woken.read_exact(&mut [0])?;
        println!("worker: SIGUSR1 was handled");
        to_main.write_all(b"!")?;
    }
}
