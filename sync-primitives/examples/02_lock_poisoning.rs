//! Lock poisoning: a holder panics, the lock is free and says so.
//!
//! Python: `with lock:` and a flag kept by hand, in `02_lock_poisoning.py`.
//! Notes: N4:694.
//!
//! In Python an exception leaves a lock taken by `acquire` locked for good,
//! unless `finally` or `with` releases it. In Rust nothing can be forgotten:
//! the guard is dropped while the panic unwinds. But a lock that is free again
//! is only half of it, for what it guards may have been left half done. std's
//! mutex therefore remembers that a holder panicked: it is poisoned, and every
//! later `lock` is an error that still hands out the data, to be looked at and
//! mended. Most programs write `.lock().unwrap()` and so pass the panic on.
//! Python has no such thing, and neither has parking_lot: there the next holder
//! finds the half-done data and knows nothing.
//!
//! ann moves 30 between two accounts and fails half way. The panic's message
//! goes to standard error; her thread ends, the others do not.
//!
//! ```text,expect
//! @stderr any
//! ann: took 30 from the first
//! main: ann failed
//! main: the lock is free, and poisoned
//! main: 70 + 0, mended to 70 + 30
//! bob: moved 10, 60 + 40
//! ```
//!
//! Break it: `accounts.clear_poison();` => ``
//! Break it: `held[2] += 30;` => `held[1] += 30;`

use std::sync::Mutex;
use std::thread;

fn main() {
    let accounts = Mutex::new(vec![100, 0]);
    thread::scope(|s| {
        let ann = s.spawn(|| {
            let mut held = accounts.lock().expect("nobody panicked yet");
            held[0] -= 30;
            println!("ann: took 30 from the first");
            held[2] += 30; // panics: there is no third
        });
        if ann.join().is_err() {
            println!("main: ann failed");
        }
        match accounts.lock() {
            Ok(_) => println!("main: the lock is free"),
            Err(poisoned) => {
                println!("main: the lock is free, and poisoned");
                let mut held = poisoned.into_inner();
                let (first, second) = (held[0], held[1]);
                held[1] = 100 - first;
                println!(
                    "main: {first} + {second}, mended to {first} + {}",
                    held[1]
                );
            }
        }
        accounts.clear_poison();
        s.spawn(|| match accounts.lock() {
            Ok(mut held) => {
                held[0] -= 10;
                held[1] += 10;
                println!("bob: moved 10, {} + {}", held[0], held[1]);
            }
            Err(_) => println!("bob: still poisoned"),
        });
    });
}
