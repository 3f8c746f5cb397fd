//! Thread pool, map: results in the order of the input, whoever is done first.
//!
//! Python: `ThreadPoolExecutor.map`, in `19_thread_pool_map.py`.
//! Notes: N0:471, N3:80.
//!
//! `map` runs one function over a set of data in a pool and gives the results
//! in the order of the data. In Rust that is rayon: `into_par_iter().map(…)`
//! splits the range, idle workers steal the pieces, and each result is written
//! to its own place in the collected `Vec`. Reach for it whenever the items do
//! not depend on each other. Python's `map` returns at once an iterator of
//! results (not a list of futures, as the notes have it) that blocks item by
//! item; rayon's `collect` returns when all is done.
//!
//! Here item 0 waits until the other four are done: it finishes last, and its
//! square still comes first. (Such a wait is for show: a rayon worker that
//! blocks is lost to the pool for as long.)
//!
//! ```text,expect
//! main: 3 workers, 5 items
//! @any
//! worker {:int 0..2}: finished item 1
//! worker {:int 0..2}: finished item 2
//! worker {:int 0..2}: finished item 3
//! worker {:int 0..2}: finished item 4
//! @end
//! worker {:int 0..2}: finished item 0
//! main: squares [0, 1, 4, 9, 16], finished last: item 0
//! ```
//!
//! Break it: `.into_par_iter()` => `.into_par_iter().rev()`

use std::error::Error;

use crossbeam_channel::{Receiver, Sender, unbounded};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

fn square(item: u32, finished: &Sender<u32>, others: &Receiver<u32>) -> u32 {
    if item == 0 {
        for _ in 1..5 {
            others.recv().expect("the others need nobody");
        }
    }
    let worker = rayon::current_thread_index().unwrap_or(usize::MAX);
    println!("worker {worker}: finished item {item}");
    finished.send(item).expect("main holds a receiver");
    item * item
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: 3 workers, 5 items");
    let pool = ThreadPoolBuilder::new().num_threads(3).build()?;
    let (finished, others) = unbounded();
    let squares: Vec<u32> = pool.install(|| {
        (0..5)
            .into_par_iter()
            .with_max_len(1) // each item is a piece of its own
            .map(|item| square(item, &finished, &others))
            .collect()
    });
    let last = others.recv()?;
    println!("main: squares {squares:?}, finished last: item {last}");
    Ok(())
}
