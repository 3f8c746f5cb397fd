//! Lock poisoning: a holder panics; the lock is free again, and marked.
//!
//! Python: `with lock:` and a mark made by hand, in `02_lock_poisoning.py`.
//! Notes: N4:691, N4:694.
//!
//! When a holder fails, two things can go wrong. The lock can stay locked: in
//! Python that happens after a bare `acquire`, and `with` or `finally` prevents
//! it; in Rust the guard is dropped while the panic unwinds. And the data can
//! stay half changed. std's mutex remembers that a holder panicked: it is
//! poisoned, and `lock` returns an error that still gives access to the data,
//! so that the next holder can repair it. Most programs write
//! `.lock().unwrap()`, which passes the panic on.
//!
//! Python has no such mark, and parking_lot has none either: the next holder
//! works on with half changed data unless the program marks it.
//!
//! ```text,expect
//! @threads
//! @stderr any
//! ann: took 30 from the first account
//! main: ann failed: there is no third account
//! main: the lock is free, the accounts are marked
//! main: 70 + 0, repaired to 70 + 30
//! bob: the lock is free, nothing is marked
//! bob: moved 10, 60 + 40
//! ```
//!
//! Break it: `accounts.clear_poison();` => ``
//! Break it: `held.get_mut(2)` => `held.get_mut(1)`
//! Break it (Python): `with accounts.lock:  # ann` =>
//! `if accounts.lock.acquire():`
//! Break it (Python): `accounts.marked = True` => `pass`

use std::any::Any;
use std::sync::{Mutex, TryLockError};
use std::thread;

fn main() {
    let accounts = Mutex::new(vec![100, 0]);
    let ann = || {
        let mut held = accounts.lock().expect("nobody has panicked yet");
        held[0] -= 30;
        println!("ann: took 30 from the first account");
        *held.get_mut(2).expect("there is no third account") += 30;
    };
    let outcome = thread::scope(|s| s.spawn(ann).join());
    if let Err(panic) = outcome {
        println!("main: ann failed: {}", message(&*panic));
    }
    repair(&accounts);

    let bob = || match accounts.lock() {
        Ok(mut held) => {
            println!("bob: the lock is free, nothing is marked");
            held[0] -= 10;
            held[1] += 10;
            println!("bob: moved 10, {} + {}", held[0], held[1]);
        }
        Err(_) => println!("bob: the accounts are still marked"),
    };
    thread::scope(|s| {
        s.spawn(bob);
    });
}

fn repair(accounts: &Mutex<Vec<i32>>) {
    match accounts.try_lock() {
        Ok(_) => println!("main: the lock is free, nothing is marked"),
        Err(TryLockError::WouldBlock) => println!("main: it is still locked"),
        Err(TryLockError::Poisoned(poisoned)) => {
            println!("main: the lock is free, the accounts are marked");
            let mut held = poisoned.into_inner();
            let (first, second) = (held[0], held[1]);
            held[1] = 100 - first;
            println!(
                "main: {first} + {second}, repaired to {first} + {}",
                held[1]
            );
            accounts.clear_poison();
        }
    }
}

fn message(panic: &dyn Any) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    let owned = || panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(owned).unwrap_or("no text")
}
