//! Queue: many processes put, one gets.
//!
//! Python: `multiprocessing.Queue`, in `03_queue.py`.
//! Notes: N2:196, N4:1024, N0:905.
//!
//! `ipc-channel` is for processes what `std::sync::mpsc` is for threads: typed
//! messages, any number of senders, one receiver. Serde makes bytes of a
//! message, as pickle does in Python. Each arrives once and whole, those of one
//! sender in the order in which they were sent.
//!
//! The queue ends when the last sender is gone, so main drops its own, or it
//! would wait for itself for ever. Python's queue has no end: each worker says
//! that it is done. Do not wait for a worker before its messages are received,
//! as what does not fit keeps it waiting. And fork before there are threads:
//! the child has a copy of every lock, but not the thread that holds it
//! (`Queue.put` starts one). On macOS a fork does not hand on a channel, so
//! there this is skipped; `manager` works.
//!
//! ```text,expect
//! @any
//! worker 0: put 42, None, hello
//! worker 1: put 42, None, hello
//! worker 2: put 42, None, hello
//! @end
//! main: from worker 0: 42, None, hello
//! main: from worker 1: 42, None, hello
//! main: from worker 2: 42, None, hello
//! ```
//!
//! Break it: `sender.clone()` => `channel()?.0`

use ipc::Result;
use ipc_channel::IpcError;
use ipc_channel::ipc::channel;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Message {
    worker: usize,
    item: Item,
}

#[derive(Serialize, Deserialize)]
enum Item {
    Number(i64),
    Nothing,
    Text(String),
}

fn main() -> Result<()> {
    if cfg!(target_os = "macos") {
        println!("main: skipped, a fork does not hand on Mach ports");
        return Ok(());
    }
    let (sender, receiver) = channel()?;
    let mut workers = Vec::new();
    for worker in 0..3 {
        let sender = sender.clone();
        workers.push(ipc::fork(move || {
            let text = Item::Text("hello".into());
            for item in [Item::Number(42), Item::Nothing, text] {
                sender.send(Message { worker, item })?;
            }
            println!("worker {worker}: put 42, None, hello");
            Ok(())
        })?);
    }
    drop(sender);

    let mut got = [const { Vec::new() }; 3];
    loop {
        let message: Message = match receiver.recv() {
            Ok(message) => message,
            Err(IpcError::Disconnected) => break,
            Err(error) => return Err(error.into()),
        };
        got[message.worker].push(match message.item {
            Item::Number(number) => number.to_string(),
            Item::Nothing => "None".to_string(),
            Item::Text(text) => text,
        });
    }
    ipc::wait_all(workers)?;
    for (worker, items) in got.iter().enumerate() {
        println!("main: from worker {worker}: {}", items.join(", "));
    }
    Ok(())
}
