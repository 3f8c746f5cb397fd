//! Barrier: nobody goes on before the last one has come.
//!
//! Python: `threading.Barrier(3)`, in `10_barrier.py`.
//! Notes: N0:817, N0:827, N1:110, N2:191.
//!
//! A barrier makes a fixed number of threads meet. Each `wait` blocks until as
//! many threads wait as the barrier was built for; then all go on, and it is
//! ready for the next round. In each round one thread is told that it leads:
//! `is_leader()` in Rust, the returned index 0 in Python. Use a barrier when
//! every worker needs what all others did in the phase before, and the leader
//! for what is to be done once a round.
//!
//! If one of the threads fails before it arrives, the others wait forever.
//! Python can break the barrier, std cannot (`broken_barrier`).
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
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
//! main: leaders in lap 1: 1, in lap 2: 1
//! ```
//!
//! Break it: `Barrier::new(runners.len())` => `Barrier::new(1)`
//! Break it: `barrier.wait().is_leader()` => `{ barrier.wait(); true }`
//! Break it (Python): `threading.Barrier(len(runners))` =>
//! `threading.Barrier(1)`
//! Break it (Python): `barrier.wait() == 0` => `barrier.wait() >= 0`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

fn main() {
    let runners = ["ann", "bob", "cid"];
    println!("main: {} runners, 2 laps", runners.len());
    let barrier = Barrier::new(runners.len());
    let run = &|name: &str| {
        [1, 2].map(|lap| {
            println!("{name}: at the line, lap {lap}");
            let leads = barrier.wait().is_leader();
            println!("{name}: off, lap {lap}");
            u32::from(leads)
        })
    };
    let led = thread::scope(|s| {
        let threads = runners.map(|name| s.spawn(move || run(name)));
        threads.map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let leaders = |lap: usize| led.iter().map(|led| led[lap - 1]).sum::<u32>();
    println!(
        "main: leaders in lap 1: {}, in lap 2: {}",
        leaders(1),
        leaders(2)
    );
}
