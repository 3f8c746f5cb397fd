//! Two sides hand a turn to each other: there and back.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use rustix::thread::futex;

use super::{Worker, one_thread, trips};
use crate::Error;

pub(crate) const HERE: u32 = 0;
pub(crate) const THERE: u32 = 1;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    Ok(Some(match form {
        "futex" => {
            let turn = Arc::new((AtomicU32::new(HERE), AtomicU64::new(0)));
            let other = Arc::clone(&turn);
            thread::spawn(move || {
                loop {
                    wait(&other.0, THERE);
                    other.1.fetch_add(1, Ordering::Relaxed);
                    pass(&other.0, HERE);
                }
            });
            Worker::new(move |n| {
                let before = turn.1.load(Ordering::Relaxed);
                for _ in 0..n {
                    pass(&turn.0, THERE);
                    wait(&turn.0, HERE);
                }
                turn.1.load(Ordering::Relaxed) - before
            })
        }
        "park" => {
            let turn = Arc::new((AtomicU32::new(HERE), AtomicU64::new(0)));
            let other = Arc::clone(&turn);
            let main = thread::current();
            let thread = thread::spawn(move || {
                loop {
                    while other.0.load(Ordering::Acquire) != THERE {
                        thread::park();
                    }
                    other.1.fetch_add(1, Ordering::Relaxed);
                    other.0.store(HERE, Ordering::Release);
                    main.unpark();
                }
            });
            Worker::new(move |n| {
                let before = turn.1.load(Ordering::Relaxed);
                for _ in 0..n {
                    turn.0.store(THERE, Ordering::Release);
                    thread.thread().unpark();
                    while turn.0.load(Ordering::Acquire) != HERE {
                        thread::park();
                    }
                }
                turn.1.load(Ordering::Relaxed) - before
            })
        }
        "condvar" => {
            let turn = Arc::new((Mutex::new((HERE, 0)), Condvar::new()));
            let other = Arc::clone(&turn);
            thread::spawn(move || {
                let (state, changed) = &*other;
                let mut state = state.lock().expect("not poisoned");
                loop {
                    state = changed
                        .wait_while(state, |(turn, _)| *turn != THERE)
                        .expect("not poisoned");
                    *state = (HERE, state.1 + 1);
                    changed.notify_one();
                }
            });
            Worker::new(move |n| {
                let (state, changed) = &*turn;
                let mut state = state.lock().expect("not poisoned");
                let before = state.1;
                for _ in 0..n {
                    state.0 = THERE;
                    changed.notify_one();
                    state = changed
                        .wait_while(state, |(turn, _)| *turn != HERE)
                        .expect("not poisoned");
                }
                state.1 - before
            })
        }
        "pipe" => return trips::find("pipe"),
        "tokio" => {
            let runtime = one_thread()?;
            Worker::new(move |n| {
                runtime.block_on(async {
                    let other = tokio::spawn(turns(n));
                    turns(n).await;
                    other.await.expect("it does not panic")
                })
            })
        }
        _ => return Ok(None),
    }))
}

async fn turns(n: u64) -> u64 {
    for _ in 0..n {
        tokio::task::yield_now().await;
    }
    n
}

/// Says whose turn it is.
pub(crate) fn pass(turn: &AtomicU32, to: u32) {
    turn.store(to, Ordering::Release);
    let woken = futex::wake(turn, futex::Flags::empty(), 1);
    woken.expect("a futex can be woken");
}

/// Waits for the turn.
pub(crate) fn wait(turn: &AtomicU32, mine: u32) {
    while turn.load(Ordering::Acquire) != mine {
        // It fails where the turn has come meanwhile.
        let _ = futex::wait(turn, futex::Flags::empty(), 1 - mine, None);
    }
}
