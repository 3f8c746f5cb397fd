//! Model checks of what `src/` builds by hand.
//!
//! The same sources are compiled here over loom's mutex, condition variable and
//! atomics in place of std's. loom runs a case once for every order in which
//! its threads can take their turns, and for the values that a load may see by
//! its model of memory. Where three threads would take minutes, the orders are
//! those with at most two preemptions, and the test says so.
//!
//! That model is not quite Rust's. loom lets no load see a store that comes
//! later in its order (load buffering, which the language allows for `Relaxed`),
//! so it may miss a mistake. It takes `SeqCst` accesses for `AcqRel`, so it may
//! report one that is none. What it finds with acquire and release, as here, is
//! real.
//!
//! A check that passes whatever the code does is worth nothing, so `build.rs`
//! makes twins of the sources, each with one mistake, and for each a check must
//! fail.

#![allow(dead_code, unreachable_pub, reason = "a check uses only a part")]

use std::env;
use std::process::Command;

use loom::model::Builder;
use loom::sync::Arc;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use loom::sync::atomic::{AtomicBool, AtomicUsize};
use loom::thread;

use bounded_deque::BoundedDeque;
use bounded_semaphore::BoundedSemaphore;
use breakable_barrier::BreakableBarrier;
use event::Event;
use reentrant_lock::ReentrantLock;
use semaphore::Semaphore;
use spin_lock::SpinLock;

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
#[path = "../src/breakable_barrier.rs"]
mod breakable_barrier;
#[path = "../src/event.rs"]
mod event;
#[path = "../src/reentrant_lock.rs"]
mod reentrant_lock;
#[path = "../src/semaphore.rs"]
mod semaphore;
#[path = "../src/spin_lock.rs"]
mod spin_lock;

#[allow(unused, reason = "a mistake may leave something over")]
mod twins {
    include!(concat!(env!("OUT_DIR"), "/twins.rs"));
}

/// Runs `case` in all interleavings.
fn explore(case: fn()) {
    loom::model(case);
}

/// Runs `case` in all interleavings with at most two preemptions.
fn explore_two_preemptions(case: fn()) {
    let mut model = Builder::new();
    model.preemption_bound = Some(2);
    model.check(case);
}

/// Explores `case` in a process of its own, since loom ends a deadlock by an
/// abort, and asserts that it fails, for the reason given.
fn finds(test: &str, reason: &str, case: fn()) {
    const INSIDE: &str = "EXPLORE_BROKEN_TWIN";
    if env::var_os(INSIDE).is_some() {
        return explore(case);
    }
    let output = Command::new(env::current_exe().expect("this test runs"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("it starts once more");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the mistake was not found");
    assert!(stderr.contains(reason), "found something else: {stderr}");
}

fn join<T>(threads: [thread::JoinHandle<T>; 2]) {
    for thread in threads {
        thread.join().expect("no thread panics");
    }
}

/// Tries for the lock until it has it, by `try_lock` alone.
macro_rules! by_trying {
    ($SpinLock:ty) => {
        exclusive!(<$SpinLock>::new(), |lock| loop {
            if let Some(held) = lock.try_lock() {
                break held;
            }
            thread::yield_now();
        })
    };
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
            join(waiters);
            assert_eq!(semaphore.available(), 0);
        }
    };
}

/// Three threads, two permits: never three inside.
fn two_inside_never_three() {
    let semaphore = Arc::new(Semaphore::new(2));
    let inside = Arc::new(AtomicUsize::new(0));
    let visit = || {
        let (semaphore, inside) = (semaphore.clone(), inside.clone());
        move || {
            let _permit = semaphore.acquire();
            assert!(inside.fetch_add(1, Relaxed) < 2, "three are inside");
            inside.fetch_sub(1, Relaxed);
        }
    };
    let others = [(); 2].map(|()| thread::spawn(visit()));
    visit()();
    join(others);
    assert_eq!(semaphore.available(), 2);
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
            join(waiters);
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

/// Of two threads one does not come; the other one learns it, before it waits
/// or while it waits.
macro_rules! one_does_not_come {
    ($BreakableBarrier:ty) => {
        || {
            let barrier = Arc::new(<$BreakableBarrier>::new(2));
            let absent = {
                let barrier = barrier.clone();
                thread::spawn(move || drop(barrier.arrival()))
            };
            assert!(barrier.arrival().wait().is_err(), "met nobody");
            absent.join().expect("it only drops");
        }
    };
}

/// Two threads meet twice; one of them leads each time.
macro_rules! both_come_twice {
    ($BreakableBarrier:ty) => {
        || {
            let barrier = Arc::new(<$BreakableBarrier>::new(2));
            let meet = move || {
                [(); 2].map(|()| barrier.arrival().wait().expect("both come"))
            };
            let other = thread::spawn(meet.clone());
            let here = meet();
            let there = other.join().expect("both come");
            for (here, there) in here.into_iter().zip(there) {
                assert!(here != there, "not one leader");
            }
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

/// One thread writes the data and then sets the flag; whoever sees the flag
/// must see the data.
macro_rules! published {
    ($store:ident, $load:ident) => {
        || {
            let data = Arc::new(AtomicUsize::new(0));
            let ready = Arc::new(AtomicBool::new(false));
            let writer = {
                let (data, ready) = (data.clone(), ready.clone());
                thread::spawn(move || {
                    data.store(42, Relaxed);
                    ready.store(true, $store);
                })
            };
            if ready.load($load) {
                assert_eq!(data.load(Relaxed), 42, "the flag without the data");
            }
            writer.join().expect("it only stores");
        }
    };
}

/// Two threads draw a number each, by the step given: the numbers differ.
macro_rules! drawn {
    (|$next:ident| $draw:expr) => {
        || {
            let next = Arc::new(AtomicUsize::new(0));
            let draw = move || {
                let $next = &*next;
                $draw
            };
            let other = thread::spawn(draw.clone());
            let here = draw();
            let there = other.join().expect("it only draws");
            assert_ne!(here, there, "one number twice");
        }
    };
}

/// What the example `atomics` says of its tickets.
#[test]
fn tickets() {
    explore(drawn!(|next| next.fetch_add(1, Relaxed)));
}

#[test]
fn tickets_drawn_in_two_steps() {
    finds(
        "tickets_drawn_in_two_steps",
        "one number twice",
        drawn!(|next| {
            let seen = next.load(Relaxed);
            next.store(seen + 1, Relaxed);
            seen
        }),
    );
}

/// What the example `atomics` says of its flag.
#[test]
fn a_published_flag() {
    explore(published!(Release, Acquire));
}

#[test]
fn a_flag_stored_relaxed() {
    finds(
        "a_flag_stored_relaxed",
        "the flag without the data",
        published!(Relaxed, Acquire),
    );
}

#[test]
fn a_flag_loaded_relaxed() {
    finds(
        "a_flag_loaded_relaxed",
        "the flag without the data",
        published!(Release, Relaxed),
    );
}

#[test]
fn semaphore() {
    explore(exclusive!(Semaphore::new(1), |s| s.acquire()));
    explore(every_release_is_taken!(Semaphore));
}

#[test]
fn semaphore_with_two_permits() {
    explore_two_preemptions(two_inside_never_three);
}

#[test]
fn bounded_semaphore() {
    explore(each_gets_the_permit!(BoundedSemaphore));
    explore(one_release_too_many!(BoundedSemaphore));
}

#[test]
fn breakable_barrier() {
    explore(one_does_not_come!(BreakableBarrier));
    explore(both_come_twice!(BreakableBarrier));
}

#[test]
fn event() {
    explore(set_wakes_all!(Event));
    explore(a_pulse_is_seen!(Event));
}

#[test]
fn reentrant_lock() {
    explore(exclusive!(ReentrantLock::new(), |lock| {
        let outer = lock.lock();
        drop(lock.lock());
        outer
    }));
}

#[test]
fn spin_lock() {
    explore(exclusive!(SpinLock::new(), |lock| lock.lock()));
    explore(by_trying!(SpinLock));
}

#[test]
fn bounded_deque() {
    explore(the_newest_stays!(BoundedDeque<u32>));
}

/// A test of its own for a twin: its name, why it must fail, and the case.
macro_rules! twin {
    ($name:ident, $reason:literal, $case:expr) => {
        #[test]
        fn $name() {
            use twins::$name::*;
            finds(stringify!($name), $reason, $case);
        }
    };
}

twin!(
    semaphore_without_recheck,
    "attempt to subtract with overflow",
    every_release_is_taken!(Semaphore)
);
twin!(
    semaphore_with_lost_wake_up,
    "deadlock",
    every_release_is_taken!(Semaphore)
);
twin!(
    semaphore_notifying_only_from_zero,
    "deadlock",
    every_release_is_taken!(Semaphore)
);
twin!(
    bounded_semaphore_checking_too_early,
    "both releases were accepted",
    one_release_too_many!(BoundedSemaphore)
);
twin!(
    bounded_semaphore_without_notify,
    "deadlock",
    each_gets_the_permit!(BoundedSemaphore)
);
twin!(
    breakable_barrier_breaking_in_silence,
    "deadlock",
    one_does_not_come!(BreakableBarrier)
);
twin!(
    breakable_barrier_forgetting,
    "deadlock",
    one_does_not_come!(BreakableBarrier)
);
twin!(
    breakable_barrier_without_rounds,
    "deadlock",
    both_come_twice!(BreakableBarrier)
);
twin!(event_waking_one, "deadlock", set_wakes_all!(Event));
twin!(
    event_missing_a_pulse,
    "exceeded maximum number of branches",
    a_pulse_is_seen!(Event)
);
twin!(
    reentrant_lock_not_counting,
    "an addition was lost",
    exclusive!(ReentrantLock::new(), |lock| {
        let outer = lock.lock();
        drop(lock.lock());
        outer
    })
);
twin!(
    spin_lock_testing_first,
    "an addition was lost",
    exclusive!(SpinLock::new(), |lock| lock.lock())
);
twin!(
    spin_lock_trying_in_two_steps,
    "an addition was lost",
    by_trying!(SpinLock)
);
twin!(spin_lock_tried_relaxed, "an addition was lost", by_trying!(SpinLock));
twin!(
    spin_lock_released_relaxed,
    "an addition was lost",
    exclusive!(SpinLock::new(), |lock| lock.lock())
);
twin!(
    spin_lock_acquired_relaxed,
    "an addition was lost",
    exclusive!(SpinLock::new(), |lock| lock.lock())
);
twin!(
    bounded_deque_making_room_too_early,
    "longer than allowed",
    the_newest_stays!(BoundedDeque<u32>)
);
