//! Thread pool, as completed: each result as soon as it is there.
//!
//! Python: `concurrent.futures.as_completed`, in
//! `38_thread_pool_as_completed.py`.
//! Notes: N3:76.
//!
//! When results need not be in order, do not wait for them in order. Let every
//! task send its result into one channel, and take the results out as they
//! come. The channel ends when the last task has dropped its sender. Python's
//! `as_completed` does the same over a set of futures. A task that panics drops
//! its sender too, so main does not wait for it, and the pool's scope passes
//! the panic on; Python raises it where the result is asked for.
//!
//! No task can end here before main opens its gate, and main opens the next
//! gate only when it holds the last result. So each result is handed out while
//! the tasks behind it are still at work.
//!
//! In the notes: "in random order", and `futures` and `func` are not defined.
//! The order is the one in which the tasks were completed.
//!
//! ```text,expect
//! @threads
//! @peak 4 threads
//! main: tasks 0, 1, 2, 3 begun, 4 at work
//! main: task 3 gave 9, 3 at work
//! main: task 1 gave 1, 2 at work
//! main: task 2 gave 4, 1 at work
//! main: task 0 gave 0, 0 at work
//! ```
//!
//! Break it: `gates[ORDER[0]].0.send(())?;` =>
//! `for gate in &gates { gate.0.send(())?; }`, `in completed.iter() {` =>
//! `in completed.iter().collect::<std::collections::BTreeSet<_>>() {`
//! Break it (Python): `gates[ORDER[0]].set()` =>
//! `[gate.set() for gate in gates]`, `in as_completed(futures):` =>
//! `in futures:`

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crossbeam_channel::{bounded, unbounded};
use rayon::ThreadPoolBuilder;

/// The order in which main opens the gates.
const ORDER: [usize; 4] = [3, 1, 2, 0];

fn main() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(4).build()?;
    let gates: Vec<_> = ORDER.iter().map(|_| bounded::<()>(1)).collect();
    let at_work = AtomicUsize::new(0);
    let (begin, begun) = unbounded();
    let (done, completed) = unbounded();
    pool.in_place_scope(|s| -> Result<(), Box<dyn Error>> {
        for (task, gate) in gates.iter().enumerate() {
            let (gate, at_work) = (gate.1.clone(), &at_work);
            let (begin, done) = (begin.clone(), done.clone());
            s.spawn(move |_| {
                at_work.fetch_add(1, Relaxed);
                begin.send(task).expect("main listens");
                gate.recv().expect("main opens every gate");
                at_work.fetch_sub(1, Relaxed);
                done.send((task, task * task)).expect("main takes them all");
            });
        }
        drop(done);
        let mut begun: Vec<usize> = begun.iter().take(ORDER.len()).collect();
        begun.sort();
        let begun = begun.iter().map(usize::to_string).collect::<Vec<_>>();
        let now = at_work.load(Relaxed);
        println!("main: tasks {} begun, {now} at work", begun.join(", "));
        gates[ORDER[0]].0.send(())?;
        let mut next = ORDER[1..].iter();
        for (task, square) in completed.iter() {
            let now = at_work.load(Relaxed);
            println!("main: task {task} gave {square}, {now} at work");
            if let Some(&next) = next.next() {
                gates[next].0.send(())?;
            }
        }
        Ok(())
    })
}
