//! Process pool: a few processes for many tasks.
//!
//! Python: `multiprocessing.Pool`, `map` and `starmap`, in
//! `16_process_pool.py`.
//! Notes: N0:982, N4:996, N4:1012.
//!
//! A process costs too much to start one for each small task. A pool starts its
//! workers once and hands them task after task; `map` gives the results in the
//! order of the tasks, whichever worker did them, and when. Python sends the
//! function's name with each task. Here a task is a value, and the one function
//! that does them all is known to the workers before they start. A call with two
//! arguments (`starmap`) is a variant with two fields.
//!
//! The pool is `src/pool.rs`: its workers are this program started anew, which
//! `entry` takes in, so that is the first line. If a worker is killed in its task,
//! this pool answers with an error; `multiprocessing.Pool` starts another worker
//! and never answers (`worker_killed`). The three tasks that double a number wait
//! for each other, which shows that all three workers are at work at once.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! main: pid {main:pid}, 3 workers
//! worker {one:pid}: here
//! worker {two:pid}: here
//! worker {three:pid}: here
//! main: doubled [10, 20, 40]
//! main: powers [32, 9, 1000]
//! main: 6 tasks, 0 of them done in main, by 3 workers
//! ```
//!
//! Break it: `pool.map(tasks)` => `tasks.into_iter().map(work).map(Ok::<_, TaskError>)`
//! Break it: `Pool::new(entry, 3)` => `Pool::new(entry, 4)`
//! Break it (Python): `pool.map(double, (5, 10, 20), chunksize=1)` =>
//! `list(map(double, (5, 10, 20)))`
//! Break it (Python): `context.Pool(3,` => `context.Pool(4,`

use std::collections::BTreeSet;
use std::process::id;

use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};
use multiprocessing::pool::{Pool, TaskError, entry};
use serde::{Deserialize, Serialize};

/// To say that one is here, and to wait until one may go on.
type Meeting = (IpcSender<()>, IpcReceiver<()>);

#[derive(Serialize, Deserialize)]
enum Task {
    Double(u64, Meeting),
    Power(u64, u32),
}

/// Gives the result and who worked it out.
fn work(task: Task) -> (u64, u32) {
    let result = match task {
        Task::Double(number, (here, gate)) => {
            println!("worker {}: here", id());
            here.send(()).expect("main listens");
            let _ = gate.recv(); // an error: main has dropped the other end
            number * 2
        }
        Task::Power(base, exponent) => base.pow(exponent),
    };
    (result, id())
}

fn main() -> ipc::Result<()> {
    let entry = entry(work); // a worker stays in here
    let pool = Pool::new(entry, 3)?;
    println!("main: pid {}, {} workers", id(), pool.workers());

    let (here, arrivals) = channel()?;
    let (mut tasks, mut gates) = (Vec::new(), Vec::new());
    for number in [5, 10, 20] {
        let (gate, entry) = channel()?;
        tasks.push(Task::Double(number, (here.clone(), entry)));
        gates.push(gate);
    }
    drop(here); // while it lives `recv` cannot tell that all workers are dead
    let pairs = [(2, 5), (3, 2), (10, 3)];
    tasks.extend(pairs.map(|(base, exponent)| Task::Power(base, exponent)));

    let under_way = pool.map(tasks);
    for _ in &gates {
        arrivals.recv()?;
    }
    drop(gates); // all have met
    let done: Result<Vec<_>, TaskError> = under_way.collect();
    let (results, by): (Vec<_>, Vec<_>) = done?.into_iter().unzip();
    println!("main: doubled {:?}", &results[..3]);
    println!("main: powers {:?}", &results[3..]);

    let tasks = by.len();
    let here = by.iter().filter(|&&pid| pid == id()).count();
    let workers = BTreeSet::from_iter(by).len();
    println!(
        "main: {tasks} tasks, {here} of them done in main, \
         by {workers} workers"
    );
    Ok(())
}
