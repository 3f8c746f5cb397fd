//! Delays, at random, each start of a thread and each `write`.
//!
//! `cargo xtask stress` preloads this library (`LD_PRELOAD`) into an example, so
//! that one which relies on who prints first, or on a sleep being long enough,
//! is seen to. `JITTER_SEED` makes the delays the same again, as far as the
//! threads come to them in the same order. Linux only.

#![cfg(target_os = "linux")]
#![allow(unsafe_code)]

use std::ffi::{CStr, c_void};
use std::mem::transmute;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use libc::{c_int, pthread_attr_t, pthread_t, size_t, ssize_t, timespec};

/// The longest delay, in microseconds.
const LONGEST: u64 = 8_000;

static DRAWS: AtomicU64 = AtomicU64::new(0);
static SEED: AtomicU64 = AtomicU64::new(0);
static WRITE: AtomicUsize = AtomicUsize::new(0);
static CREATE: AtomicUsize = AtomicUsize::new(0);

type Write = unsafe extern "C" fn(c_int, *const c_void, size_t) -> ssize_t;
type Routine = extern "C" fn(*mut c_void) -> *mut c_void;
type Create = unsafe extern "C" fn(
    *mut pthread_t,
    *const pthread_attr_t,
    Routine,
    *mut c_void,
) -> c_int;

/// Runs before `main`, so that later calls find the addresses at hand: looking
/// them up takes locks, which a signal handler or a forked child must not.
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

extern "C" fn start() {
    WRITE.store(next(c"write"), Ordering::Relaxed);
    CREATE.store(next(c"pthread_create"), Ordering::Relaxed);
    // SAFETY: the name is a C string; no other thread runs yet that could
    // change the environment; the result is checked before it is read.
    let seed = unsafe {
        let value = libc::getenv(c"JITTER_SEED".as_ptr());
        if value.is_null() {
            0
        } else {
            libc::strtoull(value, std::ptr::null_mut(), 10)
        }
    };
    SEED.store(seed, Ordering::Relaxed);
}

fn next(name: &CStr) -> usize {
    // SAFETY: the name is a C string that outlives the call.
    unsafe { libc::dlsym(libc::RTLD_NEXT, name.as_ptr()) as usize }
}

/// Sleeps for a random while, none in half of all cases.
fn delay() {
    let n = DRAWS.fetch_add(1, Ordering::Relaxed);
    // A process of its own draws delays of its own.
    // SAFETY: getpid cannot fail and takes nothing.
    let process = unsafe { libc::getpid() }.cast_unsigned();
    let mut x = SEED.load(Ordering::Relaxed)
        ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ u64::from(process) << 32;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    if x & 1 == 0 {
        return;
    }
    let nanoseconds = (x >> 1) % LONGEST * 1_000;
    let pause = timespec { tv_sec: 0, tv_nsec: nanoseconds.cast_signed() };
    // SAFETY: the pointer is to a live timespec; the remainder is not wanted.
    // nanosleep is async-signal-safe; errno is put back for the caller.
    unsafe {
        let errno = *libc::__errno_location();
        libc::nanosleep(&pause, std::ptr::null_mut());
        *libc::__errno_location() = errno;
    }
}

/// The C library's `write`, after a delay.
///
/// # Safety
/// As for write(2).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn write(
    fd: c_int,
    buffer: *const c_void,
    count: size_t,
) -> ssize_t {
    delay();
    let address = WRITE.load(Ordering::Relaxed);
    if address == 0 {
        // Called before `start`: by another library's own start.
        // SAFETY: the caller keeps write's contract, and this is write(2).
        return unsafe {
            libc::syscall(libc::SYS_write, fd, buffer, count) as ssize_t
        };
    }
    // SAFETY: dlsym gave this address for `write`, whose type this is; the
    // caller keeps its contract.
    unsafe { transmute::<usize, Write>(address)(fd, buffer, count) }
}

struct Start {
    routine: Routine,
    argument: *mut c_void,
}

extern "C" fn late(start: *mut c_void) -> *mut c_void {
    delay();
    // SAFETY: `pthread_create` below made this box, for this call alone.
    let start = unsafe { Box::from_raw(start.cast::<Start>()) };
    (start.routine)(start.argument)
}

/// The C library's `pthread_create`; the new thread begins with a delay.
///
/// # Safety
/// As for pthread_create(3).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pthread_create(
    thread: *mut pthread_t,
    attributes: *const pthread_attr_t,
    routine: Routine,
    argument: *mut c_void,
) -> c_int {
    let address = CREATE.load(Ordering::Relaxed);
    if address == 0 {
        return libc::EAGAIN;
    }
    let start = Box::into_raw(Box::new(Start { routine, argument })).cast();
    // SAFETY: dlsym gave this address for `pthread_create`, whose type this
    // is; the caller keeps its contract, and `late` takes the box.
    let result = unsafe {
        transmute::<usize, Create>(address)(thread, attributes, late, start)
    };
    if result != 0 {
        // SAFETY: no thread was started, so the box is still ours.
        drop(unsafe { Box::from_raw(start.cast::<Start>()) });
    }
    result
}
