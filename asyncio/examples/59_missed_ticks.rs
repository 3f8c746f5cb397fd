//! Missed ticks: an interval that fell behind bursts, delays or skips.
//!
//! Python: a class of one's own, in `59_missed_ticks.py`; asyncio has no
//! interval.
//! Reported: nats-io/nats.rs#875.
//! Symptom: it is slow: after a pause all heartbeats are sent at once.
//!
//! A loop does something every 10 ms, and once it takes 35. Three ticks have
//! been missed. What now? tokio's interval by default makes up for them in a
//! burst, as fast as it can: right for a counter, wrong for heartbeats or polls
//! of somebody else's server, which come all together after a pause of the
//! machine. `Delay` starts anew from the late tick; `Skip` leaves out what was
//! missed and keeps to the beat.
//!
//! In asyncio you write the loop, and with it choose one of the three, mostly
//! unknowingly: `due += period` is the burst, `sleep(period)` at the end of the
//! body is the delay (and drifts by what the body takes), and only arithmetic
//! with the clock gives the skip. No type tells them apart.
//!
//! The clock is paused and so exact: tokio's `start_paused` (feature
//! `test-util`), in Python a selector that puts the clock forward instead of
//! sleeping.
//!
//! ```text,expect
//! main: burst, ticks without a wait: 3, the next at 40 ms, then 50
//! main: delay, ticks without a wait: 1, the next at 45 ms, then 55
//! main: skip, ticks without a wait: 1, the next at 40 ms, then 50
//! ```
//!
//! Break it: `set_missed_tick_behavior(behavior);` =>
//! `set_missed_tick_behavior(MissedTickBehavior::Burst);`
//! Break it: `sleep(BODY).await;` => `sleep(PERIOD).await;`
//! Break it (Python): `await asyncio.sleep(BODY)` =>
//! `await asyncio.sleep(PERIOD)`
//! Break it (Python): `late = now - self.due` => `late = 0.0`

use std::time::Duration;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep};

const PERIOD: Duration = Duration::from_millis(10);
const BODY: Duration = Duration::from_millis(35);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    for (name, behavior) in [
        ("burst", MissedTickBehavior::Burst),
        ("delay", MissedTickBehavior::Delay),
        ("skip", MissedTickBehavior::Skip),
    ] {
        let start = Instant::now();
        let mut ticks = interval(PERIOD);
        ticks.set_missed_tick_behavior(behavior);
        ticks.tick().await; // the first is there at once
        sleep(BODY).await;
        let mut without_wait = 0;
        while !waits_for(&mut ticks).await {
            without_wait += 1;
        }
        let next = start.elapsed().as_millis();
        ticks.tick().await;
        let then = start.elapsed().as_millis();
        print!("main: {name}, ticks without a wait: {without_wait}, ");
        println!("the next at {next} ms, then {then}");
    }
}

/// Whether the next tick was still to come.
async fn waits_for(ticks: &mut Interval) -> bool {
    let before = Instant::now();
    ticks.tick().await;
    before < Instant::now()
}
