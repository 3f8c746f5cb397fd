//! Thread pool, map: results in the order of the input, not of their ends.
//!
//! Python: `ThreadPoolExecutor.map`, in `37_thread_pool_map.py`.
//! Notes: N0:471, N3:80.
//!
//! `map` runs one function over a set of data in a pool and gives the results
//! in the order of the data. In Rust that is rayon: `into_par_iter().map(…)`
//! splits the range, idle workers steal the pieces, and each result is written
//! to its own place in the collected `Vec`. Reach for it whenever the items do
//! not depend on each other. rayon's `collect` returns when all is done;
//! Python's `map` returns at once, and its iterator blocks item by item.
//!
//! Item 0 waits here until the other four are done: it finishes last, and its
//! square still comes first. Each worker keeps its first item until all of them
//! have one, so all take part. (Such waits are for show: a rayon worker that
//! blocks is lost to the pool for that time.)
//!
//! In the notes: `map` gives a list of futures. It gives the results.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: 3 workers, 5 items
//! @any
//! worker {:int 0..2}: finished item 1
//! worker {:int 0..2}: finished item 2
//! worker {:int 0..2}: finished item 3
//! worker {:int 0..2}: finished item 4
//! @end
//! worker {:int 0..2}: finished item 0
//! main: squares [0, 1, 4, 9, 16], finished last: item 0
//! main: 3 workers took part, they met 1 time
//! ```
//!
//! Break it: `.into_par_iter()` => `.into_par_iter().rev()`
//! Break it: `num_threads(3)` => `num_threads(2)`
//! Break it (Python): `pool.map(work.square, range(ITEMS))` =>
//! `pool.map(work.square, reversed(range(ITEMS)))`
//! Break it (Python): `WORKERS = 3` => `WORKERS = 2`

use std::cell::Cell;
use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crossbeam_channel::{Receiver, Sender, unbounded};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const ITEMS: u32 = 5;

thread_local! {
    static TAKES_PART: Cell<bool> = const { Cell::new(false) };
}

struct Work {
    all_have_one: Barrier,
    workers: AtomicUsize,
    met: AtomicUsize,
    finished: Sender<u32>,
    others: Receiver<u32>,
}

impl Work {
    fn square(&self, item: u32) -> u32 {
        if !TAKES_PART.replace(true) {
            self.workers.fetch_add(1, Relaxed);
            let leads = self.all_have_one.wait().is_leader();
            self.met.fetch_add(leads.into(), Relaxed);
        }
        if item == 0 {
            let others = self.others.iter().take(ITEMS as usize - 1);
            others.for_each(drop);
        }
        let worker = rayon::current_thread_index().expect("in the pool");
        println!("worker {worker}: finished item {item}");
        self.finished.send(item).expect("both ends are here");
        item * item
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(3).build()?;
    let size = pool.current_num_threads();
    println!("main: {size} workers, {ITEMS} items");
    let (finished, others) = unbounded();
    let all_have_one = Barrier::new(size);
    let [workers, met] = [AtomicUsize::new(0), AtomicUsize::new(0)];
    let work = Work { all_have_one, workers, met, finished, others };
    let squares: Vec<u32> = pool.install(|| {
        (0..ITEMS)
            .into_par_iter()
            .with_max_len(1) // each item is a piece of its own
            .map(|item| work.square(item))
            .collect()
    });
    let last = work.others.recv()?;
    println!("main: squares {squares:?}, finished last: item {last}");
    let (workers, met) = (work.workers.into_inner(), work.met.into_inner());
    println!("main: {workers} workers took part, they met {met} time");
    Ok(())
}
