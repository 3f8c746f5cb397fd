//! CPU-bound work: two threads compute at the same time on two cores.
//!
//! Python: `threading`, in `23_cpu_bound.py`, where it gains nothing.
//! Notes: N0:56, N0:89, N1:19, N2:617, N3:11.
//!
//! The sum of the squares below 10,000,000 once alone, then in two threads at
//! once. A Rust thread needs no interpreter's lock: on two free cores the work
//! is doubled and the time is not, a speed-up near 2. In CPython one thread at
//! a time runs bytecode, so the same two threads take turns and the figure is
//! near 1; there such work goes to processes (or to the free-threaded build,
//! 3.13 and newer). The figure depends on cores and load, so it is shown and
//! not checked: on one core it is 1 here too.
//!
//! The sum does not fit into 64 bits. Python's integers grow; in Rust you
//! choose, and a debug build panics where an optimised one would wrap around.
//!
//! ```text,expect
//! main: 333333283333335000000
//! @any
//! left: 333333283333335000000
//! right: 333333283333335000000
//! @end
//! speed-up: {:float 0..}
//! ```
//!
//! Break it: `type Sum = u128` => `type Sum = u64`
//! Break it: `thread.spawn_scoped(s, sum_squares)?;` => `sum_squares();`

use std::io;
use std::thread;
use std::time::Instant;

type Sum = u128;

fn sum_squares() {
    let mut sum: Sum = 0;
    let mut n: u64 = 0;
    // Not `for` or `sum()`: they are as fast only in an optimised build.
    while n < 10_000_000 {
        sum += Sum::from(n * n);
        n += 1;
    }
    println!("{}: {sum}", thread::current().name().unwrap_or("unnamed"));
}

fn main() -> io::Result<()> {
    let start = Instant::now();
    sum_squares();
    let alone = start.elapsed();

    let start = Instant::now();
    thread::scope(|s| -> io::Result<()> {
        for name in ["left", "right"] {
            let thread = thread::Builder::new().name(name.to_string());
            thread.spawn_scoped(s, sum_squares)?;
        }
        Ok(())
    })?;
    let together = start.elapsed();
    println!("speed-up: {:.2}", 2.0 * alone.div_duration_f64(together));
    Ok(())
}
