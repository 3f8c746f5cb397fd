//! Shared array: each process fills its own part.
//!
//! Python: `multiprocessing.Array`, in `13_shared_array.py`.
//! Notes: N2:228.
//!
//! Several processes compute one large result. Each writes its part to where it
//! belongs, and the parent reads the whole: nothing is sent or copied. The
//! parts do not overlap, so no lock is needed (`lock=False` in Python), and a
//! process that dies holds up nobody.
//!
//! A reader must know that a part is complete. The workers meet at a barrier
//! when all have filled theirs, and then each of them sees the whole. The
//! parent waits for the processes to end, which it must do in any case, or they
//! stay in the kernel's table as zombies. In ordinary memory each child would
//! fill a copy of its own, and the parent would read zeros.
//!
//! ```text,expect
//! @processes
//! @peak 4 processes
//! main: 12 places, sum 0
//! @lanes
//! worker 0: filled places 0 to 2  #filled
//! worker 0: 4 met, sum 506  #sum
//! worker 1: filled places 3 to 5  #filled
//! worker 1: 4 met, sum 506  #sum
//! worker 2: filled places 6 to 8  #filled
//! worker 2: 4 met, sum 506  #sum
//! worker 3: filled places 9 to 11  #filled
//! worker 3: 4 met, sum 506  #sum
//! @end
//! @before filled sum
//! main: 4 workers have ended
//! main: 0 1 4 9 16 25 36 49 64 81 100 121
//! ```
//!
//! Break it: `Shared::new([const { AtomicU64::new(0) }; 12])?`
//! => `Box::new([const { AtomicU64::new(0) }; 12])`
//! Break it (Python): `ctx.Array("Q", 12, lock=False)` => `[0] * 12`

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ipc::{Barrier, Result, Shared};

const PART: usize = 3;

fn main() -> Result<()> {
    let squares = Shared::new([const { AtomicU64::new(0) }; 12])?;
    println!("main: {} places, sum {}", squares.len(), sum(&*squares));

    let all_filled = Barrier::new(4)?;
    let mut workers = Vec::new();
    for (worker, part) in squares.chunks(PART).enumerate() {
        let (squares, all_filled) = (&*squares, &all_filled);
        workers.push(ipc::fork(move || {
            let first = worker * PART;
            for (number, place) in (first as u64..).zip(part) {
                place.store(number * number, Relaxed);
            }
            let places = format!("places {first} to {}", first + PART - 1);
            println!("worker {worker}: filled {places}");
            let met = all_filled.wait()?;
            println!("worker {worker}: {met} met, sum {}", sum(squares));
            Ok(())
        })?);
    }
    println!("main: {} workers have ended", ipc::wait_all(workers)?);

    let whole = squares.each_ref().map(|place| place.load(Relaxed).to_string());
    println!("main: {}", whole.join(" "));
    Ok(())
}

fn sum(squares: &[AtomicU64]) -> u64 {
    squares.iter().map(|place| place.load(Relaxed)).sum()
}
