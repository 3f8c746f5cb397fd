//! Thread pool, as completed: each result as soon as it is there.
//!
//! Python: `concurrent.futures.as_completed`, in
//! `20_thread_pool_as_completed.py`.
//! Notes: N3:76.
//!
//! When results need not be in order, do not wait for them in order: let every
//! task send its result into one channel, and take them out as they come. The
//! channel ends when the last task has dropped its sender. Python's
//! `as_completed` does the same over a set of futures. The notes call its order
//! random; it is the order in which the tasks were completed.
//!
//! Here the tasks pass a baton: 3 has it first, then 1, 2, 0. Task 1 gets it
//! from main, and only when main holds the result of 3: so that one was handed
//! out while all the others were still at work.
//!
//! ```text,expect
//! main: tasks 0, 1, 2, 3 submitted
//! main: task 3 gave 9
//! main: the others may end now
//! main: task 1 gave 1
//! main: task 2 gave 4
//! main: task 0 gave 0
//! ```
//!
//! Break it: `batons[3].send(())?` =>
//! `batons[3].send(())?; batons[1].send(())?`, `completed {` =>
//! `completed.iter().collect::<std::collections::BTreeSet<_>>() {`

use std::error::Error;

use crossbeam_channel::{bounded, unbounded};
use rayon::ThreadPoolBuilder;

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(4).build()?;
    let (batons, waits): (Vec<_>, Vec<_>) = (0..4).map(|_| bounded(1)).unzip();
    let (done, completed) = unbounded();
    for (task, wait) in waits.into_iter().enumerate() {
        let done = done.clone();
        let next = match task {
            1 => Some(batons[2].clone()),
            2 => Some(batons[0].clone()),
            _ => None,
        };
        pool.spawn(move || {
            wait.recv().expect("somebody passes the baton");
            done.send((task, task * task)).expect("main takes them all");
            if let Some(next) = next {
                next.send(()).expect("the next one waits");
            }
        });
    }
    drop(done);
    println!("main: tasks 0, 1, 2, 3 submitted");
    batons[3].send(())?;
    for (task, square) in completed {
        println!("main: task {task} gave {square}");
        if task == 3 {
            println!("main: the others may end now");
            batons[1].send(())?;
        }
    }
    Ok(())
}
