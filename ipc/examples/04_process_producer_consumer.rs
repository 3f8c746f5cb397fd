//! Producer and consumer as processes: how the end is told.
//!
//! Python: `multiprocessing.Queue`, in `04_process_producer_consumer.py`.
//! Notes: N4:1057.
//!
//! One process makes data, another doubles it, a queue is between them, and an
//! agreed value, a sentinel, says that no more will come. The notes are wrong
//! in how they look for it: `data is sentinel` asks for the same object, and
//! what comes out of a queue is a copy. With -1 it works by luck, as CPython
//! keeps one object for each number from -5 to 256; -1000 is doubled like any
//! other. Compare by value; in Rust let the loop end with the last sender, or
//! name the end in an `enum`.
//!
//! A trap where processes print: text in a buffer at the moment of a `fork` is
//! in both buffers, and is printed twice. `ipc::fork` flushes first, as
//! Python's `Process.start` does. On macOS, where a fork does not hand on a
//! channel, this is skipped.
//!
//! ```text,expect
//! main: the end is -1000, found by identity
//! producer: puts 5, 10, 13 and -1000
//! consumer: 5 doubled is 10
//! consumer: 10 doubled is 20
//! consumer: 13 doubled is 26
//! consumer: -1000 doubled is -2000
//! consumer: the producer is gone, and no end was found
//! main: the end is -1, found by value
//! producer: puts 5, 10, 13 and -1
//! consumer: 5 doubled is 10
//! consumer: 10 doubled is 20
//! consumer: 13 doubled is 26
//! consumer: -1 is the end
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
    if cfg!(target_os = "macos") {
        println!("main: skipped, a fork does not hand on Mach ports");
        return Ok(());
    }
    println!("main: the end is {BY_IDENTITY}, found by identity");
    run(BY_IDENTITY, |item| ptr::eq(item, &BY_IDENTITY))?;
    println!("main: the end is {BY_VALUE}, found by value");
    run(BY_VALUE, |item| *item == BY_VALUE)
}

fn run(end: i64, is_end: fn(&i64) -> bool) -> Result<()> {
    let (sender, receiver) = channel()?;
    let producer = ipc::fork(move || produce(end, &sender))?;
    let consumer = ipc::fork(move || consume(&receiver, is_end))?;
    ipc::wait_all([producer, consumer])?;
    Ok(())
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
