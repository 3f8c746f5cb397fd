//! Producer and consumer as processes: how to tell the end.
//!
//! Python: `multiprocessing.Queue`, in `08_process_producer_consumer.py`.
//! Notes: N4:1070.
//!
//! One process makes data, another doubles it, and a queue connects them. An
//! agreed value, a sentinel, says that no more will come. Compare it by value:
//! what comes out of a queue is a copy, never the object that was put in. In
//! Rust you need no sentinel: let the loop end with the last sender, or make
//! the end a variant of an `enum`.
//!
//! Text that is still in a buffer at the moment of a `fork` is then in both
//! processes and is printed twice (`inherited_state`). `ipc::fork` flushes
//! first, as Python's `Process.start` does. On macOS a fork does not hand on a
//! channel, so this is skipped there.
//!
//! In the notes: `data is sentinel` asks for the same object. With -1 it works
//! by luck, as CPython keeps one object for each small integer (-5 to 256, and
//! to 1024 since 3.15). -1000 is doubled like any other number.
//!
//! ```text,expect
//! @processes
//! main: the end is -1000, found by identity
//! producer 1: puts 5, 10, 13, -1000
//! consumer 1: 5 doubled is 10
//! consumer 1: 10 doubled is 20
//! consumer 1: 13 doubled is 26
//! consumer 1: -1000 doubled is -2000
//! consumer 1: the producer is gone, and no end was found
//! main: the end is -1, found by value
//! producer 2: puts 5, 10, 13, -1
//! consumer 2: 5 doubled is 10
//! consumer 2: 10 doubled is 20
//! consumer 2: 13 doubled is 26
//! consumer 2: -1 is the end
//! main: both rounds are over, processes waited for: 4
//! ```
//!
//! Break it: `*item == BY_VALUE` => `ptr::eq(item, &BY_VALUE)`
//! Break it: `ptr::eq(item, &BY_IDENTITY)` => `*item == BY_IDENTITY`
//! Break it (Python): `operator.is_` => `operator.eq`
//! Break it (Python): `item * 2` => `item`

use std::ptr;

use ipc::Result;
use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};

static BY_IDENTITY: i64 = -1000;
static BY_VALUE: i64 = -1;

fn main() -> Result<()> {
    if cfg!(target_os = "macos") {
        println!("main: skipped, a fork does not hand on Mach ports");
        return Ok(());
    }
    println!("main: the end is {BY_IDENTITY}, found by identity");
    let first = run(1, BY_IDENTITY, |item| ptr::eq(item, &BY_IDENTITY))?;
    println!("main: the end is {BY_VALUE}, found by value");
    let second = run(2, BY_VALUE, |item| *item == BY_VALUE)?;
    let ended = first + second;
    println!("main: both rounds are over, processes waited for: {ended}");
    Ok(())
}

fn run(round: u32, end: i64, is_end: fn(&i64) -> bool) -> Result<usize> {
    let (sender, receiver) = channel()?;
    let producer = ipc::fork(move || produce(round, end, &sender))?;
    let consumer = ipc::fork(move || consume(round, &receiver, is_end))?;
    ipc::wait_all([producer, consumer])
}

fn produce(round: u32, end: i64, queue: &IpcSender<i64>) -> Result<()> {
    println!("producer {round}: puts 5, 10, 13, {end}");
    for item in [5, 10, 13, end] {
        queue.send(item)?;
    }
    Ok(())
}

fn consume(
    round: u32,
    queue: &IpcReceiver<i64>,
    is_end: fn(&i64) -> bool,
) -> Result<()> {
    let consumer = format!("consumer {round}");
    loop {
        match queue.recv() {
            Ok(item) if is_end(&item) => {
                println!("{consumer}: {item} is the end");
                return Ok(());
            }
            Ok(item) => println!("{consumer}: {item} doubled is {}", item * 2),
            Err(IpcError::Disconnected) => break,
            Err(error) => return Err(error.into()),
        }
    }
    println!("{consumer}: the producer is gone, and no end was found");
    Ok(())
}
