//! CPU-bound work over processes: the same answer, sooner.
//!
//! Python: `multiprocessing.Process` and `Pipe`, in
//! `17_cpu_bound_processes.py`.
//! Notes: N0:234, N1:168, N2:711, N3:17, N3:43.
//!
//! Work that keeps a core busy gains from more cores, and in Python only
//! processes bring them, because the threads of one interpreter take turns. The
//! notes advise one process less than there are cores, so that one stays free
//! for the rest. In Rust threads (rayon) give the same speed-up without a fork
//! and without sending results; take processes for isolation.
//!
//! Each child sums one part of the range and sends eight bytes. The speed-up is
//! what this run measured: with two cores, and so one worker, expect none, and
//! with all cores a little less than their number. That the children did the
//! work is told not by the clock but by the processor time that the kernel
//! charged to them. No more than 8 cores are used, for this work would last for
//! no more. Longer than a screen, for time is taken of the work and of the
//! workers.
//!
//! ```text,expect
//! main: alone, the squares below 3000000 add up to 8999995500000500000
//! main: by cores - 1, here {:int 1..7}, to 8999995500000500000
//! main: share of the children {:int 50..100} %, speed-up {:float 0..}
//! main: by all cores, here {:int 1..8}, to 8999995500000500000
//! main: share of the children {:int 50..100} %, speed-up {:float 0..}
//! ```
//!
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`
//! Break it: `(worker + 1)` => `worker`

#![allow(unsafe_code)]

use std::error::Error;
use std::io::{Read, Write, pipe};
use std::ops::Range;
use std::process::exit;
use std::thread::available_parallelism;
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

const END: u64 = 3_000_000;

/// A child, waited for on every path: at the latest when this is dropped.
struct Child(Pid);

impl Drop for Child {
    fn drop(&mut self) {
        let _ = waitpid(self.0, None);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let sum = squares(0..END);
    let alone = start.elapsed();
    println!("main: alone, the squares below {END} add up to {sum}");
    let cores = available_parallelism()?.get().min(8) as u64;
    let all_but_one = (cores - 1).max(1);
    for (name, workers) in [("cores - 1", all_but_one), ("all cores", cores)] {
        let mine = cpu_time(UsageWho::RUSAGE_SELF)?;
        let theirs = cpu_time(UsageWho::RUSAGE_CHILDREN)?;
        let start = Instant::now();
        let sum = by_processes(workers)?;
        let speed_up = alone.as_secs_f64() / start.elapsed().as_secs_f64();
        let mine = cpu_time(UsageWho::RUSAGE_SELF)? - mine;
        let theirs = cpu_time(UsageWho::RUSAGE_CHILDREN)? - theirs;
        let share = 100 * theirs / (mine + theirs);
        println!("main: by {name}, here {workers}, to {sum}");
        println!(
            "main: share of the children {share} %, speed-up {speed_up:.2}"
        );
    }
    Ok(())
}

fn squares(numbers: Range<u64>) -> u64 {
    numbers.map(|number| number * number).sum()
}

fn by_processes(workers: u64) -> Result<u64, Box<dyn Error>> {
    let mut parts = Vec::new();
    for worker in 0..workers {
        let (reader, mut writer) = pipe()?;
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => parts.push((reader, Child(child))),
            ForkResult::Child => {
                let end = END * (worker + 1) / workers;
                let sum = squares(END * worker / workers..end);
                exit(writer.write_all(&sum.to_ne_bytes()).is_err().into())
            }
        }
    }
    let mut sum = 0;
    for (mut reader, _child) in parts {
        let mut bytes = [0; 8];
        reader.read_exact(&mut bytes)?;
        sum += u64::from_ne_bytes(bytes);
    }
    Ok(sum)
}

/// Processor time in µs; a child's counts once it has been waited for.
fn cpu_time(who: UsageWho) -> nix::Result<i64> {
    let usage = getrusage(who)?;
    Ok((usage.user_time() + usage.system_time()).num_microseconds())
}
