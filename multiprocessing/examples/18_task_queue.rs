//! Task queue: heavy tasks that outlive the processes that take them.
//!
//! Python: Celery in the notes; here `sqlite3` and processes, in
//! `18_task_queue.py`.
//! Notes: N2:642.
//!
//! A pool keeps its tasks in memory: when the program dies they are gone. A
//! task queue stores them; worker processes, also on other machines, take one
//! at a time and store its result. Reach for it where a task is heavy and must
//! not be lost.
//!
//! A task belongs to the worker that took it until its result is stored. If the
//! worker dies it is put back and begun again: **at least once**. So a task
//! must be idempotent: done twice, it does no more than done once. Celery by
//! default forgets a task when it begins, and a killed worker's task is lost;
//! with `acks_late` and `reject_on_worker_lost` it does as is done here.
//!
//! The engine is apalis, its store a SQLite file, or Redis if a URL is given as
//! an argument or in TASK_QUEUE_URL. A worker says twice a second that it
//! lives; silent for a minute, it has lost its lease. So the work is done off
//! the runtime (`spawn_blocking`), one task at a time. The supervisor need not
//! wait a minute: it has waited for the process, and puts its task back.
//!
//! Tasks from 30000 on stop in the middle. One worker is killed there, then the
//! whole program; started again, it does what is left. Longer than a screen:
//! one program plays main, program and worker.
//!
//! ```text,expect
//! @processes
//! @peak 3.. processes
//! program: 6 tasks are stored by SQLite, 0 are done, 0 put back
//! @any
//! worker {:pid}: begins, primes below 10000
//! worker {:pid}: begins, primes below 20000
//! worker {a:pid}: begins, primes below 30000
//! worker {b:pid}: begins, primes below 40000
//! @end
//! main: 2 are done, worker {a:pid} is killed in 30000
//! program: worker {a:pid} died of signal 9, 1 put back
//! worker {c:pid}: begins, primes below 30000
//! main: worker {c:pid} has begun 30000, the program is killed
//! program: 6 tasks are stored by SQLite, 2 are done, 2 put back
//! @any
//! worker {:pid}: begins, primes below 30000
//! worker {:pid}: begins, primes below 40000
//! worker {:pid}: begins, primes below 50000
//! worker {:pid}: begins, primes below 60000
//! @end
//! program: primes below 10000: 1229
//! program: primes below 20000: 2262
//! program: primes below 30000: 3245
//! program: primes below 40000: 4203
//! program: primes below 50000: 5133
//! program: primes below 60000: 6057
//! main: the program has ended well
//! ```
//!
//! Break it: `store.put_back(Some(worker.0.id())).await?` => `0`
//! Break it: `store.put_back(None).await?` => `0`
//! Break it: `spawn_blocking(move || primes(below)).await?` => `primes(below)`
//! Break it (Python): `back = put_back(path, worker.pid)` => `back = 0`
//! Break it (Python): `put_back(path)  # all` => `0  # all`

#[path = "task_queue/process.rs"]
mod process;
#[path = "task_queue/redis.rs"]
mod redis;
#[path = "task_queue/store.rs"]
mod store;
#[path = "task_queue/story.rs"]
mod story;

use std::env;
use std::io::{Read, stdin};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{exit, id};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use crate::process::{die_with_parent, start};
use crate::redis::Redis;
use crate::store::{Result, Sqlite, Store};
use crate::story::tell;

const TASKS: [u64; 6] = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000];

/// Tasks from this number on stop in the middle.
const HOLD: &str = "TASK_QUEUE_HOLD";

/// The file at which they go on, if one is named.
const GO: &str = "TASK_QUEUE_GO";

/// How often the store is asked; it cannot call.
const TICK: Duration = Duration::from_millis(10);

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        if let [role, url, queue] = &arguments[..] {
            return match url.starts_with("redis") {
                true => play(role, Redis::open(url, queue).await?).await,
                false => play(role, Sqlite::open(url, queue).await?).await,
            };
        }
        let url = arguments.into_iter().next();
        if let Some(url) = url.or_else(|| env::var("TASK_QUEUE_URL").ok()) {
            let mut store = Redis::open(&url, &format!("q{}", id())).await?;
            let told = timeout(MINUTE, tell(store.clone())).await;
            store.remove().await?;
            return told?;
        }
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("queue.db");
        let store = Sqlite::in_file(&file, "primes").await?;
        let told = timeout(MINUTE, tell(store.clone())).await;
        store.close().await; // before its folder is removed
        told?
    })
}

const MINUTE: Duration = Duration::from_secs(60);

async fn play(role: &str, store: impl Store) -> Result<()> {
    match role {
        "program" => {
            die_with_parent()?;
            supervise(store).await
        }
        "worker" => work(store).await,
        other => Err(format!("no such role: {other}").into()),
    }
}

/// The program: stores the tasks, has them done, and prints the results. It may
/// be killed at any moment and started again.
async fn supervise(mut store: impl Store) -> Result<()> {
    store.prepare().await?;
    for below in TASKS {
        store.put(below).await?;
    }
    let back = store.put_back(None).await?; // all workers have died with it
    let done = store.results(&TASKS).await?.len();
    println!(
        "program: {} tasks are stored by {}, {done} are done, {back} put back",
        TASKS.len(),
        store.name()
    );
    let mut workers =
        [start("worker", &store, None)?, start("worker", &store, None)?];
    let mut deaths = 0;
    let results = loop {
        let results = store.results(&TASKS).await?;
        if results.len() == TASKS.len() {
            break results;
        }
        for worker in &mut workers {
            let Some(how) = worker.0.try_wait()? else { continue };
            deaths += 1;
            if deaths > 10 {
                return Err(format!("workers die of a task: {how}").into());
            }
            let back = store.put_back(Some(worker.0.id())).await?;
            let (pid, how) = (worker.0.id(), how.signal().unwrap_or(0));
            println!(
                "program: worker {pid} died of signal {how}, {back} put back"
            );
            *worker = start("worker", &store, None)?;
        }
        sleep(TICK).await;
    };
    for (below, primes) in results {
        println!("program: primes below {below}: {primes}");
    }
    for worker in workers {
        if let Err(how) = worker.end() {
            eprintln!("program: a worker has ended with {how}");
        }
    }
    Ok(())
}

/// A worker: takes tasks, until its standard input is closed.
async fn work(store: impl Store) -> Result<()> {
    die_with_parent()?;
    // And elsewhere: the other end of its input is the program's.
    thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        exit(0)
    });
    store.work().await
}

/// The task. It is pure arithmetic, and so may be done twice.
async fn count_primes(below: u64) -> Result<u64> {
    println!("worker {}: begins, primes below {below}", id());
    Ok(spawn_blocking(move || primes(below)).await?)
}

fn primes(below: u64) -> u64 {
    let hold = env::var(HOLD).ok().and_then(|from| from.parse().ok());
    let go = env::var_os(GO).map(PathBuf::from);
    let goes_on = || go.as_ref().is_some_and(|file| file.exists());
    while hold.is_some_and(|from: u64| below >= from) && !goes_on() {
        thread::sleep(TICK); // until it is killed
    }
    let is_prime = |number: &u64| {
        let mut divisors = (2..).take_while(|by| by * by <= *number);
        divisors.all(|by| !number.is_multiple_of(by))
    };
    (2..below).filter(is_prime).count() as u64
}
