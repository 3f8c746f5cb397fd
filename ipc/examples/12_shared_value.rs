//! Shared value: a number in memory that several processes change.
//!
//! Python: `multiprocessing.Value`, in `12_shared_value.py`.
//! Notes: N2:228, N2:234.
//!
//! A page that is mapped as shared before a `fork` is the same page for parent
//! and children. It has no name, so nothing is left of it. A number there needs
//! what a number shared by threads needs: a load and then a store lose what
//! others stored in between. Here all processes load before one of them stores,
//! so it happens every time.
//!
//! Rust's atomics work between processes as between threads: an update that
//! finds another in its way is made again. `Value` has a lock, and each access
//! takes it anew. So `+=` is safe only inside `with value.get_lock()`. A
//! process that is killed in there leaves it locked (a `robust_mutex` tells of
//! the death).
//!
//! In the notes: `shared_value.value += 1` is such a load and store. Their
//! result is 5 only if each process is done before the next one starts.
//!
//! ```text,expect
//! @processes
//! @peak 5 processes
//! main: 5 processes, 1 times, by a load and a store: 1
//! main: 5 processes, 1 times, in one step: 5
//! main: 4 processes, 100000 times, by a load and a store: {:int 1..399997}
//! main: 4 processes, 100000 times, in one step: 400000
//! ```
//!
//! Break it: `counter.update(Relaxed, Relaxed, |seen| {`
//! => `let seen = counter.load(Relaxed);
//! let store = |sum| counter.store(sum, Relaxed); store({`
//! Break it: `counter.store(seen + 1, Relaxed)`
//! => `counter.store(counter.load(Relaxed) + seen + 1, Relaxed)`
//! Break it (Python): `with counter.get_lock():` => `if True:`
//! Break it (Python): `seen + 1` => `counter.value + 1`

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::{Barrier, Result, Shared};

type Add = fn(&AtomicU32, &Barrier) -> Result<()>;

fn main() -> Result<()> {
    count(5, 1, "by a load and a store", add_in_two_steps)?;
    count(5, 1, "in one step", add_in_one_step)?;
    count(4, 100_000, "by a load and a store", add_in_two_steps)?;
    count(4, 100_000, "in one step", add_in_one_step)
}

fn add_in_two_steps(counter: &AtomicU32, meet: &Barrier) -> Result<()> {
    let seen = counter.load(Relaxed);
    meet.wait()?; // the first time for the others, later not at all
    counter.store(seen + 1, Relaxed);
    Ok(())
}

/// What `fetch_add(1, Relaxed)` does, with room for the others in the middle:
/// who finds that somebody has stored meanwhile computes anew.
fn add_in_one_step(counter: &AtomicU32, meet: &Barrier) -> Result<()> {
    let mut met = Ok(());
    counter.update(Relaxed, Relaxed, |seen| {
        met = meet.wait().map(drop);
        seen + 1
    });
    Ok(met?)
}

fn count(processes: u32, times: u32, how: &str, add: Add) -> Result<()> {
    let counter = Shared::new(AtomicU32::new(0))?;
    let meet = Barrier::new(processes)?;
    let work = || (0..times).try_for_each(|_| add(&counter, &meet));
    let children: std::io::Result<Vec<_>> =
        (0..processes).map(|_| ipc::fork(work)).collect();
    let ended = ipc::wait_all(children?)?;
    let sum = counter.load(Relaxed);
    println!("main: {ended} processes, {times} times, {how}: {sum}");
    Ok(())
}
