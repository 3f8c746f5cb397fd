//! A flag that threads can wait for, on a mutex and a condition variable.

use crate::sync::{Condvar, Mutex, MutexGuard};

/// A flag: after [`set`], current and future waiters pass until [`clear`].
///
/// `threading.Event` in Python; std has none. A thread that waits when `set` is
/// called goes on even if `clear` follows at once: each set is counted, so the
/// waiter sees that there was one.
///
/// ```
/// use std::thread;
/// use sync_primitives::Event;
///
/// let started = Event::new();
/// thread::scope(|s| {
///     s.spawn(|| started.wait());
///     started.set();
/// });
/// assert!(started.is_set());
/// ```
///
/// [`set`]: Event::set
/// [`clear`]: Event::clear
#[derive(Debug, Default)]
pub struct Event {
    state: Mutex<State>,
    was_set: Condvar,
}

#[derive(Debug, Default)]
struct State {
    set: bool,
    times_set: u64,
    waiting: usize,
}

impl Event {
    /// An event that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag and wakes all who wait for it.
    pub fn set(&self) {
        let mut state = self.state();
        state.set = true;
        state.times_set += 1;
        self.was_set.notify_all();
    }

    /// Clears the flag: from now on `wait` waits again.
    pub fn clear(&self) {
        self.state().set = false;
    }

    /// Whether the flag is set at this moment.
    pub fn is_set(&self) -> bool {
        self.state().set
    }

    /// Waits until the flag is set; returns at once if it is.
    pub fn wait(&self) {
        let mut state = self.state();
        let before = state.times_set;
        state.waiting += 1;
        while !state.set && state.times_set == before {
            state = self.was_set.wait(state).expect("never poisoned");
        }
        state.waiting -= 1;
    }

    /// How many threads wait at this moment.
    pub fn waiting(&self) -> usize {
        self.state().waiting
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("never poisoned")
    }
}
