//! Task queue: heavy tasks that outlive the workers who take them.
//!
//! Python: Celery in the notes; here `sqlite3` and processes, in
//! `19_task_queue.py`.
//! Notes: N2:642.
//!
//! A pool keeps its tasks in memory: when the program dies they are gone. A
//! task queue stores them. Workers, which are processes and may be on other
//! machines, take one at a time and store the result. A task belongs to the
//! worker that took it until the result is there; if that worker dies it is put
//! back and begun again. So a task may be begun twice, and should do no harm if
//! it is; its result is stored once, by the worker that holds it at that
//! moment.
//!
//! The engine is apalis. Its store is a SQLite file, or Redis if a URL is given
//! as an argument or in TASK_QUEUE_URL. A worker is this program, started
//! again. The first is made to stop in the middle of its task, and is killed
//! there. An engine learns of such a death from missing heartbeats, after a
//! minute; a supervisor that has waited for the process knows, and puts back
//! its task at once.
//!
//! This one is longer than a screen, because each store is opened its own way.
//! SQLite is told not to wait for the disk: that is safe against the death of
//! any process, not against a loss of power.
//!
//! ```text,expect
//! main: 6 tasks are stored, by SQLite
//! worker-1: begins, primes below 10000
//! main: worker-1 died of signal 9, its task is put back
//! @any
//! worker-{:int 2..3}: begins, primes below 10000
//! worker-{:int 2..3}: begins, primes below 20000
//! worker-{:int 2..3}: begins, primes below 30000
//! worker-{:int 2..3}: begins, primes below 40000
//! worker-{:int 2..3}: begins, primes below 50000
//! worker-{:int 2..3}: begins, primes below 60000
//! @end
//! main: primes below 10000: 1229
//! main: primes below 20000: 2262
//! main: primes below 30000: 3245
//! main: primes below 40000: 4203
//! main: primes below 50000: 5133
//! main: primes below 60000: 6057
//! ```
//!
//! Break it: `put_back("worker-1").await?` => `()`
//! Break it: `first.0.kill()?` => `drop(first.0.stdin.take())`

use std::env;
use std::error::Error;
use std::future::poll_fn;
use std::io::{BufRead, BufReader, Read, stdin};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio, exit, id};
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use apalis_core::backend::ext::BackendExt;
use apalis_core::backend::finalize::Durable;
use apalis_core::backend::{
    Backend, TaskSink, WaitForCompletion, WorkerFilter,
};
use apalis_core::error::BoxDynError;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::task_id::TaskId;
use apalis_core::timer::sleep;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_core::worker::context::WorkerContext;
use apalis_redis::{ConnectionManager, RedisError, RedisStorage};
use apalis_sqlite::queries::reenqueue_orphaned;
use apalis_sqlite::{SqliteConnectOptions, SqlitePool, SqliteStorage};
use redis::AsyncCommands;
use tokio::runtime::Builder;

const TASKS: [u64; 6] = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000];

/// How often the store is asked; it cannot call.
const TICK: Duration = Duration::from_millis(10);

fn main() -> Result<(), BoxDynError> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match (&arguments[..], env::var("TASK_QUEUE_URL")) {
            ([name, url, queue], _) => work(name, url, queue).await,
            ([url], _) => with_redis(url).await,
            (_, Ok(url)) => with_redis(&url).await,
            (_, Err(_)) => with_sqlite().await,
        }
    })
}

/// Stores the tasks, has them done, and prints the results.
async fn supervise<S, E>(
    mut store: S,
    (url, queue): (&str, &str),
    put_back: impl AsyncFnOnce(&str) -> Result<(), BoxDynError>,
) -> Result<(), BoxDynError>
where
    S: TaskSink<u64, Durable> + WaitForCompletion<u64> + Backend<Error = E>,
    E: Error + Send + Sync + 'static,
{
    for below in TASKS {
        let task = TaskBuilder::new(below).task_id(task_id(below)).build();
        store.push_task(task).await?;
    }
    let by = if url.starts_with("sqlite") { "SQLite" } else { "Redis" };
    println!("main: {} tasks are stored, by {by}", TASKS.len());

    let mut first = Worker::start("worker-1", url, queue, Stdio::piped())?;
    let output = first.0.stdout.take().ok_or("worker-1 has no output")?;
    let mut begun = String::new();
    BufReader::new(output).read_line(&mut begun)?;
    print!("{begun}");
    first.0.kill()?;
    let signal = first.0.wait()?.signal().unwrap_or(0);
    put_back("worker-1").await?;
    println!("main: worker-1 died of signal {signal}, its task is put back");

    let mut workers = [
        Worker::start("worker-2", url, queue, Stdio::inherit())?,
        Worker::start("worker-3", url, queue, Stdio::inherit())?,
    ];
    let mut results = Vec::new();
    while results.len() < TASKS.len() {
        sleep(TICK).await;
        results = store.check_status(TASKS.map(task_id)).await?;
        for worker in &mut workers {
            if let Some(how) = worker.0.try_wait()? {
                return Err(format!("a worker has ended: {how}").into());
            }
        }
    }
    drop(workers);
    results.sort_by_key(|result| result.task_id().to_string());
    for (below, result) in TASKS.iter().zip(results) {
        println!("main: primes below {below}: {}", result.take()?);
    }
    Ok(())
}

/// An id of our own, in the form of a ULID, which SQLite's store asks for.
fn task_id(below: u64) -> TaskId {
    TaskId::from(format!("{below:026}"))
}

/// A worker process. Dropping it closes its standard input, at which it ends,
/// and waits for it.
struct Worker(Child);

impl Worker {
    fn start(
        name: &str,
        url: &str,
        queue: &str,
        output: Stdio,
    ) -> std::io::Result<Self> {
        let mut program = Command::new(env::current_exe()?);
        program.args([name, url, queue]).stdin(Stdio::piped()).stdout(output);
        program.spawn().map(Worker)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.wait();
    }
}

/// The life of a worker process.
async fn work(name: &str, url: &str, queue: &str) -> Result<(), BoxDynError> {
    // The other end is the supervisor's: at its death too the worker ends.
    thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new());
        exit(0)
    });
    let worker = WorkerBuilder::new(name);
    if url.starts_with("sqlite") {
        let store = sqlite(url, queue).await?.poll_with_interval(TICK);
        worker.backend(store).build(count_primes).run().await?;
    } else {
        let store = redis(url, queue).await?.poll_with_interval(TICK);
        worker.backend(store).build(count_primes).run().await?;
    }
    Ok(())
}

async fn count_primes(
    below: u64,
    worker: WorkerContext,
) -> Result<u64, BoxDynError> {
    println!("{}: begins, primes below {below}", worker.name());
    while worker.name() == "worker-1" {
        thread::park(); // until it is killed
    }
    let is_prime = |number: &u64| {
        let mut divisors = (2..).take_while(|by| by * by <= *number);
        divisors.all(|by| !number.is_multiple_of(by))
    };
    Ok((2..below).filter(is_prime).count() as u64)
}

async fn with_sqlite() -> Result<(), BoxDynError> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("queue.db");
    let (url, queue) =
        (format!("sqlite://{}?mode=rwc", file.display()), "primes");
    let store = sqlite(&url, queue).await?;
    let pool = store.pool().clone();
    SqliteStorage::setup(&pool).await?;
    let done = supervise(store, (&url, queue), async |dead| {
        let dead = WorkerFilter::Only(dead.to_owned());
        reenqueue_orphaned(&pool, 0, queue, &dead).await?;
        Ok(())
    });
    let done = done.await;
    pool.close().await; // before its folder is removed
    done
}

async fn sqlite(
    url: &str,
    queue: &str,
) -> Result<SqliteStorage<u64>, BoxDynError> {
    let config = apalis_sqlite::Config::default().queue(queue).batch_size(1);
    // apalis says so too, but to one of the pool's connections only.
    let options = SqliteConnectOptions::from_str(url)?;
    let options = options.pragma("synchronous", "OFF");
    let pool = SqlitePool::connect_with(options).await?;
    Ok(SqliteStorage::new(&pool).with_config(config))
}

async fn with_redis(url: &str) -> Result<(), BoxDynError> {
    let queue = &format!("primes-{}", id());
    let store = redis(url, queue).await?;
    let (mut connection, mut other) = (store.clone(), store.clone());
    let done = supervise(store, (url, queue), async |dead| {
        // Who comes under a dead worker's name is given back its tasks.
        let dead = WorkerContext::new(dead);
        poll_fn(|context| other.poll_ready(context, &dead)).await?;
        Ok(())
    });
    let done = done.await;
    remove(connection.get_connection(), queue).await?;
    done
}

async fn redis(
    url: &str,
    queue: &str,
) -> Result<RedisStorage<u64>, BoxDynError> {
    let config = apalis_redis::Config::default()
        .queue(queue)
        .batch_size(1)
        // In whole seconds none: a name is free as soon as its worker is dead.
        .heartbeat_interval(Duration::from_millis(500))
        .missed_heartbeats(120);
    let connection = apalis_redis::connect(url).await?;
    Ok(RedisStorage::new(connection).with_config(config))
}

/// Takes the queue off the server, which others may use too.
async fn remove(
    connection: &mut ConnectionManager,
    queue: &str,
) -> Result<(), RedisError> {
    let mut keys = Vec::<String>::new();
    let mut found = connection.scan_match(format!("{queue}:*")).await?;
    while let Some(key) = found.next_item().await {
        keys.push(key?);
    }
    drop(found);
    let queues = "core:apalis:queues:list";
    let _: usize = connection.zrem(queues, format!("{queue}:workers")).await?;
    connection.del(keys).await
}
