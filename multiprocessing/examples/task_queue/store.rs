//! What the example asks of a store, and SQLite as one.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::process::id;
use std::str::FromStr;
use std::time::Duration;

use apalis_core::backend::ext::BackendExt;
use apalis_core::backend::finalize::Durable;
use apalis_core::backend::{
    Backend, FetchById, TaskSink, WaitForCompletion, WorkerFilter,
};
use apalis_core::error::BoxDynError;
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::status::Status;
use apalis_core::task::task_id::TaskId;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_sqlite::queries::reenqueue_orphaned;
use apalis_sqlite::{
    Config, SqliteConnectOptions, SqlitePoolOptions, SqliteStorage,
};
use tower::limit::ConcurrencyLimitLayer;

use crate::{TICK, count_primes};

pub(crate) type Result<T> = std::result::Result<T, BoxDynError>;

/// How often a worker says that it lives. In whole seconds none: a dead worker's
/// tasks can be put back at once.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(500);

/// How many times it may be silent before its tasks are put back: for a minute,
/// or for as many seconds as TASK_QUEUE_LEASE says.
pub(crate) fn missed_heartbeats() -> usize {
    let lease = std::env::var("TASK_QUEUE_LEASE").ok();
    2 * lease.and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
}

/// A store of tasks (numbers) and their results (numbers).
pub(crate) trait Store: Clone {
    type Error: Error + Send + Sync + 'static;
    type Storage: Backend<Task = Task<Vec<u8>>, Error = Self::Error>
        + TaskSink<u64, Durable>
        + WaitForCompletion<u64>
        + FetchById;

    /// "SQLite", for example.
    fn name(&self) -> &'static str;
    fn url(&self) -> &str;
    fn queue(&self) -> &str;
    fn storage(&mut self) -> &mut Self::Storage;

    /// Makes the tables, unless they are there.
    async fn prepare(&self) -> Result<()> {
        Ok(())
    }

    /// Puts back what a dead worker held, or else what everybody held, and says
    /// how many tasks that were.
    async fn put_back(&mut self, dead: Option<u32>) -> Result<u64>;

    /// Takes tasks and does them, one at a time, for ever.
    async fn work(self) -> Result<()>;

    /// Stores the task, unless it is there.
    async fn put(&mut self, below: u64) -> Result<()> {
        let id = task_id(below);
        if self.storage().fetch_by_id(&id).await?.is_none() {
            let task = TaskBuilder::new(below).task_id(id).build();
            self.storage().push_task(task).await?;
        }
        Ok(())
    }

    /// The results that are there.
    async fn results(&mut self, tasks: &[u64]) -> Result<BTreeMap<u64, u64>> {
        let ids: Vec<_> = tasks.iter().map(|below| task_id(*below)).collect();
        let done = self.storage().check_status(ids).await?;
        let done = done.into_iter().map(|result| {
            let below = result.task_id().to_string().parse()?;
            Ok((below, result.take()?))
        });
        done.collect()
    }

    /// The worker that is in the middle of the task.
    async fn holder(&mut self, below: u64) -> Result<Option<u32>> {
        let task = self.storage().fetch_by_id(&task_id(below)).await?;
        let task = task.filter(|task| task.status() == Status::Running);
        let holder = task.as_ref().and_then(|task| task.lock_by());
        Ok(holder.map(str::parse).transpose()?)
    }
}

/// An id of our own, in the form of a ULID, which SQLite's store asks for.
fn task_id(below: u64) -> TaskId {
    TaskId::from_string(format!("{below:026}"))
}

#[derive(Clone)]
pub(crate) struct Sqlite {
    url: String,
    queue: String,
    storage: SqliteStorage<u64>,
}

impl Sqlite {
    pub(crate) async fn in_file(file: &Path, queue: &str) -> Result<Self> {
        let url = format!("sqlite://{}?mode=rwc", file.display());
        Sqlite::open(&url, queue).await
    }

    pub(crate) async fn open(url: &str, queue: &str) -> Result<Self> {
        // Not to wait for the disk is safe against the death of any process, not
        // against a loss of power. apalis sets it too, but for one connection.
        let options = SqliteConnectOptions::from_str(url)?;
        let options = options.pragma("synchronous", "OFF");
        // One connection: a second could have read the tables' form before
        // `prepare` changed it, and would then refuse a task.
        let pool = SqlitePoolOptions::new().max_connections(1);
        let pool = pool.connect_with(options).await?;
        let config = Config::default()
            .queue(queue)
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(missed_heartbeats());
        Ok(Sqlite {
            url: url.to_owned(),
            queue: queue.to_owned(),
            storage: SqliteStorage::new(&pool).with_config(config),
        })
    }

    pub(crate) async fn close(&self) {
        self.storage.pool().close().await;
    }
}

impl Store for Sqlite {
    type Error = apalis_sqlite::Error;
    type Storage = SqliteStorage<u64>;

    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn queue(&self) -> &str {
        &self.queue
    }

    fn storage(&mut self) -> &mut SqliteStorage<u64> {
        &mut self.storage
    }

    async fn prepare(&self) -> Result<()> {
        Ok(SqliteStorage::setup(self.storage.pool()).await?)
    }

    async fn put_back(&mut self, dead: Option<u32>) -> Result<u64> {
        let dead = dead.map_or(WorkerFilter::None, |pid| {
            WorkerFilter::Only(pid.to_string())
        });
        let pool = self.storage.pool();
        Ok(reenqueue_orphaned(pool, 0, &self.queue, &dead).await?)
    }

    async fn work(self) -> Result<()> {
        let worker = WorkerBuilder::new(id().to_string().as_str())
            .backend(self.storage.poll_with_interval(TICK))
            .layer(ConcurrencyLimitLayer::new(1))
            .build(count_primes);
        Ok(worker.run().await?)
    }
}
