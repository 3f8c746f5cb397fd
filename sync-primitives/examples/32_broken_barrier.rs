//! Broken barrier: one of the party fails before it arrives.
//!
//! Python: `Barrier.abort` and `BrokenBarrierError`, in `32_broken_barrier.py`.
//! Reported: h2oai/datatable#2521.
//! Symptom: it hangs: after an error in one thread the others wait at a
//! barrier.
//!
//! A barrier counts those who arrive, and knows nothing of those who do not. If
//! one of three threads panics or returns early, the other two wait forever,
//! and a `join` or the end of a scope waits with them. std's barrier has no
//! abort and no time limit, and a panic does not poison it.
//!
//! The cure is a barrier that can break. Python's can: `abort` in an `except`,
//! or `wait` with a time-out, and every waiter gets a `BrokenBarrierError`.
//! `BreakableBarrier`, in `src/breakable_barrier.rs`, does it by a guard. Each
//! thread holds its `Arrival` while it is on the way; a guard that is dropped
//! unused, by `?`, by a `return` or by a panic, breaks the barrier. A channel
//! serves as well: its end tells that a sender has gone.
//!
//! ```text,expect
//! @threads
//! @peak 2..8 threads
//! main: a plain barrier for 3
//! ann: fails on the way
//! main: ann's error: no shoes
//! @lanes
//! bob: arrives
//! cid: arrives
//! @end
//! main: anybody off within 50 ms: false
//! main: goes in ann's place
//! @lanes
//! bob: off
//! cid: off
//! @end
//! main: a barrier that breaks, for 3
//! @lanes
//! dan: arrives
//! eve: arrives
//! @end
//! main: they wait: 2
//! fay: fails on the way
//! @lanes
//! dan: the barrier is broken
//! eve: the barrier is broken
//! main: fay's error: no shoes
//! @end
//! main: a barrier that breaks, and nobody fails
//! @lanes
//! gus: arrives  #arrives
//! gus: off  #off
//! hal: arrives  #arrives
//! hal: off  #off
//! @end
//! @before arrives off
//! ```
//!
//! Break it: `let barrier = Barrier::new(3);` =>
//! `let barrier = Barrier::new(2);`, `barrier.wait(); // main` => ``
//! Break it: `lace_shoes("fay")?;` => ``
//! Break it: `BreakableBarrier::new(2)` => `BreakableBarrier::new(1)`
//! Break it (Python): `barrier = threading.Barrier(3)  # plain` =>
//! `barrier = threading.Barrier(2)`, `barrier.wait()  # main` => `pass`
//! Break it (Python): `barrier.abort()` => `barrier.wait()`
//! Break it (Python): `threading.Barrier(2)` => `threading.Barrier(1)`

use std::panic::resume_unwind;
use std::sync::{Barrier, mpsc};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use sync_primitives::{BreakableBarrier, Broken};

const LIMIT: Duration = Duration::from_millis(50);

fn main() {
    println!("main: a plain barrier for 3");
    plain();
    println!("main: a barrier that breaks, for 3");
    one_fails();
    println!("main: a barrier that breaks, and nobody fails");
    nobody_fails();
}

fn plain() {
    let barrier = Barrier::new(3);
    let (tell, steps) = mpsc::channel();
    thread::scope(|s| {
        let ann = s.spawn(|| {
            lace_shoes("ann")?;
            barrier.wait();
            Ok(())
        });
        tell_error("ann", ann);
        for who in ["bob", "cid"] {
            let (barrier, tell) = (&barrier, tell.clone());
            s.spawn(move || {
                run(who, || {
                    tell.send("arrives").expect("main listens");
                    barrier.wait();
                    tell.send("off").expect("main listens");
                    Ok(true)
                });
            });
        }
        steps.iter().take(2).for_each(drop); // both arrive
        let off = steps.recv_timeout(LIMIT).is_ok();
        println!("main: anybody off within 50 ms: {off}");
        println!("main: goes in ann's place");
        barrier.wait(); // main
        steps.iter().take(2).for_each(drop); // both are off
    });
}

fn one_fails() {
    let barrier = BreakableBarrier::new(3);
    thread::scope(|s| {
        for who in ["dan", "eve"] {
            s.spawn(|| run(who, || barrier.arrival().wait()));
        }
        while barrier.waiting() < 2 {
            thread::yield_now();
        }
        println!("main: they wait: {}", barrier.waiting());
        let fay = s.spawn(|| {
            let arrival = barrier.arrival(); // fay's
            lace_shoes("fay")?;
            arrival.wait().map(drop).map_err(|Broken| "the barrier is broken")
        });
        tell_error("fay", fay);
    });
}

fn nobody_fails() {
    let barrier = BreakableBarrier::new(2);
    thread::scope(|s| {
        for who in ["gus", "hal"] {
            let runner = s.spawn(|| run(who, || barrier.arrival().wait()));
            while barrier.waiting() == 0 && !runner.is_finished() {
                thread::yield_now(); // until it waits, or is off
            }
        }
    });
}

fn run(who: &str, arrive: impl FnOnce() -> Result<bool, Broken>) {
    println!("{who}: arrives");
    match arrive() {
        Ok(_) => println!("{who}: off"),
        Err(error) => println!("{who}: {error}"),
    }
}

fn lace_shoes(who: &str) -> Result<(), &'static str> {
    println!("{who}: fails on the way");
    Err("no shoes")
}

fn tell_error(who: &str, thread: ScopedJoinHandle<'_, Result<(), &str>>) {
    match thread.join() {
        Ok(Ok(())) => println!("main: {who} has arrived"),
        Ok(Err(error)) => println!("main: {who}'s error: {error}"),
        Err(panic) => resume_unwind(panic),
    }
}
