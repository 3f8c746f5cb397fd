//! Prime workers: one process for each number.
//!
//! Python: `multiprocessing.Process`, in `07_prime_workers.py`.
//! Notes: N4:870, N4:886.
//!
//! Work bound by the processor gains from processes, in Python most of all:
//! each has its own interpreter and its own lock. All are started before the
//! first is waited for, else they would run one after the other.
//!
//! The notes' loop never adds to its divisor: for an odd number it tries 2 for
//! ever, and for an even one it prints nothing. Below that loop is followed for
//! four steps (`step` 0), then the right one (`step` 1). Nor can it `return`
//! its answer: a process has no result but its exit code, a number from 0 to
//! 255. One bit of it is enough here; for more there are pipes, queues and
//! pools.
//!
//! ```text,expect
//! main: the notes' loop tries 2, 2, 2, 2 on 25
//! main: with a step of 1 it tries 2, 3, 4, 5 on 25
//! @any
//! 5: prime, says {a:pid}
//! 10: divided by 2, says {b:pid}
//! 15: divided by 3, says {c:pid}
//! 20: divided by 2, says {d:pid}
//! 25: divided by 5, says {e:pid}
//! 1000000007: prime, says {f:pid}
//! 1000036000099: divided by 1000003, says {g:pid}
//! @end
//! main: prime are 5, 1000000007
//! ```
//!
//! Break it: `<= number` => `< number`
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`

#![allow(unsafe_code)]

use std::process::{exit, id};

use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None); // an error if it was waited for before
    }
}

/// The divisors to try: 2 and on, up to the square root.
fn divisors(number: u64, step: u64) -> impl Iterator<Item = u64> {
    let mut divisor = 2;
    std::iter::from_fn(move || {
        let tried = divisor;
        divisor += step;
        (tried * tried <= number).then_some(tried)
    })
}

/// Says whether the number is prime, and gives the exit code.
fn work(number: u64) -> i32 {
    let found = divisors(number, 1).find(|by| number.is_multiple_of(*by));
    match found {
        None => println!("{number}: prime, says {}", id()),
        Some(by) => println!("{number}: divided by {by}, says {}", id()),
    }
    i32::from(found.is_some())
}

fn main() -> nix::Result<()> {
    let tried = |step| {
        let tried = divisors(25, step).take(4).map(|d| d.to_string());
        tried.collect::<Vec<_>>().join(", ")
    };
    println!("main: the notes' loop tries {} on 25", tried(0));
    println!("main: with a step of 1 it tries {} on 25", tried(1));
    let mut children = Vec::new();
    for number in [5, 10, 15, 20, 25, 1_000_000_007, 1_000_036_000_099] {
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => {
                children.push((number, Child(child)));
            }
            ForkResult::Child => exit(work(number)),
        }
    }
    let mut primes = Vec::new();
    for (number, child) in &children {
        if let WaitStatus::Exited(_, 0) = waitpid(child.0, None)? {
            primes.push(number.to_string());
        }
    }
    println!("main: prime are {}", primes.join(", "));
    Ok(())
}
