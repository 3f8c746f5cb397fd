//! The end not noticed: at the end of a stream, reading is always ready.
//!
//! Python: `StreamReader.readline`, in `58_end_not_noticed.py`.
//! Reported: Bitmessage/PyBitmessage#277.
//! Symptom: it is slow: one core is busy, nothing is done, other tasks starve.
//!
//! Once the other side has closed, a read does not wait any more: it gives no
//! bytes, or `None`, at once and every time. A loop that only asks "is there a
//! line?" then runs forever. As it never waits, it need not let other tasks
//! run either: asyncio gives them no turn at all. tokio makes its own sockets
//! and channels yield after 128 operations, so others are slow and not dead;
//! `async_channel` and a reader of what is already in memory do not.
//!
//! The cure is to leave the loop at the end: `while let Some(…)`, or a match on
//! zero bytes. A `select!` over a channel that may be closed needs it as well.
//! Rust's `Option` raises the question, but `if let` in a loop ignores it. The
//! broken loop stops itself here after 1000 turns. The cured one waits for a
//! connection that its neighbour closes at its thousandth turn.
//!
//! ```text,expect
//! @tasks
//! broken: 3 lines in 1000 turns
//! main: meanwhile the neighbour had {:int 0..10} turns
//! cured: 3 lines in 3 turns, and the end
//! main: meanwhile the neighbour had {:int 1000..} turns
//! ```
//!
//! Break it: `0 => break, // the end` => `0 if turns == MOST => break, 0 => {}`
//! Break it: `reader.read_line(&mut line).await?; // at once` =>
//! `reader.read_line(&mut line).await?; tokio::task::yield_now().await;`
//! Break it (Python): `if not line:  # the end` =>
//! `if not line and turns == MOST:`
//! Break it (Python): `line = await reader.readline()  # at once` =>
//! `line = await reader.readline(); await asyncio.sleep(0)`

use std::io::{self, Write};
use std::os::unix::net::UnixStream as PlainStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::UnixStream;
use tokio::spawn;
use tokio::task::yield_now;

/// Where the broken loop stops itself.
const MOST: u32 = 1000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let turns = Arc::new(AtomicU32::new(0));
    let (ours, theirs) = three_lines()?;
    drop(theirs);
    let neighbour = spawn(take_turns(Arc::clone(&turns), None));
    broken(ours).await?;
    neighbour.abort();
    let had = turns.swap(0, Relaxed);
    println!("main: meanwhile the neighbour had {had} turns");

    let (ours, theirs) = three_lines()?;
    let neighbour = spawn(take_turns(Arc::clone(&turns), Some(theirs)));
    cured(ours).await?;
    neighbour.abort();
    let had = turns.load(Relaxed);
    println!("main: meanwhile the neighbour had {had} turns");
    Ok(())
}

/// A connection with three lines in it, and its other end.
fn three_lines() -> io::Result<(BufReader<UnixStream>, PlainStream)> {
    let (ours, mut theirs) = PlainStream::pair()?;
    theirs.write_all(b"one\ntwo\nthree\n")?;
    ours.set_nonblocking(true)?;
    Ok((BufReader::new(UnixStream::from_std(ours)?), theirs))
}

async fn broken(mut reader: BufReader<UnixStream>) -> io::Result<()> {
    let (mut lines, mut turns) = (0, 0);
    while turns < MOST {
        turns += 1;
        let mut line = String::new();
        reader.read_line(&mut line).await?; // at once
        if !line.is_empty() {
            lines += 1;
        }
    }
    println!("broken: {lines} lines in {turns} turns");
    Ok(())
}

async fn cured(mut reader: BufReader<UnixStream>) -> io::Result<()> {
    let (mut lines, mut turns) = (0, 0);
    loop {
        let mut line = String::new();
        match reader.read_line(&mut line).await? {
            0 => break, // the end
            _ => lines += 1,
        }
        turns += 1;
    }
    println!("cured: {lines} lines in {turns} turns, and the end");
    Ok(())
}

/// Closes what it was given at its thousandth turn.
async fn take_turns(turns: Arc<AtomicU32>, mut theirs: Option<PlainStream>) {
    loop {
        if turns.fetch_add(1, Relaxed) + 1 == MOST {
            drop(theirs.take());
        }
        yield_now().await;
    }
}
