//! Database is locked: it fails at once, whatever its time limit.
//!
//! Python: `sqlite3`, in `29_database_is_locked.py`.
//! Reported: python/cpython#124510.
//! Symptom: it dies: `database is locked`, though it may wait for 30 s.
//!
//! Two processes share an SQLite file. Each transaction reads first and then
//! writes. After `a` has read, `b` writes and commits. Now `a` has seen an old
//! state and may not write, and waiting cannot make that state new again:
//! SQLite answers SQLITE_BUSY_SNAPSHOT (517) at once, whatever the time limit.
//!
//! Begin as a writer (`BEGIN IMMEDIATE`) if you are going to write. Then the
//! second process meets the first one at its begin, with SQLITE_BUSY (5), and
//! that is worth waiting for; in WAL mode readers wait for nobody. A
//! transaction that gets 517 must roll back and start over. No compiler sees
//! any of this. Python's sqlite3 says a plain BEGIN by itself, unless
//! `isolation_level` is "IMMEDIATE". (Longer than a screen: both processes are
//! in it.)
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! main: both begin as readers
//! a1: begins, reads 0
//! b1: begins, reads 0
//! b1: writes 1, commits
//! a1: cannot write: database is locked (517), limit 30 s
//! main: both begin as writers
//! a2: begins, reads 0
//! b2: cannot begin: database is locked (5), waits
//! a2: writes 1, commits
//! b2: begins, reads 1
//! b2: writes 2, commits
//! main: processes waited for: 4
//! ```
//!
//! Break it: `round(2, "BEGIN IMMEDIATE")?` => `round(2, "BEGIN")?`
//! Break it: `round(1, "BEGIN")?` => `round(1, "BEGIN IMMEDIATE")?`
//! Break it (Python): `play(2, "BEGIN IMMEDIATE")` => `play(2, "BEGIN")`

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::path::Path;
use std::time::Duration;

use ipc::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::runtime::Builder;

const LIMIT: Duration = Duration::from_secs(30);

fn main() -> Result<()> {
    println!("main: both begin as readers");
    let mut ended = round(1, "BEGIN")?;
    println!("main: both begin as writers");
    ended += round(2, "BEGIN IMMEDIATE")?;
    println!("main: processes waited for: {ended}");
    Ok(())
}

fn round(number: u32, begin: &'static str) -> Result<usize> {
    let folder = tempfile::tempdir()?; // removed when it is dropped
    let file = folder.path().join("counter.sqlite");
    let (from_a, to_b) = io::pipe()?;
    let (from_b, to_a) = io::pipe()?;
    let path = &file;
    let b = ipc::fork(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(b(number, path, begin, to_a, from_a))
    })?;
    let a = ipc::fork(move || {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(a(number, path, begin, to_b, from_b))
    })?;
    ipc::wait_all([a, b])
}

async fn a(
    number: u32,
    file: &Path,
    begin: &'static str,
    mut to_b: PipeWriter,
    mut from_b: PipeReader,
) -> Result<()> {
    let mut database = open(file, LIMIT).await?;
    let make = "CREATE TABLE counter (n); INSERT INTO counter VALUES (0)";
    sqlx::raw_sql(make).execute(&mut database).await?;
    let mut transaction = database.begin_with(begin).await?;
    let n = read(&mut transaction).await?;
    println!("a{number}: begins, reads {n}");
    to_b.write_all(b"!")?;
    from_b.read_exact(&mut [0])?;
    match write(&mut transaction, n + 1).await {
        Ok(()) => {
            println!("a{number}: writes {}, commits", n + 1);
            transaction.commit().await?;
        }
        Err(error) => {
            let (reason, limit) = (reason(error)?, LIMIT.as_secs());
            println!("a{number}: cannot write: {reason}, limit {limit} s");
            transaction.rollback().await?;
        }
    }
    Ok(database.close().await?)
}

async fn b(
    number: u32,
    file: &Path,
    begin: &'static str,
    mut to_a: PipeWriter,
    mut from_a: PipeReader,
) -> Result<()> {
    from_a.read_exact(&mut [0])?;
    let mut impatient = open(file, Duration::ZERO).await?;
    let mut patient = open(file, LIMIT).await?;
    let mut transaction = match impatient.begin_with(begin).await {
        Ok(transaction) => transaction,
        Err(error) => {
            let reason = reason(error)?;
            println!("b{number}: cannot begin: {reason}, waits");
            to_a.write_all(b"!")?;
            patient.begin_with(begin).await?
        }
    };
    let n = read(&mut transaction).await?;
    println!("b{number}: begins, reads {n}");
    write(&mut transaction, n + 1).await?;
    println!("b{number}: writes {}, commits", n + 1);
    transaction.commit().await?;
    let _ = to_a.write_all(b"!"); // fails if a was told before and is gone
    impatient.close().await?;
    Ok(patient.close().await?)
}

async fn open(file: &Path, limit: Duration) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new().filename(file);
    let options = options.create_if_missing(true).busy_timeout(limit);
    options.journal_mode(SqliteJournalMode::Wal).connect().await
}

async fn read(database: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT n FROM counter").fetch_one(database).await
}

async fn write(database: &mut SqliteConnection, n: i64) -> sqlx::Result<()> {
    let update = sqlx::query("UPDATE counter SET n = ?").bind(n);
    update.execute(database).await.map(drop)
}

/// The database's own words and its number; other errors are passed on.
fn reason(error: sqlx::Error) -> Result<String> {
    let error = error.into_database_error().ok_or("no answer")?;
    let code = error.code().ok_or("no number")?;
    Ok(format!("{} ({code})", error.message()))
}
