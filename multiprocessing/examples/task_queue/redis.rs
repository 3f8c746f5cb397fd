//! Redis as a store of the example.
//!
//! Redis itself keeps tasks past its own end only as far as it is told to
//! (`appendonly yes`, `appendfsync always` for all of them).

use std::future::poll_fn;
use std::process::id;

use apalis_core::backend::Backend;
use apalis_core::backend::ext::BackendExt;
use apalis_core::worker::builder::WorkerBuilder;
use apalis_core::worker::context::WorkerContext;
use apalis_redis::{Config, RedisStorage};
use redis::AsyncCommands;
use tower::limit::ConcurrencyLimitLayer;

use crate::store::{HEARTBEAT, Result, Store, missed_heartbeats};
use crate::{TICK, count_primes};

#[derive(Clone)]
pub(crate) struct Redis {
    url: String,
    queue: String,
    storage: RedisStorage<u64>,
}

impl Redis {
    pub(crate) async fn open(url: &str, queue: &str) -> Result<Self> {
        let config = Config::default()
            .queue(queue)
            .batch_size(1)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(missed_heartbeats());
        let connection = apalis_redis::connect(url).await?;
        Ok(Redis {
            url: url.to_owned(),
            queue: queue.to_owned(),
            storage: RedisStorage::new(connection).with_config(config),
        })
    }

    /// Takes the queue off the server, which others may use too.
    pub(crate) async fn remove(&mut self) -> Result<()> {
        let pattern = format!("{}:*", self.queue);
        let connection = self.storage.get_connection();
        let mut keys = Vec::<String>::new();
        let mut found = connection.scan_match(pattern).await?;
        while let Some(key) = found.next_item().await {
            keys.push(key?);
        }
        drop(found);
        let workers = format!("{}:workers", self.queue);
        let queues = "core:apalis:queues:list";
        let _: usize = connection.zrem(queues, workers).await?;
        let _: usize = connection.del(keys).await?;
        Ok(())
    }
}

impl Store for Redis {
    type Error = apalis_redis::Error;
    type Storage = RedisStorage<u64>;

    fn name(&self) -> &'static str {
        "Redis"
    }

    fn url(&self) -> &str {
        &self.url
    }

    fn queue(&self) -> &str {
        &self.queue
    }

    fn storage(&mut self) -> &mut RedisStorage<u64> {
        &mut self.storage
    }

    async fn put_back(&mut self, dead: Option<u32>) -> Result<u64> {
        let connection = self.storage.get_connection();
        let dead: Vec<String> = match dead {
            Some(pid) => vec![pid.to_string()],
            None => {
                let workers = format!("{}:workers", self.queue);
                connection.zrange(workers, 0, -1).await?
            }
        };
        let mut count = 0;
        for name in dead {
            let held = format!("{}:inflight:{name}", self.queue);
            let connection = self.storage.get_connection();
            count += connection.scard::<_, u64>(held).await?;
            // Who comes under a dead worker's name is given back its tasks.
            let mut comer = self.storage.clone();
            let worker = WorkerContext::new(&name);
            poll_fn(|context| comer.poll_ready(context, &worker)).await?;
        }
        Ok(count)
    }

    async fn work(self) -> Result<()> {
        let worker = WorkerBuilder::new(id().to_string().as_str())
            .backend(self.storage.poll_with_interval(TICK))
            .layer(ConcurrencyLimitLayer::new(1))
            .build(count_primes);
        Ok(worker.run().await?)
    }
}
