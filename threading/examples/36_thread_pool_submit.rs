//! Thread pool, submit: at most three at work, and a future for each task.
//!
//! Python: `ThreadPoolExecutor.submit`, in `36_thread_pool_submit.py`.
//! Notes: N0:447, N2:551, N3:49, N3:161, N3:167.
//!
//! A pool keeps a few threads and gives them task after task: no thread is made
//! or ended for each task, and no more tasks than threads are at work. rayon
//! has such a pool, and `spawn` puts a task into it; a channel for one value is
//! the handle for its result. Python's `submit` makes both and calls the handle
//! a `Future`: `done()` is "the channel is not empty", `result()` is `recv`.
//! `in_place_scope` lets the tasks borrow main's variables, ends when they do,
//! and passes a task's panic on. A panic in a task of plain `spawn` has nobody
//! to be passed to, and ends the process (see `pool_panics`).
//!
//! No task ends here before main opens the gate. So three are at work and stay,
//! `done` is false for all five, and waiting a while for a result is in vain.
//!
//! In the notes: the pool makes its threads when it is built. Python's starts
//! one at a `submit` when none is idle; rayon's starts all at once.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: 5 tasks submitted
//! @any
//! worker {:int 0..2}: task 0 begun
//! worker {:int 0..2}: task 1 begun
//! worker {:int 0..2}: task 2 begun
//! @end
//! main: 3 at work, 0 of 5 done
//! main: no result of task 0 within 10 ms, waited {:int 10..}
//! @shared
//! worker {:int 0..2}: task 0 ending
//! worker {:int 0..2}: task 1 ending
//! worker {:int 0..2}: task 2 ending
//! worker {:int 0..2}: task 3 begun
//! worker {:int 0..2}: task 3 ending
//! worker {:int 0..2}: task 4 begun
//! worker {:int 0..2}: task 4 ending
//! @end
//! main: squares [0, 1, 4, 9, 16]
//! main: all by 3 workers
//! ```
//!
//! Break it: `WORKERS: usize = 3` => `WORKERS: usize = 4`
//! Break it: `from_millis(10)` => `from_millis(0)`
//! Break it (Python): `WORKERS = 3` => `WORKERS = 4`
//! Break it (Python): `LIMIT = 0.01` => `LIMIT = 0`

use std::collections::HashSet;
use std::error::Error;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded, unbounded};
use rayon::ThreadPoolBuilder;

const WORKERS: usize = 3;
const LIMIT: Duration = Duration::from_millis(10);

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    let mut workers = HashSet::new();
    let (begin, begun) = unbounded();
    let (open, gate) = bounded::<()>(0);
    let work = |task: u32| {
        let worker = rayon::current_thread_index().expect("in the pool");
        println!("worker {worker}: task {task} begun");
        begin.send(worker).expect("main listens");
        gate.recv().expect_err("nothing is sent: main drops `open`");
        println!("worker {worker}: task {task} ending");
        task * task
    };
    println!("main: 5 tasks submitted");
    let squares = pool.in_place_scope(|s| -> Result<_, Box<dyn Error>> {
        let mut futures: Vec<Receiver<u32>> = Vec::new();
        for task in 0..5 {
            let (result, future) = bounded(1);
            s.spawn(move |_| {
                result.send(work(task)).expect("main keeps the futures");
            });
            futures.push(future);
        }
        for _ in 0..WORKERS {
            workers.insert(begun.recv()?);
        }
        let at_work = workers.len() + begun.len();
        let done = futures.iter().filter(|f| !f.is_empty()).count();
        println!("main: {at_work} at work, {done} of {} done", futures.len());
        let start = Instant::now();
        match futures[0].recv_timeout(LIMIT) {
            Ok(square) => println!("main: result of task 0: {square}"),
            Err(_) => {
                let waited = start.elapsed().as_millis();
                let limit = LIMIT.as_millis();
                println!(
                    "main: no result of task 0 within {limit} ms, \
                     waited {waited}"
                );
            }
        }
        drop(open);
        let squares = futures.iter().map(Receiver::recv);
        Ok(squares.collect::<Result<Vec<_>, _>>()?)
    })?;
    println!("main: squares {squares:?}");
    workers.extend(begun.try_iter());
    println!("main: all by {} workers", workers.len());
    Ok(())
}
