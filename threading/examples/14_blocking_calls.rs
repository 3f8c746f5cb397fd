//! Blocking calls: the thread stops until something happens elsewhere.
//!
//! Python: the same calls and `/proc/thread-self/status`, in
//! `14_blocking_calls.py`.
//! Notes: N2:629, N4:15.
//!
//! A read with no data, a receive from an empty channel, a lock held elsewhere
//! and a sleep all block: the kernel takes the thread off its core (state S)
//! until what it waits for has come. The other threads go on; here main is the
//! one that lets each blocked thread go. Most such calls have a twin that never
//! blocks, but says that it would: `try_recv`, `try_lock`, a read of a
//! nonblocking socket. Take the twin where the thread has other work, above all
//! in an async task: there one blocking call stops every task of its thread.
//! CPython releases its lock around each of these calls.
//!
//! Main reads the thread's state until it sleeps or is gone. A sleep ends by
//! the clock alone, so the sleeper naps until main has seen it asleep. Linux
//! only; elsewhere the program says so and ends.
//!
//! In the notes: blocking is traced back to devices. Behind the lock and the
//! channel there is none, only another thread.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: the reader is S (sleeping)
//! main: a nonblocking read would block: true
//! reader: has read 5 bytes
//! main: the receiver is S (sleeping)
//! main: a nonblocking receive would block: true
//! receiver: has received 5
//! main: the locker is S (sleeping)
//! main: a nonblocking lock would block: true
//! locker: has the lock
//! main: the sleeper is S (sleeping)
//! sleeper: is awake
//! ```
//!
//! Break it: `far.read_exact(&mut bytes)?;` => `far.set_nonblocking(true)?;`
//! Break it: `inbox.recv().map_err(io::Error::other)?` => `5`
//! Break it: `let _held = shared.lock();` => `let _held = shared.try_lock();`
//! Break it: `thread::sleep(Duration::from_millis(5));` => `return Ok(());`
//! Break it (Python): `far.recv(5)` => `b'hello'`
//! Break it (Python): `inbox.get()` => `5`
//! Break it (Python): `    with lock:  # blocks` => `    if True:`

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, TryLockError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::unbounded;
use threading::kernel::Task;

/// Starts a thread and goes on when it is blocked or gone.
fn blocked(
    name: &str,
    call: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> Result<JoinHandle<io::Result<()>>, Box<dyn Error>> {
    let (tell, told) = unbounded();
    let thread = thread::spawn(move || {
        tell.send(Task::current()).map_err(io::Error::other)?;
        call()
    });
    let state = told.recv()??.until(&['S'])?;
    println!("main: the {name} is {state}");
    Ok(thread)
}

fn would_block(what: &str, refused: bool) {
    println!("main: a nonblocking {what} would block: {refused}");
}

fn join(thread: JoinHandle<io::Result<()>>) -> io::Result<()> {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let (mut near, mut far) = UnixStream::pair()?;
    let reader = blocked("reader", move || {
        let mut bytes = [0; 5];
        far.read_exact(&mut bytes)?;
        println!("reader: has read {} bytes", bytes.len());
        Ok(())
    })?;
    near.set_nonblocking(true)?;
    let refused = near.read(&mut [0]).map_err(|error| error.kind());
    would_block("read", refused == Err(ErrorKind::WouldBlock));
    near.write_all(b"hello")?;
    join(reader)?;

    let (sender, inbox) = unbounded();
    let same_inbox = inbox.clone();
    let receiver = blocked("receiver", move || {
        let number = inbox.recv().map_err(io::Error::other)?;
        println!("receiver: has received {number}");
        Ok(())
    })?;
    would_block("receive", same_inbox.try_recv().is_err_and(|e| e.is_empty()));
    sender.send(5)?;
    join(receiver)?;

    let lock = Arc::new(Mutex::new(()));
    let shared = Arc::clone(&lock);
    let held = lock.lock().expect("no holder panics");
    let locker = blocked("locker", move || {
        let _held = shared.lock();
        println!("locker: has the lock");
        Ok(())
    })?;
    let refused = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
    would_block("lock", refused);
    drop(held);
    join(locker)?;

    let seen = Arc::new(AtomicBool::new(false));
    let woken = Arc::clone(&seen);
    let sleeper = blocked("sleeper", move || {
        while !woken.load(Relaxed) {
            thread::sleep(Duration::from_millis(5));
        }
        println!("sleeper: is awake");
        Ok(())
    })?;
    seen.store(true, Relaxed);
    Ok(join(sleeper)?)
}
