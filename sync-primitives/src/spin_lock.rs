//! The smallest lock: one flag, and threads that try until they have it.

use crate::sync::{AtomicBool, Ordering, hint};

/// A lock that does not sleep: whoever finds it taken tries again and again.
///
/// To test the flag and to set it must be one step, [`compare_exchange`]; two
/// steps let two threads in. Taking the lock is an `Acquire`, releasing it a
/// `Release`: together they let the next holder see all that the last one
/// wrote. With `Relaxed` in the place of either, the flag is as exclusive as
/// before, but what it guards may be seen as it was before the last holder's
/// writes.
///
/// It guards no data of its own, for that takes `unsafe`. It wastes the
/// processor while it waits, above all if the holder is not running; programs
/// take a mutex.
///
/// ```
/// use sync_primitives::SpinLock;
///
/// let lock = SpinLock::new();
/// let guard = lock.lock();
/// assert!(lock.try_lock().is_none());
/// drop(guard);
/// assert!(lock.try_lock().is_some());
/// ```
///
/// [`compare_exchange`]: std::sync::atomic::AtomicBool::compare_exchange
#[derive(Debug, Default)]
pub struct SpinLock {
    taken: AtomicBool,
}

impl SpinLock {
    /// A lock that nobody holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the lock; tries until it is free.
    pub fn lock(&self) -> SpinGuard<'_> {
        loop {
            if let Some(guard) = self.try_lock() {
                return guard;
            }
            hint::spin_loop();
        }
    }

    /// Takes the lock if it is free at this moment.
    pub fn try_lock(&self) -> Option<SpinGuard<'_>> {
        self.taken
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
            .ok()?;
        Some(SpinGuard { lock: self })
    }
}

/// The hold of a [`SpinLock`], ended when dropped.
#[derive(Debug)]
#[must_use = "a lock that is released at once guards nothing"]
pub struct SpinGuard<'a> {
    lock: &'a SpinLock,
}

impl Drop for SpinGuard<'_> {
    fn drop(&mut self) {
        self.lock.taken.store(false, Ordering::Release);
    }
}
