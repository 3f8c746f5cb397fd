//! Prime workers: one process for each number.
//!
//! Python: `multiprocessing.Process`, in `06_prime_workers.py`.
//! Notes: N4:870, N4:886.
//!
//! Work bound by the processor gains from processes, in Python most of all:
//! each has its own interpreter and its own lock. Start all before you wait for
//! the first, or they run one after the other; here all meet before the first
//! divides. A process for each task is expensive: a pool (`process_pool`) starts a
//! few for many.
//!
//! A process cannot `return` its answer. It has no result but its exit code,
//! from 0 to 255. One bit of it is enough here; for more there are pipes,
//! queues and pools. Keep codes such as 1 and 101 for failures: 10 means not
//! prime.
//!
//! In the notes: the loop at N4:873 never adds to its divisor: for an odd
//! number it tries 2 forever. Below it is followed for four steps (`step` 0),
//! then the right one (`step` 1). Its first line lets 0 and 1 pass as primes
//! (N4:872), and it prints an `x` that does not exist (N4:877).
//!
//! ```text,expect
//! @processes
//! @peak 8 processes
//! main: the notes' loop tries 2, 2, 2, 2 on 25
//! main: with a step of 1 it tries 2, 3, 4, 5 on 25
//! @any
//! 1: no prime, says {z:pid}, 8 have met
//! 5: prime, says {a:pid}, 8 have met
//! 10: divided by 2, says {b:pid}, 8 have met
//! 15: divided by 3, says {c:pid}, 8 have met
//! 20: divided by 2, says {d:pid}, 8 have met
//! 25: divided by 5, says {e:pid}, 8 have met
//! 1000000007: prime, says {f:pid}, 8 have met
//! 1000036000099: divided by 1000003, says {g:pid}, 8 have met
//! @end
//! main: prime are 5, 1000000007
//! ```
//!
//! Break it: `<= number` => `< number`
//! Break it: `all_here.wait()?` => `1`
//! Break it: `ipc::exit(NOT_PRIME)` => `Ok(())`
//! Break it: `number < 2` => `number < 1`
//! Break it (Python): `context.Barrier(len(NUMBERS))` => `context.Barrier(1)`
//! Break it (Python): `sys.exit(NOT_PRIME)` => `return`

use std::iter;
use std::process::id;

use ipc::Result;
use multiprocessing::Barrier;
use nix::sys::wait::WaitStatus;

const NUMBERS: [u64; 8] =
    [1, 5, 10, 15, 20, 25, 1_000_000_007, 1_000_036_000_099];

const NOT_PRIME: i32 = 10;

/// The divisors to try: 2 and on, up to the square root.
fn divisors(number: u64, step: u64) -> impl Iterator<Item = u64> {
    iter::successors(Some(2), move |divisor| Some(divisor + step))
        .take_while(move |divisor| divisor * divisor <= number)
}

/// Says whether the number is prime, and ends with an exit code that tells it.
fn work(number: u64, all_here: &Barrier) -> Result<()> {
    let met = all_here.wait()?;
    let by = divisors(number, 1).find(|by| number.is_multiple_of(*by));
    let answer = match by {
        _ if number < 2 => "no prime".to_owned(),
        None => "prime".to_owned(),
        Some(by) => format!("divided by {by}"),
    };
    println!("{number}: {answer}, says {}, {met} have met", id());
    if answer == "prime" { Ok(()) } else { ipc::exit(NOT_PRIME) }
}

fn main() -> Result<()> {
    let tried = |step| {
        let tried = divisors(25, step).take(4).map(|d| d.to_string());
        tried.collect::<Vec<_>>().join(", ")
    };
    println!("main: the notes' loop tries {} on 25", tried(0));
    println!("main: with a step of 1 it tries {} on 25", tried(1));

    let all_here = Barrier::new(NUMBERS.len() as u32)?;
    let mut children = Vec::new();
    for number in NUMBERS {
        let child = ipc::fork(|| work(number, &all_here))?;
        children.push((number, child));
    }
    let mut primes = Vec::new();
    for (number, child) in children {
        match child.wait()? {
            WaitStatus::Exited(_, 0) => primes.push(number.to_string()),
            WaitStatus::Exited(_, NOT_PRIME) => {}
            other => return Err(format!("{number}: {other:?}").into()),
        }
    }
    println!("main: prime are {}", primes.join(", "));
    Ok(())
}
