//! A library for programs to load before all others (`LD_PRELOAD`), and what it
//! tells.
//!
//! In a program it stands before the C library's `write`, `pthread_create`,
//! `fork` and their like, and tells what they are asked for in a [`ring`]: who
//! writes to standard output, and when each thread and process begins and ends.
//! Where the variable `JITTER_SEED` is set, it also delays each start of a thread
//! and each `write`, at random, so that a program that relies on who prints
//! first, or on a sleep being long enough, is seen to.
//!
//! Linux with glibc only.

pub mod ring;

/// The library, as it stands in a file. Empty where there is none.
pub static LIBRARY: &[u8] =
    include_bytes!(concat!(env!("OUT_DIR"), "/preloaded.so"));

/// The file that is the ring. It stands in the same folder as the library, which
/// finds it by the path in `LD_PRELOAD`; so do programs that a program starts.
pub const RING: &str = "ring";

/// The environment variable that asks for delays: where their draws begin.
pub const SEED: &str = "JITTER_SEED";
