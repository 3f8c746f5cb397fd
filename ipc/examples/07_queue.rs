//! Queue: many processes put, one gets.
//!
//! Python: `multiprocessing.Queue`, in `07_queue.py`.
//! Notes: N2:194, N4:1028, N0:909.
//!
//! `ipc-channel` is for processes what `std::sync::mpsc` is for threads: typed
//! messages, any number of senders, one receiver. Serde turns a message into
//! bytes, as pickle does in Python. Each message arrives once and whole, and
//! those of one sender arrive in the order in which they were sent.
//!
//! The queue ends when the last sender is gone. So main drops its own, or it
//! would wait for itself. Python's queue has no end: each worker says that it
//! is done. Receive before you join: a child whose messages do not fit does not
//! end (`join_before_drain`). Fork before you start threads
//! (`fork_with_threads`); `Queue.put` starts one. On macOS a fork does not hand
//! on a channel, so this is skipped there; `manager` works.
//!
//! ```text,expect
//! @processes
//! @peak 3 processes
//! @any
//! worker 0: one of 3, put 42, None, hello
//! worker 1: one of 3, put 42, None, hello
//! worker 2: one of 3, put 42, None, hello
//! @end
//! main: from worker 0: 42, None, hello
//! main: from worker 1: 42, None, hello
//! main: from worker 2: 42, None, hello
//! main: the queue is at its end, 3 workers have ended
//! ```
//!
//! Break it: `sender.clone()` => `channel()?.0`
//! Break it (Python): `queue.put((worker, item))` => `queue.put((0, item))`

use ipc::{Barrier, Result};
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
    let all_here = Barrier::new(3)?;
    let mut workers = Vec::new();
    for worker in 0..3 {
        let sender = sender.clone();
        let all_here = &all_here;
        workers.push(ipc::fork(move || {
            let met = all_here.wait()?; // now all three put at the same time
            let text = Item::Text("hello".into());
            for item in [Item::Number(42), Item::Nothing, text] {
                sender.send(Message { worker, item })?;
            }
            println!("worker {worker}: one of {met}, put 42, None, hello");
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
    for (worker, items) in got.iter().enumerate() {
        println!("main: from worker {worker}: {}", items.join(", "));
    }
    let ended = ipc::wait_all(workers)?;
    println!("main: the queue is at its end, {ended} workers have ended");
    Ok(())
}
