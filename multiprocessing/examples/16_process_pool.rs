//! Process pool: a few processes for many tasks.
//!
//! Python: `multiprocessing.Pool`, `map` and `starmap`, in
//! `16_process_pool.py`.
//! Notes: N0:982, N4:996, N4:1012.
//!
//! A process is too dear to be started for each small task. A pool starts its
//! workers once and hands them task after task; `map` gives the results in the
//! order of the tasks, whoever did them and whenever they were done. Python sends
//! the function's name with each task. Here a task is a value, and the one function
//! that does them all is known to the workers before they start. A call with two
//! arguments (`starmap`) is a variant with two fields.
//!
//! The pool is `src/pool.rs`: its workers are this program started anew, which
//! `entry` takes in, so that is the first line. If a worker is killed in its task,
//! this pool answers with an error; `multiprocessing.Pool` starts another worker
//! and never answers (`worker_killed`). Last, three tasks that wait for each other
//! show that all three workers are at work at once.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! main: pid {main:pid}, 3 workers
//! main: doubled [10, 20, 40, 50, 60]
//! main: powers [32, 9, 1000]
//! main: 8 tasks, 0 of them done in main, by {:int 1..3} workers
//! worker {one:pid}: here
//! worker {two:pid}: here
//! worker {three:pid}: here
//! main: 3 workers have met, 3 different ones
//! ```
//!
//! Break it: `pool.map(tasks)` => `tasks.map(work).map(Ok::<_, TaskError>)`
//! Break it: `Pool::new(entry, 3)` => `Pool::new(entry, 4)`
//! Break it (Python): `pool.map(double, NUMBERS)` => `list(map(double, NUMBERS))`
//! Break it (Python): `context.Pool(3,` => `context.Pool(4,`

use std::collections::BTreeSet;
use std::process::id;

use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};
use multiprocessing::pool::{Pool, TaskError, entry};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
enum Task {
    Double(u64),
    Power(u64, u32),
    Meet(IpcSender<()>, IpcReceiver<()>),
}

/// Gives the result and who worked it out.
fn work(task: Task) -> (u64, u32) {
    let result = match task {
        Task::Double(number) => number * 2,
        Task::Power(base, exponent) => base.pow(exponent),
        Task::Meet(here, gate) => {
            println!("worker {}: here", id());
            here.send(()).expect("main listens");
            let _ = gate.recv(); // an error: main has dropped the other end
            0
        }
    };
    (result, id())
}

fn main() -> ipc::Result<()> {
    let entry = entry(work); // a worker stays in here
    let pool = Pool::new(entry, 3)?;
    println!("main: pid {}, {} workers", id(), pool.workers());

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
    let workers = BTreeSet::from_iter(by).len();
    println!(
        "main: {tasks} tasks, {here} of them done in main, \
         by {workers} workers"
    );
    meet(&pool)
}

/// Three tasks, none of which ends before all have begun.
fn meet(pool: &Pool<Task, (u64, u32)>) -> ipc::Result<()> {
    let (here, arrivals) = channel()?;
    let (mut tasks, mut gates) = (Vec::new(), Vec::new());
    for _ in 0..pool.workers() {
        let (gate, entry) = channel()?;
        let task = Task::Meet(here.clone(), entry);
        tasks.push(pool.submit(task));
        gates.push(gate);
    }
    drop(here); // while it lives `recv` cannot tell that all workers are dead
    for _ in &gates {
        arrivals.recv()?;
    }
    drop(gates);
    let met = tasks.len();
    let by: Result<BTreeSet<_>, _> =
        tasks.into_iter().map(|task| Ok(task.wait()?.1)).collect();
    let by: BTreeSet<_> = by.map_err(|e: TaskError| e)?;
    println!("main: {met} workers have met, {} different ones", by.len());
    Ok(())
}
