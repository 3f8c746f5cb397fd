#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64};

use nix::sys::mman::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};

/// Types that may lie in memory which several processes use at once.
///
/// # Safety
///
/// The type holds no pointer or descriptor (they mean nothing to another
/// process), has no destructor (each process would run it), and whatever changes
/// in it changes by atomic operations (the other process is as another thread).
pub unsafe trait ProcessShared: Sync {}

// SAFETY: atomics are plain numbers, and change only atomically.
unsafe impl ProcessShared for AtomicBool {}
// SAFETY: as above.
unsafe impl ProcessShared for AtomicU32 {}
// SAFETY: as above.
unsafe impl ProcessShared for AtomicU64 {}
// SAFETY: as above.
unsafe impl ProcessShared for AtomicI64 {}
// SAFETY: an array holds nothing but its elements.
unsafe impl<T: ProcessShared, const N: usize> ProcessShared for [T; N] {}

/// A value in memory that this process shares with the children it forks later,
/// or with whoever maps the same file.
///
/// Each process unmaps its own view, at the latest when it ends. Memory made by
/// [`Shared::new`] has no name, so there is nothing to unlink: it goes with the
/// last of them.
#[derive(Debug)]
pub struct Shared<T: ProcessShared>(NonNull<T>);

// SAFETY: it gives out `&T` alone, and `T` is `Sync`.
unsafe impl<T: ProcessShared> Send for Shared<T> {}
// SAFETY: as above.
unsafe impl<T: ProcessShared> Sync for Shared<T> {}

impl<T: ProcessShared> Shared<T> {
    /// Maps new memory and puts `value` there.
    pub fn new(value: T) -> io::Result<Shared<T>> {
        let size = NonZeroUsize::new(size_of::<T>())
            .ok_or(io::ErrorKind::InvalidInput)?;
        // SAFETY: a new mapping, where the kernel likes, replaces none.
        let place = unsafe {
            let rights = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
            mmap_anonymous(None, size, rights, MapFlags::MAP_SHARED)
        }?
        .cast::<T>();
        // SAFETY: the mapping is writable, large enough, and as a page aligned
        // better than any of the types above.
        unsafe { place.write(value) };
        Ok(Shared(place))
    }

    /// Maps the beginning of a file, for reading and writing.
    ///
    /// # Errors
    ///
    /// Also if the file is too short: to touch a page past its end is death by
    /// SIGBUS.
    ///
    /// # Safety
    ///
    /// As long as this lives the file holds a `T`, nobody makes it shorter, and
    /// all who change it do so atomically.
    pub unsafe fn from_file(file: &File) -> io::Result<Shared<T>> {
        let size = NonZeroUsize::new(size_of::<T>())
            .ok_or(io::ErrorKind::InvalidInput)?;
        if file.metadata()?.len() < size.get() as u64 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let rights = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping, where the kernel likes, replaces none.
        let place =
            unsafe { mmap(None, size, rights, MapFlags::MAP_SHARED, file, 0) }?;
        Ok(Shared(place.cast()))
    }
}

impl<T: ProcessShared> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: mapped by `new`, which wrote a `T`, or by `from_file`, which
        // was promised one; unmapped only by `drop`.
        unsafe { self.0.as_ref() }
    }
}

impl<T: ProcessShared> Drop for Shared<T> {
    fn drop(&mut self) {
        // SAFETY: the mapping that was made; no reference into it outlives self.
        let _ = unsafe { munmap(self.0.cast(), size_of::<T>()) };
    }
}
