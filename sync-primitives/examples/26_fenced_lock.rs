//! Fenced lock: a lease runs out while its holder still writes.
//!
//! Python: a Redis client of a few lines, in `26_fenced_lock.py`.
//! Notes: none.
//!
//! A lock that several machines share is a lease: it ends by itself after a
//! time, or a machine that dies would hold it forever. Reach for it where one
//! machine at a time should work on something. A mutex does not end, so it
//! needs none of this.
//!
//! A lease does not stop its holder. A pause (garbage collection, a stopped
//! virtual machine, a slow network) may last longer than the lease, and the
//! holder goes on as if it had the lock. To look at the clock first does not
//! help: the pause may come after the look. So each lease comes with a **fencing
//! token**, a number that grows. The protected store remembers the highest token
//! that it has met, and refuses a lower one, check and write in one step. It
//! has to remember at a read too: else a late write comes between the next
//! holder's read and its write.
//!
//! Below, lock and account are in one Redis, and the step is a script. Most
//! often the two are apart; then what is protected must check the token itself.
//! A Redis that fails over may forget the last tokens that it gave; a store with
//! consensus, such as etcd, does not. `BEYOND.md` has the other primitives' kin
//! on several machines, and their traps.
//!
//! It runs on the Redis of `--redis URL`, or starts a `redis-server`.
//! Longer than a screen: the lock is built here, of four commands.
//!
//! ```text,expect
//! @threads
//! main: a lease alone
//! ann: holds lease 1, reads 100, pauses
//! bob: holds lease 2, reads 100
//! bob: writes 120: true
//! ann: writes 105: true
//! ann: the lock was still hers: false
//! ann: can take it again: false
//! bob: the lock was still his: true
//! main: the account has 105 of 125
//! main: the lease is a token, ann is late after bob's write
//! ann: holds lease 1, reads 100, pauses
//! bob: holds lease 2, reads 100
//! bob: writes 120: true
//! ann: writes 105: false
//! ann: the lock was still hers: false
//! ann: can take it again: false
//! bob: the lock was still his: true
//! ann: holds lease 3, reads 120
//! ann: writes 125: true
//! main: the account has 125 of 125
//! main: the lease is a token, ann is late after bob's read
//! ann: holds lease 1, reads 100, pauses
//! bob: holds lease 2, reads 100
//! ann: writes 105: false
//! ann: the lock was still hers: false
//! ann: can take it again: false
//! bob: writes 120: true
//! bob: the lock was still his: true
//! ann: holds lease 3, reads 120
//! ann: writes 125: true
//! main: the account has 125 of 125
//! ```
//!
//! Break it: `if tonumber(ARGV[1]) < seen` => `if false`
//! Break it: `redis.call('HSET', KEYS[1], 'seen', ARGV[1])` =>
//! `if ARGV[2] then redis.call('HSET', KEYS[1], 'seen', ARGV[1]) end`
//! Break it: `redis.call('EXISTS', KEYS[1]) == 1` => `false`
//! Break it: `redis.call('GET', KEYS[1]) ~= ARGV[1]` => `false`
//! Break it (Python): `if tonumber(ARGV[1]) < seen` => `if false`
//! Break it (Python): `redis.call('EXISTS', KEYS[1]) == 1` => `false`
//! Break it (Python): `redis.call('GET', KEYS[1]) ~= ARGV[1]` => `false`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use ipc::{RedisServer, random_name};
use redis::{Client, Commands, Connection, Script};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Takes the lock for a time; gives the token, or nothing if it is taken.
const ACQUIRE: &str = "
    if redis.call('EXISTS', KEYS[1]) == 1 then return false end
    local token = redis.call('HINCRBY', KEYS[2], 'issued', 1)
    redis.call('SET', KEYS[1], token, 'PX', ARGV[1])
    return token";

/// Gives the lock up, but not another holder's.
const RELEASE: &str = "
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    return redis.call('DEL', KEYS[1])";

/// Reads the account, or writes it if there is a second argument; nothing if
/// the token is too old.
const REACH: &str = "
    local seen = tonumber(redis.call('HGET', KEYS[1], 'seen'))
    if tonumber(ARGV[1]) < seen then return false end
    redis.call('HSET', KEYS[1], 'seen', ARGV[1])
    if ARGV[2] then redis.call('HSET', KEYS[1], 'value', ARGV[2]) end
    return tonumber(redis.call('HGET', KEYS[1], 'value'))";

/// A lease that ends while ann pauses, and one that does not end here.
const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// An account that several machines reach, and its lock. Each has a connection.
struct Account {
    store: Connection,
    lock: String,
    account: String,
    fenced: bool,
}

impl Account {
    fn open(url: &str, name: &str, fenced: bool) -> Result<Account> {
        let store = Client::open(url)?.get_connection_with_timeout(LIMIT)?;
        store.set_read_timeout(Some(LIMIT))?;
        store.set_write_timeout(Some(LIMIT))?;
        let (lock, account) = (format!("{name}:lock"), name.to_owned());
        Ok(Account { store, lock, account, fenced })
    }

    fn try_acquire(&mut self, lease: Duration) -> Result<Option<u64>> {
        let script = Script::new(ACQUIRE);
        let mut call = script.key(&self.lock);
        let call = call.key(&self.account).arg(lease.as_millis() as u64);
        Ok(call.invoke(&mut self.store)?)
    }

    fn acquire(&mut self, lease: Duration) -> Result<u64> {
        loop {
            if let Some(token) = self.try_acquire(lease)? {
                return Ok(token);
            }
            thread::sleep(Duration::from_millis(5)); // the store cannot call
        }
    }

    fn release(&mut self, token: u64) -> Result<bool> {
        let script = Script::new(RELEASE);
        let mut call = script.key(&self.lock);
        Ok(call.arg(token).invoke(&mut self.store)?)
    }

    fn read(&mut self, token: u64) -> Result<i64> {
        if !self.fenced {
            return Ok(self.store.hget(&self.account, "value")?);
        }
        let script = Script::new(REACH);
        let mut call = script.key(&self.account);
        let value: Option<i64> = call.arg(token).invoke(&mut self.store)?;
        value.ok_or_else(|| "the lease has run out before a read".into())
    }

    fn write(&mut self, token: u64, value: i64) -> Result<bool> {
        if !self.fenced {
            let _: usize = self.store.hset(&self.account, "value", value)?;
            return Ok(true);
        }
        let script = Script::new(REACH);
        let mut call = script.key(&self.account);
        let call = call.arg(token).arg(value);
        Ok(call.invoke::<Option<i64>>(&mut self.store)?.is_some())
    }
}

fn main() -> Result<()> {
    let Some(server) = RedisServer::find()? else {
        println!("main: skipped, no redis-server");
        return Ok(());
    };
    println!("main: a lease alone");
    play(server.url(), false, false)?;
    println!("main: the lease is a token, ann is late after bob's write");
    play(server.url(), true, false)?;
    println!("main: the lease is a token, ann is late after bob's read");
    play(server.url(), true, true)
}

fn ann(mut account: Account, turn: &Turn) -> Result<()> {
    let token = account.acquire(SHORT)?;
    let value = account.read(token)?;
    println!("ann: holds lease {token}, reads {value}, pauses");
    turn.pass()?; // she believes that she holds it
    let value = value + 5;
    let done = account.write(token, value)?;
    println!("ann: writes {value}: {done}");
    let hers = account.release(token)?;
    println!("ann: the lock was still hers: {hers}");
    let again = account.try_acquire(LONG)?.is_some();
    println!("ann: can take it again: {again}");
    turn.pass()?;
    if done {
        return Ok(()); // as far as she knows
    }
    let token = account.acquire(LONG)?;
    let value = account.read(token)?;
    println!("ann: holds lease {token}, reads {value}");
    let (value, done) = (value + 5, account.write(token, value + 5)?);
    println!("ann: writes {value}: {done}");
    account.release(token)?;
    Ok(())
}

fn bob(mut account: Account, turn: &Turn, read_only: bool) -> Result<()> {
    turn.wait()?;
    let token = account.acquire(LONG)?; // when ann's lease has run out
    let value = account.read(token)?;
    println!("bob: holds lease {token}, reads {value}");
    if read_only {
        turn.pass()?;
    }
    let (value, done) = (value + 20, account.write(token, value + 20)?);
    println!("bob: writes {value}: {done}");
    if !read_only {
        turn.pass()?;
    }
    let his = account.release(token)?;
    println!("bob: the lock was still his: {his}");
    turn.give()
}

fn play(url: &str, fenced: bool, read_only: bool) -> Result<()> {
    let name = format!("fenced_lock:{}", random_name());
    let open = || Account::open(url, &name, fenced);
    let (mut account, anns, bobs) = (open()?, open()?, open()?);
    let fields = [("value", 100), ("issued", 0), ("seen", 0)];
    let _: () = account.store.hset_multiple(&name, &fields)?;
    // If this program is killed, its keys go all the same.
    let _: bool = account.store.expire(&name, 60)?;
    let (to_bob, from_ann) = channel();
    let (to_ann, from_bob) = channel();
    let (anns_turn, bobs_turn) =
        (Turn(to_bob, from_bob), Turn(to_ann, from_ann));
    let ended = thread::scope(|s| {
        let ann = s.spawn(move || ann(anns, &anns_turn));
        let bob = s.spawn(move || bob(bobs, &bobs_turn, read_only));
        [ann, bob].map(|thread| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let value: redis::RedisResult<i64> = account.store.hget(&name, "value");
    let _: usize = account.store.del(&[&name, &account.lock])?;
    for ended in ended {
        ended?;
    }
    println!("main: the account has {} of {}", value?, 100 + 5 + 20);
    Ok(())
}

/// Whose turn it is.
struct Turn(Sender<()>, Receiver<()>);

impl Turn {
    fn give(&self) -> Result<()> {
        Ok(self.0.send(())?)
    }

    fn wait(&self) -> Result<()> {
        Ok(self.1.recv()?)
    }

    fn pass(&self) -> Result<()> {
        self.give()?;
        self.wait()
    }
}
