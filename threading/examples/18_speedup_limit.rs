//! Speed-up limit: five threads are less than five times as fast.
//!
//! Python: `threading`, in `18_speedup_limit.py`.
//! Notes: N4:96, N4:110, N4:122.
//!
//! Of these 100 steps each of the first 20 needs the one before, as the roots
//! of an equation need its discriminant; the other 80 need only what the 20 led
//! to. One thread does the whole serial part s, each of n threads its share of
//! the rest: the work is at most 1 / (s + (1 - s) / n) times as fast (Amdahl's
//! law). Five threads: 2.78. Any number of threads and cores: less than 5. With
//! fewer cores than threads, n is the cores. Before you add either, shorten
//! what cannot be shared out; a lock that all need is a serial part too.
//!
//! The program counts and checks the longest chain: steps that each had to wait
//! for the one before. A thread continues the chain as it was when it was
//! started, and after a join main continues the longer of the two chains. All
//! steps divided by the longest chain are Amdahl's figure. The time is shown,
//! not checked: it depends on cores and load, and each thread costs its start.
//! Under CPython's lock threads take turns at such work and the figure is near
//! 1; a free-threaded build gains as Rust does.
//!
//! ```text,expect
//! @threads
//! main: threads 1, longest chain 100, answer {answer:int}
//! main: threads 5, longest chain 36, answer {answer:int}
//! main: at most 2.78 times as fast, measured {:float 0..}
//! main: threads 80, longest chain 21, answer {answer:int}
//! main: at most 4.76 times as fast, measured {:float 0..}
//! ```
//!
//! Break it: `.collect::<Vec<_>>();` => `;`
//! Break it: `0..SERIAL {` => `0..SERIAL / 2 {`
//! Break it (Python): `parts.append(part)` =>
//! `parts.append(part); part.join();
//! chain.length = max(chain.length, part.chain.length)`
//! Break it (Python): `range(SERIAL)` => `range(SERIAL // 2)`

use std::cell::Cell;
use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, Instant};

const SERIAL: u32 = 20;
const PARALLEL: u32 = 80;

/// One step of work, the next one of its chain.
fn step(seed: u32, chain: &Cell<u32>) -> u32 {
    let mut state = seed;
    let mut round = 0;
    while round < 50_000 {
        state = state.wrapping_mul(0x2C1B_3C6D).wrapping_add(1);
        state ^= state >> 15;
        round += 1;
    }
    chain.set(chain.get() + 1);
    state
}

fn run(threads: u32) -> (u32, Duration) {
    let start = Instant::now();
    let chain = Cell::new(0);
    let mut seed = 1;
    for _ in 0..SERIAL {
        seed = step(seed, &chain);
    }
    let mut answer: u32 = 0;
    thread::scope(|s| {
        let parts = (0..threads)
            .map(|first| {
                let chain = chain.clone(); // follows on what was done so far
                s.spawn(move || {
                    let share = (first..PARALLEL).step_by(threads as usize);
                    let steps = share.map(|nth| step(seed ^ nth, &chain));
                    (steps.fold(0, u32::wrapping_add), chain)
                })
            })
            .collect::<Vec<_>>();
        for part in parts {
            let (found, its_chain) =
                part.join().unwrap_or_else(|panic| resume_unwind(panic));
            answer = answer.wrapping_add(found);
            chain.set(chain.get().max(its_chain.get()));
        }
    });
    let (time, chain) = (start.elapsed(), chain.get());
    println!("main: threads {threads}, longest chain {chain}, answer {answer}");
    (chain, time)
}

fn main() {
    let (all, alone) = run(1);
    for threads in [5, 80] {
        let (_, together) = run(threads);
        let serial = f64::from(SERIAL) / f64::from(all);
        let limit = 1.0 / (serial + (1.0 - serial) / f64::from(threads));
        let measured = alone.div_duration_f64(together);
        println!(
            "main: at most {limit:.2} times as fast, measured {measured:.2}"
        );
    }
}
