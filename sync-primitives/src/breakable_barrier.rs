//! A barrier that breaks when one of the party cannot come.

use std::error::Error;
use std::fmt;

use crate::sync::{Condvar, Mutex, MutexGuard};

/// A meeting point for a fixed number of threads, which any of them can call
/// off.
///
/// `threading.Barrier` in Python, with its `abort` and `BrokenBarrierError`;
/// std's barrier has neither. A thread asks for its [`Arrival`] before it sets
/// out. If the thread fails on the way, the arrival is dropped, and nobody
/// waits for it in vain.
///
/// ```
/// use std::thread;
/// use sync_primitives::BreakableBarrier;
///
/// let barrier = BreakableBarrier::new(2);
/// thread::scope(|s| {
///     s.spawn(|| {
///         let _arrival = barrier.arrival();
///         // fails before it calls `wait`
///     });
///     assert!(barrier.arrival().wait().is_err());
/// });
/// ```
///
/// Who has arrived cannot arrive again on the same promise:
///
/// ```compile_fail,E0382
/// use sync_primitives::BreakableBarrier;
///
/// let barrier = BreakableBarrier::new(1);
/// let arrival = barrier.arrival();
/// arrival.wait().unwrap();
/// arrival.wait().unwrap(); // error[E0382]: use of moved value: `arrival`
/// ```
#[derive(Debug)]
pub struct BreakableBarrier {
    parties: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: usize,
    round: u64,
    broken: bool,
}

impl BreakableBarrier {
    /// A barrier for so many threads.
    pub fn new(parties: usize) -> Self {
        Self { parties, state: Mutex::default(), changed: Condvar::new() }
    }

    /// A promise to come. It breaks the barrier if it is dropped unused.
    pub fn arrival(&self) -> Arrival<'_> {
        Arrival { barrier: self, kept: false }
    }

    /// Breaks the barrier: all who wait, and all who come later, get an error.
    pub fn abort(&self) {
        self.state().broken = true;
        self.changed.notify_all();
    }

    /// How many threads wait at this moment.
    pub fn waiting(&self) -> usize {
        self.state().waiting
    }

    fn wait(&self) -> Result<bool, Broken> {
        let mut state = self.state();
        if state.broken {
            return Err(Broken);
        }
        state.waiting += 1;
        if state.waiting == self.parties {
            state.waiting = 0;
            state.round += 1;
            self.changed.notify_all();
            return Ok(true);
        }
        let round = state.round;
        while state.round == round && !state.broken {
            state = self.changed.wait(state).expect("never poisoned");
        }
        if state.round == round { Err(Broken) } else { Ok(false) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("never poisoned")
    }
}

/// The promise of one thread to come to a [`BreakableBarrier`].
#[derive(Debug)]
#[must_use = "an arrival that is dropped breaks the barrier"]
pub struct Arrival<'a> {
    barrier: &'a BreakableBarrier,
    kept: bool,
}

impl Arrival<'_> {
    /// Waits until all have come; says whether this thread leads the round.
    ///
    /// # Errors
    ///
    /// If the barrier is broken, now or before all have come.
    pub fn wait(mut self) -> Result<bool, Broken> {
        self.kept = true;
        self.barrier.wait()
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.barrier.abort();
        }
    }
}

/// One of the party did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the barrier is broken")
    }
}

impl Error for Broken {}
