//! Barrier: nobody goes on before the last one has come.
//!
//! Python: `threading.Barrier(3)`, in `15_barrier.py`.
//! Notes: N0:827, N1:109.
//!
//! A barrier makes a fixed number of threads meet. Each `wait` blocks until as
//! many threads wait as the barrier was built for; then all go on, and it is
//! ready for the next round. One thread a round is told that it leads: Rust
//! says so by `is_leader()`, Python by the returned index 0. Reach for a
//! barrier when every worker needs what all others did in the phase before.
//!
//! ```text,expect
//! main: 3 runners, 2 laps
//! @lanes
//! ann: at the line, lap 1  #line1
//! ann: off, lap 1  #off1
//! ann: at the line, lap 2  #line2
//! ann: off, lap 2  #off2
//! bob: at the line, lap 1  #line1
//! bob: off, lap 1  #off1
//! bob: at the line, lap 2  #line2
//! bob: off, lap 2  #off2
//! cid: at the line, lap 1  #line1
//! cid: off, lap 1  #off1
//! cid: at the line, lap 2  #line2
//! cid: off, lap 2  #off2
//! @end
//! @before line1 off1
//! @before line2 off2
//! main: 2 laps, 2 leaders
//! ```
//!
//! Break it: `Barrier::new(3)` => `Barrier::new(2)`

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

fn main() {
    println!("main: 3 runners, 2 laps");
    let barrier = Barrier::new(3);
    let leaders = AtomicU32::new(0);
    thread::scope(|s| {
        for name in ["ann", "bob", "cid"] {
            let (barrier, leaders) = (&barrier, &leaders);
            s.spawn(move || {
                for lap in 1..=2 {
                    println!("{name}: at the line, lap {lap}");
                    if barrier.wait().is_leader() {
                        leaders.fetch_add(1, Ordering::Relaxed);
                    }
                    println!("{name}: off, lap {lap}");
                }
            });
        }
    });
    println!("main: 2 laps, {} leaders", leaders.into_inner());
}
