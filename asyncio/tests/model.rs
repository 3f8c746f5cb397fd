//! Model checks of the toy executor.
//!
//! The same source is compiled here over loom's mutex, condition variable and
//! atomics in place of std's. loom runs a case once for every order in which
//! its threads can take their turns, and for every value that the memory model
//! lets a relaxed load see. It has no clock, so the timers are left out.
//!
//! `build.rs` makes broken twins of the source; each must be found out here.

#![allow(dead_code, unreachable_pub, reason = "a check uses only a part")]

use std::env;
use std::future::poll_fn;
use std::process::Command;
use std::task::Poll;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread;

/// What stands in `src/sync.rs`, from loom.
mod sync {
    pub(crate) use loom::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use loom::sync::{Condvar, Mutex, MutexGuard};
}

#[path = "../src/toy_executor.rs"]
mod toy_executor;

mod twins {
    include!(concat!(env!("OUT_DIR"), "/twins.rs"));
}

/// A task starts a thread that makes two events and wakes the task after each:
/// while it is polled, queued, or asleep. The run must come to its end.
macro_rules! every_wake_counts {
    ($Executor:ty) => {
        || {
            let events = Arc::new(AtomicUsize::new(0));
            let mut started = false;
            let executor = <$Executor>::default();
            executor.spawn(poll_fn(move |cx| {
                if !started {
                    started = true;
                    let (events, task) = (events.clone(), cx.waker().clone());
                    thread::spawn(move || {
                        for _ in 0..2 {
                            events.fetch_add(1, Relaxed);
                            task.wake_by_ref();
                        }
                    });
                }
                match events.load(Relaxed) {
                    2 => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            }));
            executor.run();
        }
    };
}

#[test]
fn every_wake_counts() {
    loom::model(every_wake_counts!(toy_executor::Executor));
}

/// Runs a case in a process of its own, since loom ends a deadlock by an abort,
/// and asserts that it fails for the reason given.
fn finds(test: &str, case: fn()) {
    const INSIDE: &str = "EXPLORE_BROKEN_TWIN";
    if env::var_os(INSIDE).is_some() {
        return loom::model(case);
    }
    let output = Command::new(env::current_exe().expect("this test runs"))
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .expect("the test starts once more");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "the mistake was not found");
    assert!(stderr.contains("deadlock"), "found something else: {stderr}");
}

macro_rules! finds {
    ($($twin:ident),*) => {$(
        #[test]
        fn $twin() {
            let case = every_wake_counts!(twins::$twin::Executor);
            finds(stringify!($twin), case);
        }
    )*};
}

finds!(
    marking_after_the_poll,
    clearing_relaxed,
    waking_relaxed,
    without_notify,
    waiting_unlocked
);
