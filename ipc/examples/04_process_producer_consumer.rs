//! Producer and consumer as processes: how the end is told.
//!
//! Python: `multiprocessing.Queue`, in `04_process_producer_consumer.py`.
//! Notes: N4:1057.
//!
//! One process makes data, another doubles it, a queue is between them. An
//! agreed value, a sentinel, says that no more will come. The notes are wrong
//! in how they look for it: `data is sentinel` asks whether it is the same
//! object, and what comes through a queue is always a copy. With their -1 it
//! works by luck, as CPython keeps one object for each number from -5 to 256;
//! with -1000 the consumer doubles its own end and goes on. Compare by value.
//! In Rust no sentinel is needed: the loop ends when the last sender is gone,
//! or an `enum` names the end.
//!
//! Another trap of processes that print: text in a buffer at the moment of a
//! `fork` is in the child's buffer too, and is printed by both. `ipc::fork`
//! flushes first, as Python's `Process.start` does.
//!
//! ```text,expect
//! main: the end is -1000, found by identity
//! @lanes
//! producer: puts 5, 10, 13 and -1000
//! consumer: 5 doubled is 10
//! consumer: 10 doubled is 20
//! consumer: 13 doubled is 26
//! consumer: -1000 doubled is -2000
//! consumer: the producer is gone, and no end was found
//! @end
//! main: the end is -1, found by value
//! @lanes
//! producer: puts 5, 10, 13 and -1
//! consumer: 5 doubled is 10
//! consumer: 10 doubled is 20
//! consumer: 13 doubled is 26
//! consumer: -1 is the end
//! @end
//! ```
//!
//! Break it: `*item == BY_VALUE` => `ptr::eq(item, &BY_VALUE)`

use std::ptr;

use ipc::Result;
use ipc_channel::IpcError;
use ipc_channel::ipc::{IpcReceiver, IpcSender, channel};

static BY_IDENTITY: i64 = -1000;
static BY_VALUE: i64 = -1;

fn main() -> Result<()> {
    println!("main: the end is {BY_IDENTITY}, found by identity");
    run(BY_IDENTITY, |item| ptr::eq(item, &BY_IDENTITY))?;
    println!("main: the end is {BY_VALUE}, found by value");
    run(BY_VALUE, |item| *item == BY_VALUE)
}

fn run(end: i64, is_end: fn(&i64) -> bool) -> Result<()> {
    let (sender, receiver) = channel()?;
    let producer = ipc::fork(move || produce(end, &sender))?;
    let consumer = ipc::fork(move || consume(&receiver, is_end))?;
    ipc::wait_all([producer, consumer])
}

fn produce(end: i64, queue: &IpcSender<i64>) -> Result<()> {
    println!("producer: puts 5, 10, 13 and {end}");
    for item in [5, 10, 13, end] {
        queue.send(item)?;
    }
    Ok(())
}

fn consume(queue: &IpcReceiver<i64>, is_end: fn(&i64) -> bool) -> Result<()> {
    loop {
        match queue.recv() {
            Ok(item) if is_end(&item) => {
                println!("consumer: {item} is the end");
                return Ok(());
            }
            Ok(item) => println!("consumer: {item} doubled is {}", item * 2),
            Err(IpcError::Disconnected) => break,
            Err(error) => return Err(error.into()),
        }
    }
    println!("consumer: the producer is gone, and no end was found");
    Ok(())
}
