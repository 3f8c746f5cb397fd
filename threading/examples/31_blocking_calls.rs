//! Blocking calls: the thread stops until something happens elsewhere.
//!
//! Python: the same calls and `/proc/thread-self/status`, in
//! `31_blocking_calls.py`.
//! Notes: N2:629, N4:9.
//!
//! A read with no data, a receive from an empty channel, a lock held elsewhere
//! and a sleep block: the kernel takes the thread off its core (state S) until
//! what it waits for has come. The others go on, here main, and main it is that
//! lets each blocked thread go. Most such calls have a twin that never blocks,
//! but says that it would: `try_recv`, `try_lock`, a read of a socket set
//! nonblocking. Take the twin where the thread has other work, above all in an
//! async task, for there one blocking call stops every task of that thread.
//!
//! Main reads the thread's state until it sleeps or is gone. A sleep ends by
//! the clock alone, so the sleeper naps until main has seen it asleep. The
//! notes trace blocking back to devices; behind the lock and the channel there
//! is none, only another thread. CPython lets its own lock go around each of
//! these calls. The program is longer than a screen because four calls stand
//! here beside their twins. Linux only; elsewhere it says so and ends.
//!
//! ```text,expect
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
//! Break it: `far.read_exact(&mut [0; 5])?;` => `far.set_nonblocking(true)?;`
//! Break it: `inbox.recv().map_err(io::Error::other)?` => `5`
//! Break it: `let _held = shared.lock();` => `let _held = shared.try_lock();`

use std::error::Error;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::{fs::FileExt, net::UnixStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::unbounded;

/// The kernel's word for what the thread does.
fn state(status: &File) -> Option<String> {
    let mut text = [0; 256];
    let length = status.read_at(&mut text, 0).ok()?;
    let text = String::from_utf8_lossy(&text[..length]);
    let state = text.lines().find_map(|line| line.strip_prefix("State:\t"));
    state.map(str::to_string)
}

/// Starts a thread and goes on when it is blocked or gone.
fn blocked(
    name: &str,
    call: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> Result<JoinHandle<io::Result<()>>, Box<dyn Error>> {
    let (tell, told) = unbounded();
    let thread = thread::spawn(move || {
        let own = File::open("/proc/thread-self/status");
        tell.send(own).map_err(io::Error::other)?;
        call()
    });
    let status = told.recv()??;
    loop {
        let state = state(&status).unwrap_or_else(|| "gone".to_string());
        if state.starts_with(['S', 'g']) {
            println!("main: the {name} is {state}");
            return Ok(thread);
        }
        thread::yield_now();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let (mut near, mut far) = UnixStream::pair()?;
    let reader = blocked("reader", move || {
        far.read_exact(&mut [0; 5])?;
        println!("reader: has read 5 bytes");
        Ok(())
    })?;
    near.set_nonblocking(true)?;
    let refused = near.read(&mut [0]).map_err(|error| error.kind());
    let would_block = refused == Err(ErrorKind::WouldBlock);
    println!("main: a nonblocking read would block: {would_block}");
    near.write_all(b"hello")?;
    reader.join().map_err(|_| "the reader panicked")??;

    let (sender, inbox) = unbounded();
    let same_inbox = inbox.clone();
    let receiver = blocked("receiver", move || {
        let number = inbox.recv().map_err(io::Error::other)?;
        println!("receiver: has received {number}");
        Ok(())
    })?;
    let would_block = same_inbox.try_recv().is_err_and(|e| e.is_empty());
    println!("main: a nonblocking receive would block: {would_block}");
    sender.send(5)?;
    receiver.join().map_err(|_| "the receiver panicked")??;

    let lock = Arc::new(Mutex::new(()));
    let shared = Arc::clone(&lock);
    let held = lock.lock().map_err(|_| "a holder panicked")?;
    let locker = blocked("locker", move || {
        let _held = shared.lock();
        println!("locker: has the lock");
        Ok(())
    })?;
    let would_block = lock.try_lock().is_err();
    println!("main: a nonblocking lock would block: {would_block}");
    drop(held);
    locker.join().map_err(|_| "the locker panicked")??;

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
    sleeper.join().map_err(|_| "the sleeper panicked")??;
    Ok(())
}
