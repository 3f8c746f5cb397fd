//! CPU-bound work over processes: the same answer, sooner.
//!
//! Python: `multiprocessing.Process` and `Pipe`, in
//! `19_cpu_bound_processes.py`.
//! Notes: N0:235, N0:876, N1:168, N2:709, N3:19, N4:815.
//!
//! Work that keeps a core busy gains from more cores. In Rust threads (rayon)
//! give that without a fork; take processes for isolation. In Python the
//! threads of one interpreter take turns under its lock, so processes are the
//! usual way. Since 3.14 there are two more: the free-threaded build, which has
//! no such lock, and `InterpreterPoolExecutor`, threads with an interpreter and
//! a lock each.
//!
//! Each child sums a part and sends it. The notes advise one process less than
//! there are cores; ask for those that this process may use
//! (`available_parallelism`, `os.process_cpu_count` since 3.13). With one
//! worker expect no speed-up, with all cores a little less than their number.
//! No clock proves that the children did the work: the kernel charged its time
//! to them. At most 8 are started.
//!
//! In the notes: only processes bring more cores (N0:235, N3:19). That holds
//! for Python code on a build with the lock.
//!
//! ```text,expect
//! @peak 1..8 processes
//! main: alone, the squares below 3000000 add up to 8999995500000500000
//! main: by cores - 1, here {few:int 1..7}, to 8999995500000500000
//! main: {few:int 1..7} children met, their share {:int 50..100} %, speed-up {:float 0..}
//! main: by all cores, here {all:int 1..8}, to 8999995500000500000
//! main: {all:int 1..8} children met, their share {:int 50..100} %, speed-up {:float 0..}
//! ```
//!
//! Break it: `sum_part(part(worker))` => `0_u64`, `sum += u64::from_ne_bytes(bytes)` => `sum += u64::from_ne_bytes(bytes) + sum_part(part(worker))`
//! Break it: `END * (worker + 1)` => `END * worker`
//! Break it: `Barrier::new(workers)?` => `Barrier::new(1)?`
//! Break it (Python): `child.start()` => `child.run()`
//! Break it (Python): `context.Barrier(workers)` => `context.Barrier(1)`

use std::io::{Read, Write, pipe};
use std::ops::Range;
use std::thread::available_parallelism;
use std::time::Instant;

use ipc::Result;
use multiprocessing::{Barrier, Who, cpu_time};

const END: u64 = 3_000_000;

fn main() -> Result<()> {
    let start = Instant::now();
    let sum = sum_part(0..END);
    let alone = start.elapsed();
    println!("main: alone, the squares below {END} add up to {sum}");
    let cores = available_parallelism()?.get().min(8) as u32;
    let all_but_one = (cores - 1).max(1);
    for (name, workers) in [("cores - 1", all_but_one), ("all cores", cores)] {
        let mine = cpu_time(Who::Me)?;
        let theirs = cpu_time(Who::Children)?;
        let start = Instant::now();
        let (sum, met) = by_processes(workers)?;
        let speed_up = alone.as_secs_f64() / start.elapsed().as_secs_f64();
        let mine = cpu_time(Who::Me)? - mine;
        let theirs = cpu_time(Who::Children)? - theirs;
        let share = 100 * theirs.as_micros() / (mine + theirs).as_micros();
        println!("main: by {name}, here {workers}, to {sum}");
        println!(
            "main: {met} children met, their share {share} %, \
             speed-up {speed_up:.2}"
        );
    }
    Ok(())
}

fn sum_part(numbers: Range<u64>) -> u64 {
    numbers.map(|number| number * number).sum()
}

/// The sum, and how many children met before they counted.
fn by_processes(workers: u32) -> Result<(u64, u32)> {
    let part = |worker: u32| {
        let (worker, workers) = (u64::from(worker), u64::from(workers));
        END * worker / workers..END * (worker + 1) / workers
    };
    let all_here = Barrier::new(workers)?;
    let mut parts = Vec::new();
    for worker in 0..workers {
        let (reader, mut writer) = pipe()?;
        let (all_here, part) = (&all_here, &part);
        let child = ipc::fork(move || {
            let met = all_here.wait()?;
            let sum = sum_part(part(worker));
            writer.write_all(&sum.to_ne_bytes())?;
            Ok(writer.write_all(&met.to_ne_bytes())?)
        })?;
        parts.push((worker, reader, child));
    }
    let (mut sum, mut met) = (0, u32::MAX);
    for (worker, mut reader, child) in parts {
        let (mut bytes, mut count) = ([0; 8], [0; 4]);
        let read = reader.read_exact(&mut bytes);
        let read = read.and_then(|()| reader.read_exact(&mut count));
        read.map_err(|error| format!("worker {worker}: {error}"))?;
        sum += u64::from_ne_bytes(bytes);
        met = met.min(u32::from_ne_bytes(count));
        child.join()?;
    }
    Ok((sum, met))
}
