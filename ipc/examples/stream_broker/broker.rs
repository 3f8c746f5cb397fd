//! What is asked of a broker besides its work.

use std::time::Duration;

use ipc::Result;
use redis::{Client, Connection, TypedCommands};

use crate::GROUP;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// A stream with its group, and what its orders come to.
pub(crate) struct Broker {
    pub(crate) redis: Connection,
    pub(crate) stream: String,
    pub(crate) total: String,
    pub(crate) counted: String,
}

impl Broker {
    pub(crate) fn open(url: &str, stream: &str) -> Result<Broker> {
        let redis = Client::open(url)?.get_connection_with_timeout(LIMIT)?;
        redis.set_read_timeout(Some(LIMIT))?;
        redis.set_write_timeout(Some(LIMIT))?;
        let (total, counted) =
            (format!("{stream}:total"), format!("{stream}:counted"));
        Ok(Broker { redis, stream: stream.to_owned(), total, counted })
    }

    pub(crate) fn pending(&mut self) -> Result<usize> {
        Ok(self.redis.xpending(&self.stream, GROUP)?.count())
    }

    pub(crate) fn len(&mut self) -> Result<usize> {
        Ok(self.redis.xlen(&self.stream)?)
    }

    pub(crate) fn total(&mut self) -> Result<isize> {
        Ok(self.redis.get_int(&self.total)?.unwrap_or(0))
    }

    pub(crate) fn remove(&mut self) -> Result<()> {
        let keys = [&self.stream, &self.total, &self.counted];
        self.redis.del(&keys)?;
        Ok(())
    }
}
