//! Oversubscription: more threads than cores only switch more.
//!
//! Python: `threading` and `resource.getrusage`, in `22_oversubscription.py`.
//! Notes: N0:222, N2:45, N4:108.
//!
//! Work that computes is done fastest by as many threads as there are cores.
//! More threads do not add cores: they only make the kernel switch between
//! them, and each must be started, given a stack, and joined. The same sum is
//! cut here for as many threads as cores, for ten times as many, and for two
//! thousand. All start at one gate, so all are alive together, and each of them
//! has to leave its core at least once. The kernel counts the switches of the
//! whole process; the time is shown, not checked.
//!
//! So size a pool for computing by `available_parallelism`
//! (`os.process_cpu_count`, 3.13), as rayon does, and a pool for waiting by how
//! many waits are to overlap. Pools add up: a pool inside a worker of a pool,
//! or one in each of several libraries, oversubscribes as well. Linux only;
//! elsewhere the program says so and ends.
//!
//! ```text,expect
//! @threads
//! @peak 1000.. threads
//! main: {cores:int 1..} cores
//! main: {cores:int 1..} threads, sum 333328333350000, switches {:int 0..500}
//! main: {:int 10..} threads, sum 333328333350000, switches {:int 5..}
//! main: 2000 threads, sum 333328333350000, switches {:int 1000..}
//! main: took {:float 0..}, {:float 0..} and {:float 0..} ms
//! ```
//!
//! Break it: `MANY: usize = 2000` => `MANY: usize = 200`
//! Break it: `.step_by(threads)` => `.step_by(1)`
//! Break it: `run(cores)?;` => `run(cores + 1)?;`
//! Break it: `gate.recv()` => `gate.try_recv()`
//! Break it (Python): `gate.wait()` => `pass`
//! Break it (Python): `MANY = 2000` => `MANY = 200`
//! Break it (Python): `N, threads)` => `N, 1)`

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;
use std::{io, thread};

use crossbeam_channel::{bounded, unbounded};
use threading::kernel::{cores, switches_of_process};

const MANY: usize = 2000;
const N: usize = 100_000;

fn part(first: usize, threads: usize) -> u64 {
    (first..N).step_by(threads).map(|n| (n * n) as u64).sum()
}

/// How many milliseconds it took.
fn run(threads: usize) -> io::Result<f64> {
    let before = switches_of_process()?;
    let start = Instant::now();
    let sum = AtomicU64::new(0);
    let (begin, begun) = unbounded();
    let (open, gate) = bounded::<()>(0);
    let alive = thread::scope(|s| -> io::Result<usize> {
        let open = open; // dropped when this block ends, however it ends
        for first in 0..threads {
            let (sum, begin, gate) = (&sum, begin.clone(), gate.clone());
            let thread = thread::Builder::new().stack_size(64 << 10);
            thread.spawn_scoped(s, move || {
                begin.send(()).expect("main listens");
                gate.recv().expect_err("main opens the gate by a drop");
                sum.fetch_add(part(first, threads), Relaxed);
            })?;
        }
        let alive = begun.iter().take(threads).count();
        drop(open);
        Ok(alive)
    })?;
    let took = start.elapsed().as_secs_f64() * 1e3;
    let switches = switches_of_process()? - before;
    let switches = switches.voluntary + switches.involuntary;
    let sum = sum.into_inner();
    println!("main: {alive} threads, sum {sum}, switches {switches}");
    Ok(took)
}

fn main() -> io::Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, the counts are Linux's own");
        return Ok(());
    }
    let cores = cores()?.len();
    println!("main: {cores} cores");
    let few = run(cores)?;
    let more = run(10 * cores)?;
    let many = run(MANY)?;
    println!("main: took {few:.1}, {more:.1} and {many:.1} ms");
    Ok(())
}
