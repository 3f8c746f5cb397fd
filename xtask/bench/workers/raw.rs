//! The limit, where only the kernel's own calls reach it.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};
use rustix::mm::{MapFlags, ProtFlags, mmap};
use rustix::thread::futex;

use crate::Error;

/// Of a bare thread; touched only as far as it is used.
const STACK: usize = 16 * 1024 / size_of::<u128>();

/// What a bare thread is given: a number to answer, or a word to wait on.
pub(crate) struct Bare {
    stack: &'static mut [u128],
    ended: AtomicU32,
    question: u32,
    answer: AtomicU32,
}

impl Bare {
    pub(crate) fn new() -> Bare {
        Bare::on(vec![0; STACK].leak())
    }

    fn on(stack: &'static mut [u128]) -> Bare {
        Bare {
            stack,
            ended: AtomicU32::new(0),
            question: 0,
            answer: AtomicU32::new(0),
        }
    }

    /// Starts a thread on this stack, and waits until it has answered and ended.
    pub(crate) fn run(&mut self, question: u32) -> Result<u32, Error> {
        self.question = question;
        self.start(answer)?;
        while self.ended.load(Ordering::Acquire) != 0 {
            // The kernel wakes this word as one that processes share.
            let _ = futex::wait(&self.ended, futex::Flags::empty(), 1, None);
        }
        Ok(self.answer.load(Ordering::Acquire))
    }

    /// Starts threads that never end before their process does.
    pub(crate) fn park(n: u64) -> Result<(), Error> {
        let stacks = vec![0; STACK * n as usize].leak();
        for stack in stacks.chunks_exact_mut(STACK) {
            Box::leak(Box::new(Bare::on(stack))).start(park)?;
        }
        Ok(())
    }

    fn start(
        &mut self,
        main: extern "C" fn(*mut c_void) -> c_int,
    ) -> Result<(), Error> {
        self.ended.store(1, Ordering::Release);
        let flags = libc::CLONE_VM
            | libc::CLONE_FS
            | libc::CLONE_FILES
            | libc::CLONE_SIGHAND
            | libc::CLONE_THREAD
            | libc::CLONE_SYSVSEM
            | libc::CLONE_CHILD_CLEARTID;
        let this: *mut Bare = self;
        // SAFETY: the stack is this value's alone, aligned to 16, and lives until
        // `ended` is 0 again (`run` waits for it, `park` leaks it). The thread
        // shares this one's thread-local storage and never touches it: `answer`
        // and `park` use atomics and raw system calls alone.
        let id = unsafe {
            let top = (*this).stack.as_mut_ptr_range().end;
            let none = std::ptr::null_mut::<c_void>();
            let ended = (*this).ended.as_ptr();
            libc::clone(main, top.cast(), flags, this.cast(), none, none, ended)
        };
        if id == -1 {
            return Err(std::io::Error::last_os_error().into());
        }
        Ok(())
    }
}

extern "C" fn answer(bare: *mut c_void) -> c_int {
    // SAFETY: the starter waits for this thread's end before it goes on, and
    // meanwhile reads nothing but the atomic `ended`.
    let bare = unsafe { &*bare.cast::<Bare>() };
    bare.answer.store(bare.question, Ordering::Release);
    0
}

extern "C" fn park(bare: *mut c_void) -> c_int {
    // SAFETY: the value was leaked; nobody else touches it.
    let bare = unsafe { &*bare.cast::<Bare>() };
    loop {
        let _ = futex::wait(&bare.answer, futex::Flags::PRIVATE, 0, None);
    }
}

/// Forks a child that ends at once with this status, and takes it.
pub(crate) fn fork_and_wait(status: i32) -> Result<i32, Error> {
    // SAFETY: the child calls `_exit` alone, which is allowed after a fork.
    match unsafe { fork() }? {
        // SAFETY: as above.
        ForkResult::Child => unsafe { libc::_exit(status) },
        ForkResult::Parent { child } => match waitpid(child, None)? {
            WaitStatus::Exited(_, status) => Ok(status),
            other => Err(format!("the child: {other:?}").into()),
        },
    }
}

/// Forks a child that waits until it is killed.
pub(crate) fn fork_and_hold() -> Result<(), Error> {
    // SAFETY: the child calls nothing but `prctl` and `pause`, which are allowed
    // after a fork.
    if let ForkResult::Child = unsafe { fork() }? {
        // SAFETY: as above.
        unsafe {
            libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
            loop {
                libc::pause();
            }
        }
    }
    Ok(())
}

/// Memory that two processes share, never unmapped.
#[derive(Clone, Copy)]
pub(crate) struct Shared {
    memory: &'static [AtomicU64],
}

impl Shared {
    /// Of so many bytes, and the file by which the other process opens it.
    pub(crate) fn new(size: usize) -> Result<(Shared, File), Error> {
        let file = File::from(memfd_create(c"bench", MFdFlags::MFD_CLOEXEC)?);
        file.set_len(size as u64)?;
        Ok((Shared::open(file.as_fd(), size)?, file))
    }

    /// What the other process made.
    pub(crate) fn open(
        file: BorrowedFd<'_>,
        size: usize,
    ) -> Result<Shared, Error> {
        let access = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: a new mapping at an address that the kernel chooses, as long as
        // the file is and never unmapped; page-aligned, zeroed, and only ever
        // seen as atomics, which any process may change at any time.
        let memory = unsafe {
            let null = std::ptr::null_mut();
            let start = mmap(null, size, access, MapFlags::SHARED, file, 0)?;
            std::slice::from_raw_parts(
                start.cast(),
                size / size_of::<AtomicU64>(),
            )
        };
        Ok(Shared { memory })
    }

    /// All of it.
    pub(crate) fn memory(self) -> &'static [AtomicU64] {
        self.memory
    }

    /// The first two half words: a turn and a value.
    pub(crate) fn words(self) -> [&'static AtomicU32; 2] {
        let first: *const AtomicU32 = self.memory.as_ptr().cast();
        // SAFETY: the mapping is at least a page, and these two are used as
        // halves alone.
        unsafe { [&*first, &*first.add(1)] }
    }
}

/// Forks a child that waits for ever, ends it by a signal, and takes it.
pub(crate) fn fork_and_kill() -> Result<(), Error> {
    // SAFETY: the child calls `pause` alone, which is allowed after a fork.
    let child = match unsafe { fork() }? {
        ForkResult::Child => loop {
            // SAFETY: as above.
            unsafe { libc::pause() };
        },
        ForkResult::Parent { child } => child,
    };
    nix::sys::signal::kill(child, nix::sys::signal::Signal::SIGTERM)?;
    match waitpid(child, None)? {
        WaitStatus::Signaled(..) => Ok(()),
        other => Err(format!("the child: {other:?}").into()),
    }
}
