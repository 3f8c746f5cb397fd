#![allow(unsafe_code)]

use std::cell::UnsafeCell;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::num::NonZeroUsize;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use libc::pthread_mutex_t;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};

/// Types that may be guarded by a mutex which several processes share.
///
/// # Safety
///
/// Any bits are a value of the type, as a dead holder may have left any, and it
/// holds no pointer or descriptor, which mean nothing to another process. (As it
/// is `Copy` it has no destructor.)
pub unsafe trait Plain: Copy + Send {}

// SAFETY: a plain number.
unsafe impl Plain for u32 {}
// SAFETY: as above.
unsafe impl Plain for i64 {}
// SAFETY: an array holds nothing but its elements.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// A mutex for this process and the children it forks later.
///
/// The kernel knows who holds it, and gives it up when the holder dies. Linux
/// only.
pub struct RobustMutex<T: Plain>(NonNull<Inner<T>>);

#[repr(C)]
struct Inner<T> {
    mutex: UnsafeCell<pthread_mutex_t>,
    value: UnsafeCell<T>,
}

/// Why a lock was not simply given.
pub enum LockError<'a, T: Plain> {
    /// The last holder died. The lock is held, and the value may be half
    /// changed.
    OwnerDied(OwnerDied<'a, T>),
    /// A holder died, and nobody has repaired what it left. It stays so.
    NotRecoverable,
    /// It is held, and to wait was not asked for.
    WouldBlock,
}

// SAFETY: it is a mutex: only its holder comes to the value.
unsafe impl<T: Plain> Send for RobustMutex<T> {}
// SAFETY: as above.
unsafe impl<T: Plain> Sync for RobustMutex<T> {}

impl<T: Plain> RobustMutex<T> {
    /// Makes a mutex around `value`, in memory of its own.
    pub fn new(value: T) -> io::Result<Self> {
        Self::make(value, libc::PTHREAD_MUTEX_ROBUST)
    }

    /// Makes a mutex that is not robust, for comparison: of a holder that died
    /// nobody is told, and it stays locked.
    pub fn new_stalled(value: T) -> io::Result<Self> {
        Self::make(value, libc::PTHREAD_MUTEX_STALLED)
    }

    fn make(value: T, robust: i32) -> io::Result<Self> {
        let size = NonZeroUsize::new(size_of::<Inner<T>>())
            .ok_or(io::ErrorKind::InvalidInput)?;
        // SAFETY: a new mapping, where the kernel likes, replaces none.
        let place = unsafe {
            let rights = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
            mmap_anonymous(None, size, rights, MapFlags::MAP_SHARED)
        }?
        .cast::<Inner<T>>();
        let mutex = RobustMutex(place); // unmaps it if something fails
        let mut attributes = MaybeUninit::uninit();
        let attributes = attributes.as_mut_ptr();
        // SAFETY: the mapping is large enough and aligned, and nobody else has
        // it yet. The attributes are initialised before they are used, and the
        // mutex is never moved.
        unsafe {
            (&raw mut (*place.as_ptr()).value).write(UnsafeCell::new(value));
            let shared = libc::PTHREAD_PROCESS_SHARED;
            check(libc::pthread_mutexattr_init(attributes))?;
            check(libc::pthread_mutexattr_setpshared(attributes, shared))?;
            check(libc::pthread_mutexattr_setrobust(attributes, robust))?;
            check(libc::pthread_mutex_init(mutex.raw(), attributes))?;
            check(libc::pthread_mutexattr_destroy(attributes))?;
        }
        Ok(mutex)
    }

    /// Waits until the lock is given.
    pub fn lock(&self) -> Result<Guard<'_, T>, LockError<'_, T>> {
        // SAFETY: `make` has initialised it.
        self.answer(unsafe { libc::pthread_mutex_lock(self.raw()) })
    }

    /// Takes the lock if that needs no waiting.
    pub fn try_lock(&self) -> Result<Guard<'_, T>, LockError<'_, T>> {
        // SAFETY: as above.
        self.answer(unsafe { libc::pthread_mutex_trylock(self.raw()) })
    }

    fn answer(&self, code: i32) -> Result<Guard<'_, T>, LockError<'_, T>> {
        match code {
            0 => Ok(Guard(self, PhantomData)),
            libc::EOWNERDEAD => {
                let guard = Guard(self, PhantomData);
                Err(LockError::OwnerDied(OwnerDied(guard)))
            }
            libc::ENOTRECOVERABLE => Err(LockError::NotRecoverable),
            _ => Err(LockError::WouldBlock),
        }
    }

    fn raw(&self) -> *mut pthread_mutex_t {
        // SAFETY: mapped by `make`, unmapped only by `drop`.
        unsafe { self.0.as_ref() }.mutex.get()
    }
}

impl<T: Plain> Drop for RobustMutex<T> {
    fn drop(&mut self) {
        // The mutex itself is not destroyed: other processes may use it.
        // SAFETY: the mapping made by `make`; no guard outlives self.
        let _ = unsafe { munmap(self.0.cast(), size_of::<Inner<T>>()) };
    }
}

fn check(code: i32) -> io::Result<()> {
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

/// The lock, held until this is dropped.
pub struct Guard<'a, T: Plain>(&'a RobustMutex<T>, PhantomData<*mut T>);

impl<T: Plain> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this thread holds the lock, and any bits are a `T`.
        unsafe { &*self.0.0.as_ref().value.get() }
    }
}

impl<T: Plain> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.0.0.as_ref().value.get() }
    }
}

impl<T: Plain> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: this thread holds the lock.
        unsafe { libc::pthread_mutex_unlock(self.0.raw()) };
    }
}

/// The lock, held after the death of its holder.
///
/// If it is dropped unrepaired, the mutex can never be locked again.
#[must_use = "unrepaired, the mutex can never be locked again"]
pub struct OwnerDied<'a, T: Plain>(Guard<'a, T>);

impl<'a, T: Plain> OwnerDied<'a, T> {
    /// Puts the value in order by `repair`, and says that it is.
    pub fn repair(mut self, repair: impl FnOnce(&mut T)) -> Guard<'a, T> {
        repair(&mut self.0);
        // SAFETY: this thread holds the lock, which is inconsistent.
        unsafe { libc::pthread_mutex_consistent(self.0.0.raw()) };
        self.0
    }
}

impl<T: Plain> Deref for OwnerDied<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Plain> fmt::Debug for LockError<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LockError::OwnerDied(_) => "OwnerDied",
            LockError::NotRecoverable => "NotRecoverable",
            LockError::WouldBlock => "WouldBlock",
        })
    }
}

impl<T: Plain> fmt::Display for LockError<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LockError::OwnerDied(_) => "the holder died",
            LockError::NotRecoverable => "not recoverable",
            LockError::WouldBlock => "held",
        })
    }
}
