//! Process pool executor: results to come, errors that come back.
//!
//! Python: `concurrent.futures.ProcessPoolExecutor`, in
//! `17_process_pool_executor.py`.
//! Notes: N0:965, N1:127, N1:130.
//!
//! `submit` returns at once, with a value that stands for the result: a future,
//! here `Pending`. It tells whether the result is there, and waits for it. `map`
//! is many of them, waited for in order.
//!
//! A task that fails must not take the program with it. A panic comes back as the
//! error of that one task, as an exception does in Python, and its worker goes on
//! (the panic is also reported on the worker's standard error). When a worker is
//! killed its task is lost, and said to be lost: nobody tries it again, for it may
//! have been half done. This pool then starts another worker. Python's gives up
//! all the tasks it has (`BrokenProcessPool`), and the program needs a new pool.
//! Ask every future for its result: an error that nobody asks for is not told.
//!
//! ```text,expect
//! @processes
//! @peak 4.. processes
//! @stderr any
//! main: the squares of 0 to 99
//! main: [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
//! main: [100, 121, 144, 169, 196, 225, 256, 289, 324, 361]
//! main: [400, 441, 484, 529, 576, 625, 676, 729, 784, 841]
//! main: [900, 961, 1024, 1089, 1156, 1225, 1296, 1369, 1444, 1521]
//! main: [1600, 1681, 1764, 1849, 1936, 2025, 2116, 2209, 2304, 2401]
//! main: [2500, 2601, 2704, 2809, 2916, 3025, 3136, 3249, 3364, 3481]
//! main: [3600, 3721, 3844, 3969, 4096, 4225, 4356, 4489, 4624, 4761]
//! main: [4900, 5041, 5184, 5329, 5476, 5625, 5776, 5929, 6084, 6241]
//! main: [6400, 6561, 6724, 6889, 7056, 7225, 7396, 7569, 7744, 7921]
//! main: [8100, 8281, 8464, 8649, 8836, 9025, 9216, 9409, 9604, 9801]
//! main: over 4 workers [1, 4, 9, 16]
//! worker {later:pid}: has begun 12 squared
//! main: 12 squared is submitted, done: false
//! worker {later:pid}: goes on
//! main: it is done, the result is 144
//! main: root of -1: no root of -1
//! main: the task of a killed worker is lost
//! main: and the root of 49 is 7
//! ```
//!
//! Break it: `pool.submit(Task::Root(-1)).wait()` => `Ok(work(Task::Root(-1)))`
//! Break it: `pool.submit(Task::Die).wait()` => `Ok(work(Task::Die))`
//! Break it: `let done = later.is_done();` => `go_on()?; let done = later.is_done();`
//! Break it: `Pool::new(entry, 4)` => `Pool::new(entry, 1)`
//! Break it (Python): `pool.submit(root, -1).result()` => `root(-1) if False else 0`
//! Break it (Python): `pool.submit(die).result()` => `pool.submit(die)`
//! Break it (Python): `ProcessPoolExecutor(4, mp_context=context)` => `ProcessPoolExecutor(1, mp_context=context)`

use std::process::id;
use std::thread::available_parallelism;

use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};
use multiprocessing::pool::{Pool, TaskError, entry};
use nix::sys::signal::{Signal, raise};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
enum Task {
    Square(i64),
    SquareLater(i64, IpcSender<()>, IpcReceiver<()>),
    Root(i64),
    Die,
}

fn work(task: Task) -> i64 {
    match task {
        Task::Square(number) => number * number,
        Task::SquareLater(number, tell, gate) => {
            println!("worker {}: has begun {number} squared", id());
            tell.send(()).expect("main listens");
            gate.recv().expect("main opens the gate");
            println!("worker {}: goes on", id());
            tell.send(()).expect("main listens");
            number * number
        }
        Task::Root(number) => match number.checked_isqrt() {
            Some(root) => root,
            None => panic!("no root of {number}"),
        },
        Task::Die => {
            let _ = raise(Signal::SIGKILL);
            unreachable!("nobody outlives SIGKILL")
        }
    }
}

fn main() -> ipc::Result<()> {
    let entry = entry(work); // a worker stays in here
    let pool = Pool::new(entry, available_parallelism()?.get())?;
    let squares: Result<Vec<_>, _> =
        pool.map((0..100).map(Task::Square)).collect();
    println!("main: the squares of 0 to 99");
    for ten in squares?.chunks(10) {
        println!("main: {ten:?}");
    }
    drop(pool); // waits for the workers

    let pool = Pool::new(entry, 4)?;
    let squares: Result<Vec<_>, _> =
        pool.map((1..=4).map(Task::Square)).collect();
    println!("main: over {} workers {:?}", pool.workers(), squares?);

    let (tell, told) = channel::<()>()?;
    let (gate, waiting) = channel::<()>()?;
    let later = pool.submit(Task::SquareLater(12, tell, waiting));
    told.recv()?; // it has begun
    let go_on = || -> ipc::Result<()> {
        gate.send(())?;
        Ok(told.recv()?)
    };
    let done = later.is_done();
    println!("main: 12 squared is submitted, done: {done}");
    go_on()?;
    println!("main: it is done, the result is {}", later.wait()?);

    match pool.submit(Task::Root(-1)).wait() {
        Ok(root) => println!("main: root of -1: {root}"),
        Err(TaskError::Panicked(message)) => {
            println!("main: root of -1: {message}");
        }
        Err(error) => return Err(error.into()),
    }
    match pool.submit(Task::Die).wait() {
        Err(TaskError::WorkerDied(_)) => {
            println!("main: the task of a killed worker is lost");
        }
        other => println!("main: {other:?}"),
    }
    let root = pool.submit(Task::Root(49)).wait()?;
    println!("main: and the root of 49 is {root}");
    Ok(())
}
