//! Delays, at random.

use core::ffi::{c_int, c_void};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::{real, tell};

/// The longest delay, in microseconds.
const LONGEST: u64 = 8_000;

static ON: AtomicBool = AtomicBool::new(false);
static DRAWS: AtomicU64 = AtomicU64::new(0);
static SEED: AtomicU64 = AtomicU64::new(0);

#[repr(C)]
struct Time {
    seconds: i64,
    nanoseconds: i64,
}

unsafe extern "C-unwind" {
    fn nanosleep(time: *const Time, left: *mut c_void) -> c_int;
}

/// Delays from now on; `seed` makes them the same again, as far as the threads
/// come to them in the same order.
pub(crate) fn switch_on(seed: &[u8]) {
    let digits = seed.iter().take_while(|byte| byte.is_ascii_digit());
    let seed = digits.fold(0_u64, |number, digit| {
        number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
    });
    SEED.store(seed, Ordering::Relaxed);
    ON.store(true, Ordering::Relaxed);
}

/// Sleeps for a random while, none in half of all cases.
pub(crate) fn delay() {
    if !ON.load(Ordering::Relaxed) {
        return;
    }
    let n = DRAWS.fetch_add(1, Ordering::Relaxed);
    // A process of its own draws delays of its own.
    let process = tell::pid();
    let mut x = SEED.load(Ordering::Relaxed)
        ^ n.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ u64::from(process) << 32;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    if x & 1 == 0 {
        return;
    }
    let nanoseconds = ((x >> 1) % LONGEST * 1_000).cast_signed();
    let errno = real::errno();
    // SAFETY: the pointer is to a live time; the remainder is not wanted.
    // nanosleep is async-signal-safe.
    unsafe {
        nanosleep(&Time { seconds: 0, nanoseconds }, core::ptr::null_mut())
    };
    real::set_errno(errno);
}
