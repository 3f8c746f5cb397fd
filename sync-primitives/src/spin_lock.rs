//! The smallest lock: one flag, and threads that try until they have it.

use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, hint};

/// A lock that does not sleep: a thread that finds it taken tries again.
///
/// Testing the flag and setting it must be one step, [`compare_exchange`]; two
/// steps let two threads in. Taking the lock is an `Acquire` and releasing it a
/// `Release`: together they let the next holder see everything that the last
/// one wrote. With `Relaxed` in place of either, the flag is as exclusive as
/// before, but the next holder may see old data.
///
/// While the lock is taken a waiter only loads the flag: a load leaves the
/// cache line shared, and an attempt to exchange would take it away from the
/// holder. The attempt itself is [`compare_exchange_weak`], which may fail
/// without a cause and is cheaper for it on some processors, as it stands in a
/// loop anyway.
///
/// The lock guards no data of its own, as that takes `unsafe`. It burns the
/// processor while it waits, and most of all when the holder is not running.
/// Programs use a mutex.
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
/// [`compare_exchange_weak`]: std::sync::atomic::AtomicBool::compare_exchange_weak
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
        while self
            .taken
            .compare_exchange_weak(false, true, Acquire, Relaxed)
            .is_err()
        {
            while self.taken.load(Relaxed) {
                hint::spin_loop();
            }
        }
        SpinGuard { lock: self }
    }

    /// Takes the lock if it is free at this moment.
    pub fn try_lock(&self) -> Option<SpinGuard<'_>> {
        self.taken.compare_exchange(false, true, Acquire, Relaxed).ok()?;
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
        self.lock.taken.store(false, Release);
    }
}
