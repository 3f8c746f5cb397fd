//! A semaphore that notices when more is given back than was taken.

use std::error::Error;
use std::fmt;

use crate::sync::{Condvar, Mutex, MutexGuard};

/// A semaphore that never has more permits than at first.
///
/// `threading.BoundedSemaphore` in Python. Taking and giving back are two
/// calls, as there, and [`release`] without an [`acquire`] before it is an
/// error and adds nothing. Where a guard will do, use
/// [`Semaphore`](crate::Semaphore): its [`Permit`](crate::Permit) cannot be
/// given back twice in the first place.
///
/// ```
/// use sync_primitives::BoundedSemaphore;
///
/// let semaphore = BoundedSemaphore::new(1);
/// semaphore.acquire();
/// assert!(!semaphore.try_acquire());
/// assert!(semaphore.release().is_ok());
/// assert!(semaphore.release().is_err());
/// ```
///
/// [`acquire`]: BoundedSemaphore::acquire
/// [`release`]: BoundedSemaphore::release
#[derive(Debug)]
pub struct BoundedSemaphore {
    limit: usize,
    permits: Mutex<usize>,
    released: Condvar,
}

impl BoundedSemaphore {
    /// A semaphore with `limit` permits, now and at most.
    pub fn new(limit: usize) -> Self {
        Self { limit, permits: Mutex::new(limit), released: Condvar::new() }
    }

    /// Takes a permit; waits for one while there is none.
    pub fn acquire(&self) {
        let mut permits = self.permits();
        while *permits == 0 {
            permits = self.released.wait(permits).expect("never poisoned");
        }
        *permits -= 1;
    }

    /// Takes a permit if there is one at this moment, and says whether it did.
    pub fn try_acquire(&self) -> bool {
        let mut permits = self.permits();
        let free = *permits > 0;
        if free {
            *permits -= 1;
        }
        free
    }

    /// Gives a permit back and wakes one waiter if there are any.
    ///
    /// # Errors
    ///
    /// If no permit is out.
    pub fn release(&self) -> Result<(), ReleasedTooOften> {
        let mut permits = self.permits();
        if *permits == self.limit {
            return Err(ReleasedTooOften { limit: self.limit });
        }
        *permits += 1;
        self.released.notify_one();
        Ok(())
    }

    fn permits(&self) -> MutexGuard<'_, usize> {
        self.permits.lock().expect("never poisoned")
    }
}

/// A permit was given back that had not been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleasedTooOften {
    limit: usize,
}

impl fmt::Display for ReleasedTooOften {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "released more often than acquired: limit {}", self.limit)
    }
}

impl Error for ReleasedTooOften {}
