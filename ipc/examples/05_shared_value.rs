//! Shared value: a number in memory that several processes change.
//!
//! Python: `multiprocessing.Value`, in `05_shared_value.py`.
//! Notes: N2:230, N2:226.
//!
//! A page that was mapped as shared before a `fork` is the same page for parent
//! and children. The notes are wrong to add to a number there by `+=`: that is
//! a load and a store, and what others stored in between is lost. Their 5 comes
//! out as long as each process is done before the next starts; here all five
//! load before one stores, and it is 1 on every run.
//!
//! `Value` has a lock, but each access takes it anew: `+=` is safe only inside
//! `with value.get_lock()`, and a process that is killed in there leaves it
//! locked. Rust's atomics work between processes as between threads, and have
//! no inside to be killed in. Such memory has no name, so nothing is left of
//! it.
//!
//! ```text,expect
//! main: 5 processes add 1, by a load and a store: 1
//! main: 5 processes add 1, in one step: 5
//! main: 4 processes add 100000 times, by a load and a store: {:int 1..399997}
//! main: 4 processes add 100000 times, in one step: 400000
//! ```
//!
//! Break it: `counter.fetch_add(1, Relaxed)` => `two_steps(counter, _meet)`

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use ipc::{Result, Shared};

type Add = fn(&AtomicU32, &dyn Fn());

fn main() -> Result<()> {
    let sum = count(5, 1, two_steps)?;
    println!("main: 5 processes add 1, by a load and a store: {sum}");
    let sum = count(5, 1, one_step)?;
    println!("main: 5 processes add 1, in one step: {sum}");
    let many = "4 processes add 100000 times";
    let sum = count(4, 100_000, two_steps)?;
    println!("main: {many}, by a load and a store: {sum}");
    let sum = count(4, 100_000, one_step)?;
    println!("main: {many}, in one step: {sum}");
    Ok(())
}

fn two_steps(counter: &AtomicU32, meet: &dyn Fn()) {
    let seen = counter.load(Relaxed);
    meet();
    counter.store(seen + 1, Relaxed);
}

fn one_step(counter: &AtomicU32, _meet: &dyn Fn()) {
    counter.fetch_add(1, Relaxed);
}

fn count(processes: u32, times: u32, add: Add) -> Result<u32> {
    let shared = Shared::new([const { AtomicU32::new(0) }; 2])?;
    let [counter, arrived] = &*shared;
    // Returns when all processes have called it, from then on at once.
    let meet = || {
        arrived.fetch_add(1, Relaxed);
        while arrived.load(Relaxed) < processes {
            thread::yield_now();
        }
    };
    let work = || {
        (0..times).for_each(|_| add(counter, &meet));
        Ok(())
    };
    let children: std::io::Result<Vec<_>> =
        (0..processes).map(|_| ipc::fork(work)).collect();
    ipc::wait_all(children?)?;
    Ok(counter.load(Relaxed))
}
