//! The library that programs load before all others. What it is for stands in
//! the crate beside it.
//!
//! Its functions have the names of the C library's, and so are found first. Each
//! does what that one does, by calling it. They may be called from a signal
//! handler, between `fork` and `exec`, and from any thread: so nothing here takes
//! a lock or memory, and `errno` is as the real function left it. `C-unwind`,
//! because glibc ends a cancelled thread by unwinding its stack.

//!
//! Without `std`, of which a panic would pull in half: this is loaded into every
//! program that is started.

#![cfg(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#![allow(unsafe_code)]
#![no_std]

// Where cargo builds it, to be checked, a panic unwinds.
#[cfg(panic = "unwind")]
extern crate std;

pub mod calls;
mod delay;
pub mod real;
#[path = "../src/ring.rs"]
pub mod ring;
mod tell;

use core::ffi::{CStr, c_char, c_int};

/// Nothing here panics.
#[cfg(panic = "abort")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

// Precompiled code asks for it by name. It says, as for a function with nothing
// to clean up: unwind on. In assembly, so that it is nobody else's.
#[cfg(all(panic = "abort", target_arch = "x86_64"))]
core::arch::global_asm!(
    ".globl rust_eh_personality",
    "rust_eh_personality:",
    "mov eax, 8",
    "ret",
);
#[cfg(all(panic = "abort", target_arch = "aarch64"))]
core::arch::global_asm!(
    ".globl rust_eh_personality",
    "rust_eh_personality:",
    "mov w0, #8",
    "ret",
);

/// Runs before the program's `main`, so that later calls find the addresses of
/// the real functions at hand: to look them up takes locks.
#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn(c_int, *const *const c_char, *const *const c_char) =
    start;

/// Runs when the program has returned from `main`, or called `exit`, after all
/// that it has asked to be run then.
#[used]
#[unsafe(link_section = ".fini_array")]
static END: extern "C" fn() = end;

extern "C" fn start(
    _: c_int,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) {
    real::find();
    let mut path = None;
    let mut at = environment;
    // SAFETY: the loader passes the environment, as `main` gets it: pointers to
    // C strings up to a null pointer. Nobody changes it before `main`.
    unsafe {
        while !at.is_null() && !(*at).is_null() {
            let entry = CStr::from_ptr(*at).to_bytes();
            if let Some(value) = entry.strip_prefix(b"LD_PRELOAD=") {
                path = Some(value);
            }
            if let Some(value) = entry.strip_prefix(b"JITTER_SEED=") {
                delay::switch_on(value);
            }
            at = at.add(1);
        }
    }
    let known = path.and_then(tell::find_ring).is_some();
    if known {
        calls::watch();
        // SAFETY: the loader passes the arguments as `main` gets them.
        unsafe { tell::loaded(arguments) };
    }
}

extern "C" fn end() {
    calls::tell_what_is_pending();
    tell::event(ring::Kind::Exited, 0);
}
