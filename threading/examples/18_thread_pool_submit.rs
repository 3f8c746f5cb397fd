//! Thread pool, submit: at most three at work, and a future for each task.
//!
//! Python: `ThreadPoolExecutor.submit`, in `18_thread_pool_submit.py`.
//! Notes: N0:447, N2:551, N3:49, N3:161, N3:167.
//!
//! A pool keeps a few threads and gives them task after task: no thread is made
//! or ended for each task, and no more tasks than threads are at work. rayon
//! has such a pool, `spawn` puts a task into it; the handle for the result is a
//! channel for one value. Python's `submit` makes both and calls the handle a
//! `Future`: `done()` is "the channel is not empty", `result()` is `recv`.
//!
//! Here no task ends before main opens the gate. So three are at work and stay,
//! `done` is false for all five, and to wait a while for a result is in vain.
//! `in_place_scope` lets the tasks borrow main's variables, and ends when they
//! do.
//!
//! ```text,expect
//! main: 5 tasks submitted
//! @lanes
//! main: done at once: 0 of 5  #held
//! main: result of task 0 within 10 ms: none  #held
//! task 0: begun
//! task 0: ending  #ending
//! task 1: begun
//! task 1: ending  #ending
//! task 2: begun
//! task 2: ending  #ending
//! task 3: begun
//! task 3: ending  #ending
//! task 4: begun
//! task 4: ending  #ending
//! @end
//! @before held ending
//! main: squares [0, 1, 4, 9, 16]
//! main: most at work at once: 3
//! ```
//!
//! Break it: `WORKERS: usize = 3` => `WORKERS: usize = 4`

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, bounded, unbounded};
use rayon::ThreadPoolBuilder;

const WORKERS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build()?;
    let at_work = AtomicUsize::new(0);
    let most = AtomicUsize::new(0);
    let (begin, begun) = unbounded();
    let (open, gate) = bounded::<()>(0);
    let work = |task: u32| {
        let now = at_work.fetch_add(1, Ordering::Relaxed) + 1;
        most.fetch_max(now, Ordering::Relaxed);
        println!("task {task}: begun");
        begin.send(()).expect("main listens until the end");
        gate.recv().expect_err("nothing is sent: main drops `open`");
        println!("task {task}: ending");
        at_work.fetch_sub(1, Ordering::Relaxed);
        task * task
    };
    println!("main: 5 tasks submitted");
    let squares =
        pool.in_place_scope(|s| -> Result<Vec<u32>, Box<dyn Error>> {
            let mut futures: Vec<Receiver<u32>> = Vec::new();
            for task in 0..5 {
                let (result, future) = bounded(1);
                s.spawn(move |_| {
                    result.send(work(task)).expect("main keeps the futures");
                });
                futures.push(future);
            }
            for _ in 0..WORKERS {
                begun.recv()?;
            }
            let done = futures.iter().filter(|f| !f.is_empty()).count();
            println!("main: done at once: {done} of 5");
            match futures[0].recv_timeout(Duration::from_millis(10)) {
                Ok(square) => println!("main: result of task 0: {square}"),
                Err(_) => println!("main: result of task 0 within 10 ms: none"),
            }
            drop(open);
            Ok(futures.iter().map(Receiver::recv).collect::<Result<_, _>>()?)
        })?;
    println!("main: squares {squares:?}");
    println!("main: most at work at once: {}", most.into_inner());
    Ok(())
}
