//! A lock that its holder may take again.

use std::marker::PhantomData;

use crate::sync::thread::{self, ThreadId};
use crate::sync::{Condvar, Mutex, MutexGuard};

/// A lock with an owner and a count: the thread that holds it may take it
/// again, and it is free when every hold has ended.
///
/// `threading.RLock` in Python. std's is not stable yet; programs use
/// `parking_lot::ReentrantMutex`. This one guards no data, as Python's, and
/// shows how often it is held.
///
/// ```
/// use sync_primitives::ReentrantLock;
///
/// let lock = ReentrantLock::new();
/// let outer = lock.lock();
/// let inner = lock.lock();
/// assert_eq!(lock.hold_count(), 2);
/// drop(inner);
/// assert_eq!(lock.hold_count(), 1);
/// # drop(outer);
/// ```
///
/// The owner must release it, so a guard cannot be sent to another thread:
///
/// ```compile_fail,E0277
/// use std::thread;
/// use sync_primitives::ReentrantLock;
///
/// let lock = ReentrantLock::new();
/// let guard = lock.lock();
/// thread::scope(|s| {
///     s.spawn(move || drop(guard)); // error[E0277]: cannot be sent
/// });
/// ```
#[derive(Debug, Default)]
pub struct ReentrantLock {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    owner: Option<ThreadId>,
    holds: usize,
}

impl ReentrantLock {
    /// A lock that nobody holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the lock; waits while another thread holds it.
    pub fn lock(&self) -> ReentrantGuard<'_> {
        let me = thread::current().id();
        let mut state = self.state();
        while state.owner.is_some_and(|owner| owner != me) {
            state = self.freed.wait(state).expect("never poisoned");
        }
        self.hold(state, me)
    }

    /// Takes the lock unless another thread holds it at this moment.
    pub fn try_lock(&self) -> Option<ReentrantGuard<'_>> {
        let me = thread::current().id();
        let state = self.state();
        match state.owner {
            Some(owner) if owner != me => None,
            _ => Some(self.hold(state, me)),
        }
    }

    /// How many times the lock is held, by whichever thread.
    pub fn hold_count(&self) -> usize {
        self.state().holds
    }

    fn hold(
        &self,
        mut state: MutexGuard<'_, State>,
        me: ThreadId,
    ) -> ReentrantGuard<'_> {
        state.owner = Some(me);
        state.holds += 1;
        ReentrantGuard { lock: self, not_send: PhantomData }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("never poisoned")
    }
}

/// One hold of a [`ReentrantLock`], ended when dropped.
#[derive(Debug)]
#[must_use = "a hold that is dropped at once guards nothing"]
pub struct ReentrantGuard<'a> {
    lock: &'a ReentrantLock,
    // As std's guard, it may not leave its thread.
    not_send: PhantomData<std::sync::MutexGuard<'a, ()>>,
}

impl Drop for ReentrantGuard<'_> {
    fn drop(&mut self) {
        let mut state = self.lock.state();
        state.holds -= 1;
        if state.holds == 0 {
            state.owner = None;
            self.lock.freed.notify_one();
        }
    }
}
