//! Shared array: each process fills its own part.
//!
//! Python: `multiprocessing.Array`, in `06_shared_array.py`.
//! Notes: N2:226.
//!
//! Several processes compute one large result: each writes its part to where it
//! belongs, and the parent reads the whole, with nothing sent or copied. The
//! parts do not overlap, so no lock is needed (Python's `lock=False`), and a
//! process that dies holds up nobody; its part stays as it was. That the parts
//! are there, the parent knows because it has waited for the processes. It must
//! do so in any case: a child that has ended and was not waited for stays in
//! the kernel's table as a zombie.
//!
//! In ordinary memory each child would fill a copy of its own, made as it
//! writes, and the parent would read zeros.
//!
//! ```text,expect
//! main: 12 places, all 0: true
//! @any
//! worker 0: filled places 0 to 2
//! worker 1: filled places 3 to 5
//! worker 2: filled places 6 to 8
//! worker 3: filled places 9 to 11
//! @end
//! main: 0 1 4 9 16 25 36 49 64 81 100 121
//! ```
//!
//! Break it: `Shared::new([const { AtomicU64::new(0) }; 12])?`
//! => `Box::new([const { AtomicU64::new(0) }; 12])`

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use ipc::{Result, Shared};

const PART: usize = 3;

fn main() -> Result<()> {
    let squares = Shared::new([const { AtomicU64::new(0) }; 12])?;
    let zeros = squares.iter().all(|place| place.load(Relaxed) == 0);
    println!("main: {} places, all 0: {zeros}", squares.len());

    let mut workers = Vec::new();
    for (worker, part) in squares.chunks(PART).enumerate() {
        workers.push(ipc::fork(move || {
            let first = worker * PART;
            for (number, place) in (first as u64..).zip(part) {
                place.store(number * number, Relaxed);
            }
            let last = first + PART - 1;
            println!("worker {worker}: filled places {first} to {last}");
            Ok(())
        })?);
    }
    ipc::wait_all(workers)?;

    let whole = squares.each_ref().map(|place| place.load(Relaxed).to_string());
    println!("main: {}", whole.join(" "));
    Ok(())
}
