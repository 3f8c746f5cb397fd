//! Model checks of what `src/` builds by hand.
//!
//! The same sources are compiled here over loom's mutex, condition variable and
//! atomics in place of std's. loom runs a case once for every order in which its
//! threads can take their turns, and for every value that the memory model lets a
//! relaxed load see. With two threads that is all of them; with three, all with
//! at most two preemptions, since the rest takes hours.
//!
//! `build.rs` makes broken twins of the sources; for each a check here must fail.

#![allow(dead_code, unreachable_pub, reason = "a check uses only a part")]

use std::env;
use std::process::Command;

use loom::model::Builder;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use loom::thread;

/// What stands in `src/sync.rs`, from loom.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use loom::{hint, thread};
}

#[path = "../src/bounded_deque.rs"]
mod bounded_deque;
#[path = "../src/bounded_semaphore.rs"]
mod bounded_semaphore;
#[path = "../src/event.rs"]
mod event;
#[path = "../src/reentrant_lock.rs"]
mod reentrant_lock;
#[path = "../src/semaphore.rs"]
mod semaphore;
#[path = "../src/spin_lock.rs"]
mod spin_lock;

mod twins {
    include!(concat!(env!("OUT_DIR"), "/twins.rs"));
}

/// Runs `case` in all interleavings with up to so many preemptions.
fn explore(preemptions: Option<usize>, case: fn()) {
    let mut model = Builder::new();
    model.preemption_bound = preemptions;
    model.check(case);
}

/// Explores `case` in a process of its own, since loom ends a deadlock by an
/// abort, and asserts that it fails for the reason given.
fn finds(test: &str, reason: &str, case: fn()) {
    const INSIDE: &str = "EXPLORE_BROKEN_TWIN";
    if env::var_os(INSIDE).is_some() {
        return explore(None, case);
    }
    let output = Command::new(env::current_exe().expect("this test runs"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("the test starts once more");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the mistake was not found");
    assert!(stderr.contains(reason), "found something else: {stderr}");
}

/// Two threads add 1 under a lock of the given type, by a load and a store.
/// Neither may come between the two, and the second must see the first's.
macro_rules! exclusive {
    ($new:expr, |$lock:ident| $enter:expr) => {
        || {
            let lock = Arc::new($new);
            let count = Arc::new(AtomicUsize::new(0));
            let add = {
                let (lock, count) = (lock.clone(), count.clone());
                move || {
                    let $lock = &*lock;
                    let _held = $enter;
                    count.store(count.load(Relaxed) + 1, Relaxed);
                }
            };
            let other = thread::spawn(add.clone());
            add();
            other.join().expect("the other has added");
            assert_eq!(count.load(Relaxed), 2, "an addition was lost");
        }
    };
}

/// Two wait for a permit, two are released: both get one.
macro_rules! every_release_is_taken {
    ($Semaphore:ty) => {
        || {
            let semaphore = Arc::new(<$Semaphore>::new(0));
            let waiters = [(); 2].map(|()| {
                let semaphore = semaphore.clone();
                thread::spawn(move || semaphore.acquire().forget())
            });
            semaphore.release();
            semaphore.release();
            waiters.map(|waiter| waiter.join().expect("it got a permit"));
            assert_eq!(semaphore.available(), 0);
        }
    };
}

/// One permit comes back while one waits, and a second one is asked for.
macro_rules! no_permit_is_taken_twice {
    ($Semaphore:ty) => {
        || {
            let semaphore = Arc::new(<$Semaphore>::new(1));
            let others = [(); 2].map(|()| {
                let semaphore = semaphore.clone();
                thread::spawn(move || drop(semaphore.acquire()))
            });
            drop(semaphore.try_acquire());
            others.map(|other| other.join().expect("it got the permit"));
            assert_eq!(semaphore.available(), 1);
        }
    };
}

/// Two users, one permit: the second waits for the first.
macro_rules! each_gets_the_permit {
    ($BoundedSemaphore:ty) => {
        || {
            let semaphore = Arc::new(<$BoundedSemaphore>::new(1));
            let use_once = {
                let semaphore = semaphore.clone();
                move || {
                    semaphore.acquire();
                    semaphore.release().expect("one is out");
                }
            };
            let other = thread::spawn(use_once.clone());
            use_once();
            other.join().expect("the other got it");
            assert!(semaphore.try_acquire() && !semaphore.try_acquire());
        }
    };
}

/// One permit is out, two threads give it back: one is refused.
macro_rules! one_release_too_many {
    ($BoundedSemaphore:ty) => {
        || {
            let semaphore = Arc::new(<$BoundedSemaphore>::new(1));
            semaphore.acquire();
            let other = {
                let semaphore = semaphore.clone();
                thread::spawn(move || semaphore.release().is_ok())
            };
            let here = semaphore.release().is_ok();
            let there = other.join().expect("it returns");
            assert!(here != there, "both releases were accepted");
        }
    };
}

/// Whoever waits, before the set or after it, goes on.
macro_rules! set_wakes_all {
    ($Event:ty) => {
        || {
            let event = Arc::new(<$Event>::new());
            let waiters = [(); 2].map(|()| {
                let event = event.clone();
                thread::spawn(move || event.wait())
            });
            event.set();
            waiters.map(|waiter| waiter.join().expect("it was woken"));
            assert!(event.is_set());
        }
    };
}

/// The flag is set and taken back at once, until the waiter has seen it.
macro_rules! a_pulse_is_seen {
    ($Event:ty) => {
        || {
            let event = Arc::new(<$Event>::new());
            let seen = Arc::new(AtomicBool::new(false));
            let waiter = {
                let (event, seen) = (event.clone(), seen.clone());
                thread::spawn(move || {
                    event.wait();
                    seen.store(true, Relaxed);
                })
            };
            while !seen.load(Relaxed) {
                event.set();
                event.clear();
                thread::yield_now();
            }
            waiter.join().expect("it was woken");
        }
    };
}

/// Two threads put an item each into a deque for one.
macro_rules! the_newest_stays {
    ($BoundedDeque:ty) => {
        || {
            let deque = Arc::new(<$BoundedDeque>::new(1));
            let other = {
                let deque = deque.clone();
                thread::spawn(move || deque.push_back(2))
            };
            let here = deque.push_back(1);
            let there = other.join().expect("it returns");
            assert_eq!(deque.len(), 1, "longer than allowed");
            match deque.pop_front() {
                Some(1) => assert_eq!((here, there), (Some(2), None)),
                Some(2) => assert_eq!((here, there), (None, Some(1))),
                other => panic!("an item out of nowhere: {other:?}"),
            }
        }
    };
}

#[test]
fn t1() { explore(None, exclusive!(semaphore::Semaphore::new(1), |s| s.acquire())); }
#[test]
fn t2() { explore(Some(2), every_release_is_taken!(semaphore::Semaphore)); }
#[test]
fn t2n() { explore(None, every_release_is_taken!(semaphore::Semaphore)); }
#[test]
fn t3() { explore(Some(2), no_permit_is_taken_twice!(semaphore::Semaphore)); }
#[test]
fn t4() { explore(None, each_gets_the_permit!(bounded_semaphore::BoundedSemaphore)); }
#[test]
fn t5() { explore(None, one_release_too_many!(bounded_semaphore::BoundedSemaphore)); }
#[test]
fn t6() { explore(None, set_wakes_all!(event::Event)); }
#[test]
fn t7() { explore(None, a_pulse_is_seen!(event::Event)); }
#[test]
fn t8() { explore(None, the_newest_stays!(bounded_deque::BoundedDeque<u32>)); }
#[test]
fn t9() { explore(None, exclusive!(spin_lock::SpinLock::new(), |s| s.lock())); }
#[test]
fn t10() { explore(None, exclusive!(reentrant_lock::ReentrantLock::new(), |s| { let outer = s.lock(); drop(s.lock()); outer } )); }
