//! Stream broker: a queue that outlives those who take from it.
//!
//! Python: redis-py's `xreadgroup`; here a Redis client of a few lines, in
//! `11_stream_broker.py`.
//! Notes: none.
//!
//! A broker keeps messages for programs that need not run at the same time
//! or on one machine. Reach for it where a queue in memory would be lost with its
//! process. A Redis stream gives each message to one consumer of a group, and
//! keeps it as **pending** until that consumer acknowledges it. If a consumer is
//! silent for too long, another one claims what it holds.
//!
//! A consumer that dies after its work and before the acknowledgement has done
//! the work, and it is done again: **at least once**. To acknowledge first does
//! not help: then a death loses the message, at most once. So the *effect* must
//! happen once: it is stored in one step with the number of its order, and a
//! number that is there already changes nothing. The number comes from the
//! producer, for an order that was added twice has two ids in the stream. Keep
//! the numbers for as long as a message may come again.
//!
//! The limit for silence must be longer than the longest work, or a slow consumer
//! is taken for a dead one. A message that kills each of its consumers comes back
//! forever: count its deliveries, and put it aside. A group that begins at `$`
//! does not see older messages. An acknowledged one stays in the stream until it
//! is deleted. `BEYOND.md` has other brokers, and the kin of other primitives.
//!
//! It runs on the Redis of `--redis URL`, or starts a `redis-server`.
//! Longer than a screen: the Redis commands need a few lines each. The other
//! requests to the broker are in `stream_broker/broker.rs`.
//!
//! ```text,expect
//! @processes
//! @peak 2.. processes
//! main: each delivery is counted
//! main: 3 orders wait, nobody has been started
//! ann: order 1, delivery 1, adds 20, total 20
//! main: ann was ended by SIGKILL, 1 order is pending
//! bob: order 2, delivery 1, adds 30, total 50
//! bob: order 3, delivery 1, adds 50, total 100
//! bob: no order is new, 1 is pending
//! bob: order 1, delivery 2, adds 20, total 120
//! main: total 120 of 100, 0 orders wait
//! main: each order is counted
//! main: 3 orders wait, nobody has been started
//! ann: order 1, delivery 1, adds 20, total 20
//! main: ann was ended by SIGKILL, 1 order is pending
//! bob: order 2, delivery 1, adds 30, total 50
//! bob: order 3, delivery 1, adds 50, total 100
//! bob: no order is new, 1 is pending
//! bob: order 1, delivery 2, was counted before
//! main: total 100 of 100, 0 orders wait
//! ```
//!
//! Break it: `.block(20)` => `.block(20).noack()`
//! Break it: `'SADD', KEYS[1], ARGV[1]) == 0` =>
//! `'SADD', KEYS[1], ARGV[1]) == 2`
//! Break it: `xgroup_create(stream, GROUP, "0")` =>
//! `xgroup_create(stream, GROUP, "$")`
//! Break it: `both.xdel(&self.stream, &[id]).ignore();` => ``
//! Break it: `ipc::fork(|| bob(url, stream, once))?.join()?;` =>
//! `bob(url, stream, once)?;`
//! Break it (Python): `"COUNT", 1, "BLOCK"` => `"NOACK", "COUNT", 1, "BLOCK"`
//! Break it (Python): `'SADD', KEYS[1], ARGV[1]) == 0` =>
//! `'SADD', KEYS[1], ARGV[1]) == 2`
//! Break it (Python): `"XDEL", self.stream, id` => `"PING"`

#[path = "stream_broker/broker.rs"]
mod broker;

use std::io::{self, PipeWriter, Read, Write};
use std::thread;
use std::time::Duration;

use ipc::{RedisServer, Result, random_name};
use nix::sys::signal::Signal;
use nix::sys::wait::WaitStatus;
use nix::unistd::pause;
use redis::streams::{StreamAutoClaimOptions, StreamId, StreamReadOptions};
use redis::{Script, TypedCommands};

use crate::broker::Broker;

const ORDERS: [(isize, isize); 3] = [(1, 20), (2, 30), (3, 50)];
const GROUP: &str = "tellers";

/// A consumer that was silent for so many milliseconds is taken for dead.
const SILENT: usize = 50;

/// Adds an amount, and notes its order for a minute; nothing if that was noted
/// before.
const ADD_ONCE: &str = "
    if redis.call('SADD', KEYS[1], ARGV[1]) == 0 then return false end
    redis.call('EXPIRE', KEYS[1], 60)
    return redis.call('INCRBY', KEYS[2], ARGV[2])";

fn main() -> Result<()> {
    let Some(server) = RedisServer::find()? else {
        println!("main: skipped, no redis-server");
        return Ok(());
    };
    println!("main: each delivery is counted");
    play(server.url(), false)?;
    println!("main: each order is counted");
    play(server.url(), true)
}

/// A consumer: takes, works, acknowledges. At the end it does what others left.
fn bob(url: &str, stream: &str, once: bool) -> Result<()> {
    let mut broker = Broker::open(url, stream)?;
    while let Some(order) = broker.take("bob")? {
        broker.work("bob", &order, once)?;
        broker.acknowledge(&order.id)?;
    }
    println!("bob: no order is new, {} is pending", broker.pending()?);
    while broker.pending()? > 0 {
        match broker.claim("bob")? {
            None => thread::sleep(Duration::from_millis(5)), // not yet
            Some(order) => {
                broker.work("bob", &order, once)?;
                broker.acknowledge(&order.id)?;
            }
        }
    }
    Ok(())
}

/// A consumer that is killed between its work and the acknowledgement.
fn ann(
    url: &str,
    stream: &str,
    once: bool,
    mut done: PipeWriter,
) -> Result<()> {
    let mut broker = Broker::open(url, stream)?;
    let order = broker.take("ann")?.ok_or("there is no order")?;
    broker.work("ann", &order, once)?;
    done.write_all(b"!")?;
    pause(); // until it is killed
    broker.acknowledge(&order.id)
}

fn play(url: &str, once: bool) -> Result<()> {
    let stream = format!("orders:{}", random_name());
    let mut broker = Broker::open(url, &stream)?;
    let told = tell(&mut broker, url, &stream, once);
    broker.remove()?;
    told
}

fn tell(
    broker: &mut Broker,
    url: &str,
    stream: &str,
    once: bool,
) -> Result<()> {
    broker.add(&ORDERS)?;
    println!("main: {} orders wait, nobody has been started", broker.len()?);
    // Each process has a connection of its own: on one that was carried across
    // a fork two conversations would mix.
    let (mut done, to_main) = io::pipe()?;
    let child = ipc::fork(|| ann(url, stream, once, to_main))?;
    done.read_exact(&mut [0])?;
    child.signal(Signal::SIGKILL)?;
    let how = match child.wait()? {
        WaitStatus::Signaled(_, signal, _) => signal.to_string(),
        other => format!("{other:?}"),
    };
    let pending = broker.pending()?;
    println!("main: ann was ended by {how}, {pending} order is pending");
    ipc::fork(|| bob(url, stream, once))?.join()?;
    let (total, of) = (broker.total()?, ORDERS.map(|order| order.1));
    let (of, left): (isize, _) = (of.iter().sum(), broker.len()?);
    println!("main: total {total} of {of}, {left} orders wait");
    Ok(())
}

impl Broker {
    fn add(&mut self, orders: &[(isize, isize)]) -> Result<()> {
        let stream = &self.stream;
        for (number, amount) in orders {
            let fields = [("order", number), ("amount", amount)];
            self.redis.xadd(stream, "*", &fields)?;
        }
        self.redis.xgroup_create(stream, GROUP, "0")?;
        // If this program is killed, its keys go all the same.
        self.redis.set_ex(&self.total, 0, 60)?;
        self.redis.expire(stream, 60)?;
        Ok(())
    }

    /// The next order that nobody has taken, if one comes in a short time.
    fn take(&mut self, who: &str) -> Result<Option<StreamId>> {
        let how = StreamReadOptions::default().group(GROUP, who);
        let how = how.block(20).count(1);
        let reply = self.redis.xread_options(&[&self.stream], &[">"], &how)?;
        let streams = reply.map(|reply| reply.keys).unwrap_or_default();
        Ok(streams.into_iter().flat_map(|stream| stream.ids).next())
    }

    /// An order whose consumer has been silent for too long.
    fn claim(&mut self, who: &str) -> Result<Option<StreamId>> {
        let one = StreamAutoClaimOptions::default().count(1);
        let (stream, start) = (&self.stream, "0");
        let redis = &mut self.redis;
        let reply =
            redis.xautoclaim_options(stream, GROUP, who, SILENT, start, one)?;
        Ok(reply.claimed.into_iter().next())
    }

    fn acknowledge(&mut self, id: &str) -> Result<()> {
        let mut both = redis::pipe();
        both.atomic().xack(&self.stream, GROUP, &[id]).ignore();
        both.xdel(&self.stream, &[id]).ignore();
        Ok(both.query(&mut self.redis)?)
    }

    /// The work: adds the amount to the total.
    fn work(&mut self, who: &str, order: &StreamId, once: bool) -> Result<()> {
        let field = |name| order.get::<isize>(name).ok_or("a field is missing");
        let (number, amount) = (field("order")?, field("amount")?);
        let total: Option<isize> = if once {
            let script = Script::new(ADD_ONCE);
            let mut call = script.key(&self.counted);
            let call = call.key(&self.total).arg(number).arg(amount);
            call.invoke(&mut self.redis)?
        } else {
            Some(self.redis.incr(&self.total, amount)?)
        };
        let (stream, id) = (&self.stream, &order.id);
        let held = self.redis.xpending_count(stream, GROUP, id, id, 1)?;
        let delivery = held.ids.first().map_or(0, |held| held.times_delivered);
        match total {
            Some(total) => println!(
                "{who}: order {number}, delivery {delivery}, adds {amount}, \
                 total {total}"
            ),
            None => println!(
                "{who}: order {number}, delivery {delivery}, was counted before"
            ),
        }
        Ok(())
    }
}
