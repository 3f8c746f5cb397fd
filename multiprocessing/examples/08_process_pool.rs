//! Process pool: a few processes for many tasks.
//!
//! Python: `multiprocessing.Pool`, `map` and `starmap`, in
//! `08_process_pool.py`.
//! Notes: N4:996.
//!
//! A process is too dear to be started for each small task. A pool starts its
//! workers once and hands them task after task; `map` gives the results in the
//! order of the tasks, whoever did them and whenever they were done. Python
//! sends the function's name with each task. Rust cannot: here a task is a
//! value, and the one function that does them all is known to the workers
//! before they start. A call with two arguments (`starmap`) is a variant with
//! two fields.
//!
//! The pool is `src/pool.rs`: the workers are this program started anew, which
//! `entry` takes in; so it is the first line, and nothing is forked. Tasks and
//! results go through ipc-channel, which sends channels too: three tasks below
//! report to main and then wait for it, so all three workers are at work at
//! once.
//!
//! ```text,expect
//! main: pid {main:pid}
//! worker {one:pid}: here
//! worker {two:pid}: here
//! worker {three:pid}: here
//! main: 3 workers have met
//! main: doubled [10, 20, 40, 50, 60]
//! main: powers [32, 9, 1000]
//! main: 8 tasks, 0 of them done in main, by {:int 1..3} processes
//! ```
//!
//! Break it: `pool.map(tasks)` => `tasks.map(work).map(Ok::<_, TaskError>)`

use std::collections::BTreeSet;
use std::error::Error;
use std::process::id;

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use multiprocessing::pool::{Pool, TaskError, entry};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
enum Task {
    Meet(IpcSender<()>, IpcReceiver<()>),
    Double(u64),
    Power(u64, u32),
}

/// Gives the result and who worked it out.
fn work(task: Task) -> (u64, u32) {
    let result = match task {
        Task::Meet(here, gate) => {
            println!("worker {}: here", id());
            let _ = here.send(());
            let _ = gate.recv(); // ends when main drops the other end
            0
        }
        Task::Double(number) => number * 2,
        Task::Power(base, exponent) => base.pow(exponent),
    };
    (result, id())
}

fn main() -> Result<(), Box<dyn Error>> {
    let entry = entry(work); // a worker stays in here
    println!("main: pid {}", id());
    let pool = Pool::new(entry, 3)?;

    let (here, arrivals) = ipc::channel()?;
    let mut gates = Vec::new();
    for _ in 0..3 {
        let (gate, waiting) = ipc::channel()?;
        pool.submit(Task::Meet(here.clone(), waiting));
        gates.push(gate);
    }
    drop(here); // while it lives `recv` cannot tell that all workers are dead
    for _ in 0..3 {
        arrivals.recv()?;
    }
    println!("main: {} workers have met", gates.len());
    drop(gates);

    let numbers = [5, 10, 20, 25, 30].map(Task::Double);
    let pairs = [(2, 5), (3, 2), (10, 3)];
    let pairs = pairs.map(|(base, exponent)| Task::Power(base, exponent));
    let tasks = numbers.into_iter().chain(pairs);
    let done: Result<Vec<_>, TaskError> = pool.map(tasks).collect();
    let (results, by): (Vec<_>, Vec<_>) = done?.into_iter().unzip();
    println!("main: doubled {:?}", &results[..5]);
    println!("main: powers {:?}", &results[5..]);
    let tasks = by.len();
    let here = by.iter().filter(|&&pid| pid == id()).count();
    let processes = BTreeSet::from_iter(by).len();
    println!(
        "main: {tasks} tasks, {here} of them done in main, \
         by {processes} processes"
    );
    Ok(())
}
