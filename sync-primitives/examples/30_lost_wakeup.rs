//! Lost wake-up: looked, was told, then waited.
//!
//! Python: `threading.Condition`, in `30_lost_wakeup.py`.
//! Reported: pocoproject/poco#5213, zeek/zeek#761.
//! Symptom: it hangs: now and then wait never returns, though there is work.
//!
//! The thread looks at a flag and sees nothing to do; then the flag is set and
//! the bell rings, for nobody; then the thread begins to wait. A notification
//! is not kept, so nothing wakes it.
//!
//! The cure: look under the lock that `wait` releases. The flag cannot change
//! between the look and the wait, because setting it needs the same lock.
//! A condition variable of Rust asks for the guard, and so does Python's for
//! its lock; both go wrong when the flag is an atomic, or is looked at before
//! the lock is taken. The compiler does not see that the flag belongs to the
//! lock. Put it inside: `Mutex<bool>`.
//!
//! In both halves the postman comes between the look and the wait. This is
//! parking_lot's condition variable, which says whether it woke somebody, and
//! never wakes without cause.
//!
//! ```text,expect
//! @threads
//! @peak 2..4 threads
//! main: looks before it takes the lock
//! ann: looks, there is mail: false
//! postman: the lock is free: true
//! postman: brings mail, rings, wakes somebody: false
//! ann: was woken: false, there is mail: true
//! main: looks under the lock
//! bob: looks, there is mail: false
//! courier: the lock is free: false
//! courier: brings mail, rings, wakes somebody: true
//! bob: was woken: true, there is mail: true
//! ```
//!
//! Break it: `bell.wait_for(&mut held, SHORT)` =>
//! `bell.wait_while_for(&mut held, |()| !mail.load(Acquire), SHORT)`
//! Break it: `turn.wait(); // under the lock` => `drop(mail); turn.wait();`,
//! `turn.wait(); // the courier has tried` =>
//! `turn.wait(); let mut mail = mailbox.lock();`
//! Break it (Python): `box.wait(SHORT)` => `box.wait_for_mail(SHORT)`
//! Break it (Python): `with bell:  # before the look` => `if True:`

use std::sync::Barrier;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

const SHORT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(8);

fn main() {
    println!("main: looks before it takes the lock");
    look_then_lock();
    println!("main: looks under the lock");
    lock_then_look();
}

fn look_then_lock() {
    let mail = AtomicBool::new(false);
    let (lock, bell) = (Mutex::new(()), Condvar::new());
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            println!("ann: looks, there is mail: {}", mail.load(Acquire));
            turn.wait(); // the postman's turn
            turn.wait();
            let mut held = lock.lock();
            let woken = !bell.wait_for(&mut held, SHORT).timed_out();
            let mail = mail.load(Acquire);
            println!("ann: was woken: {woken}, there is mail: {mail}");
        });
        s.spawn(|| {
            turn.wait();
            let free = lock.try_lock().is_some();
            println!("postman: the lock is free: {free}");
            let held = lock.lock();
            mail.store(true, Release);
            let woke = bell.notify_one();
            println!("postman: brings mail, rings, wakes somebody: {woke}");
            drop(held);
            turn.wait();
        });
    });
}

fn lock_then_look() {
    let (mailbox, bell) = (Mutex::new(false), Condvar::new());
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            let mut mail = mailbox.lock();
            println!("bob: looks, there is mail: {mail}");
            turn.wait(); // under the lock
            turn.wait(); // the courier has tried
            let waited = bell.wait_while_for(&mut mail, |mail| !*mail, LONG);
            let woken = !waited.timed_out();
            println!("bob: was woken: {woken}, there is mail: {mail}");
        });
        s.spawn(|| {
            turn.wait();
            let free = mailbox.try_lock().is_some();
            println!("courier: the lock is free: {free}");
            turn.wait();
            let mut mail = mailbox.lock(); // free when bob waits
            *mail = true;
            let woke = bell.notify_one();
            println!("courier: brings mail, rings, wakes somebody: {woke}");
        });
    });
}
