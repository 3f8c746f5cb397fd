//! A counting semaphore on a mutex and a condition variable.

use crate::sync::{Condvar, Mutex, MutexGuard};

/// A number of permits: a thread that finds none left waits until one is
/// released.
///
/// `threading.Semaphore` in Python; std has none. [`acquire`] returns a
/// [`Permit`] that gives itself back when dropped, as leaving `with semaphore:`
/// does. [`release`] adds a permit without having held one, as Python's does.
///
/// A semaphore has no owner and no queue: another thread may give the permit
/// back, and the longest waiter is not always served first.
///
/// ```
/// use sync_primitives::Semaphore;
///
/// let semaphore = Semaphore::new(1);
/// let permit = semaphore.acquire();
/// assert!(semaphore.try_acquire().is_none());
/// drop(permit);
/// assert_eq!(semaphore.available(), 1);
/// ```
///
/// A permit cannot be given back twice, as dropping it moves it:
///
/// ```compile_fail,E0382
/// use sync_primitives::Semaphore;
///
/// let semaphore = Semaphore::new(1);
/// let permit = semaphore.acquire();
/// drop(permit);
/// drop(permit); // error[E0382]: use of moved value: `permit`
/// ```
///
/// [`acquire`]: Semaphore::acquire
/// [`release`]: Semaphore::release
#[derive(Debug)]
pub struct Semaphore {
    permits: Mutex<usize>,
    released: Condvar,
}

impl Semaphore {
    /// A semaphore with so many permits; 0 is allowed.
    pub fn new(permits: usize) -> Self {
        Self { permits: Mutex::new(permits), released: Condvar::new() }
    }

    /// Takes a permit; waits for one while there is none.
    pub fn acquire(&self) -> Permit<'_> {
        let mut permits = self.permits();
        while *permits == 0 {
            permits = self.released.wait(permits).expect("never poisoned");
        }
        *permits -= 1;
        Permit { semaphore: self }
    }

    /// Takes a permit if there is one at this moment.
    pub fn try_acquire(&self) -> Option<Permit<'_>> {
        let mut permits = self.permits();
        *permits = permits.checked_sub(1)?;
        Some(Permit { semaphore: self })
    }

    /// Adds a permit, whether or not the caller has taken one before, and wakes
    /// one waiter if there are any.
    pub fn release(&self) {
        *self.permits() += 1;
        self.released.notify_one();
    }

    /// How many permits are free at this moment.
    pub fn available(&self) -> usize {
        *self.permits()
    }

    fn permits(&self) -> MutexGuard<'_, usize> {
        self.permits.lock().expect("never poisoned")
    }
}

/// One permit of a [`Semaphore`], given back when dropped.
///
/// Unlike a mutex guard it may be sent to another thread and dropped there.
#[derive(Debug)]
#[must_use = "a permit that is dropped at once guards nothing"]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
}

impl Permit<'_> {
    /// Keeps the permit from going back: the semaphore has one less for good.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.semaphore.release();
    }
}
