//! Producer and consumers: a bounded channel that closes.
//!
//! Python: `queue.Queue(maxsize=2)`, in `30_producer_consumer.py`.
//! Notes: N2:151, N3:45.
//!
//! A producer makes items, consumers take them, a bounded channel stands
//! between them. When it is full, `send` blocks, so a fast producer cannot run
//! away from slow consumers. When the last sender is dropped, the channel is
//! closed: what is still in it is delivered, then every `recv` returns an error
//! and a `for` over the receiver ends. Python's queue can be closed only since
//! 3.13 (`shutdown`); before that the producer puts one `None` for each
//! consumer. std's `mpsc` has one receiver; crossbeam's may be cloned for
//! several consumers. Drop the producer's own receiver, and `send` fails
//! instead of waiting forever when all consumers are gone.
//!
//! Each consumer keeps its first item until all five have one, so all take
//! part; and none may end before main has closed the channel.
//!
//! In the notes: the consumers run `while not q.empty(): q.get()`. That is
//! wrong twice, and both are shown first. An empty queue does not mean that the
//! producer has finished: an early consumer quits with nothing. And of two
//! consumers that see one item, one takes it and the other waits forever. The
//! sleeps in the notes only hide it.
//!
//! ```text,expect
//! @threads
//! @peak 5.. threads
//! main: an early consumer took 0, and left 1
//! main: 2 late consumers saw the item, 1 took it
//! main: 2 made, no room for more
//! @any
//! consumer {:int 0..4}: took 0
//! consumer {:int 0..4}: took 1
//! consumer {:int 0..4}: took 2
//! consumer {:int 0..4}: took 3
//! consumer {:int 0..4}: took 4
//! consumer {:int 0..4}: took 5
//! consumer {:int 0..4}: took 6
//! consumer {:int 0..4}: took 7
//! consumer {:int 0..4}: took 8
//! consumer {:int 0..4}: took 9
//! main: 10 made, the channel is about to close  #closing
//! consumer 0: closed  #closed
//! consumer 1: closed  #closed
//! consumer 2: closed  #closed
//! consumer 3: closed  #closed
//! consumer 4: closed  #closed
//! @end
//! @before closing closed
//! main: 5 consumers took some, each in order
//! ```
//!
//! Break it: `bounded(2)` => `crossbeam_channel::unbounded()`
//! Break it: `in shelf {` => `in shelf.iter().take(1) {`
//! Break it: `if queue.try_recv().is_ok()` => `if !queue.is_empty()`
//! Break it (Python): `maxsize=2` => `maxsize=0`
//! Break it (Python): `            items.get_nowait()` =>
//! `            assert items.queue`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use crossbeam_channel::{Receiver, bounded};

const ITEMS: u32 = 10;
const CONSUMERS: usize = 5;

/// The notes' loop, taken apart where it fails.
fn empty_is_not_finished() -> Result<(), Box<dyn Error>> {
    let (sender, queue) = bounded(1);
    let mut early = 0;
    while !queue.is_empty() {
        queue.recv()?;
        early += 1;
    }
    sender.send("comes late")?;
    let left = queue.len();
    println!("main: an early consumer took {early}, and left {left}");

    let both_looked = Barrier::new(2);
    let [saw, took] = [AtomicU32::new(0), AtomicU32::new(0)];
    let consume = || {
        if !queue.is_empty() {
            saw.fetch_add(1, Relaxed);
            both_looked.wait();
            // Here `recv` would leave one of the two waiting for ever.
            if queue.try_recv().is_ok() {
                took.fetch_add(1, Relaxed);
            }
        }
    };
    thread::scope(|s| {
        s.spawn(consume);
        s.spawn(consume);
    });
    let (saw, took) = (saw.into_inner(), took.into_inner());
    println!("main: {saw} late consumers saw the item, {took} took it");
    Ok(())
}

fn consume(id: usize, shelf: Receiver<u32>, all: &Barrier) -> Vec<u32> {
    let mut taken = Vec::new();
    for item in shelf {
        println!("consumer {id}: took {item}");
        if taken.is_empty() {
            all.wait();
        }
        taken.push(item);
    }
    println!("consumer {id}: closed");
    taken
}

fn main() -> Result<(), Box<dyn Error>> {
    empty_is_not_finished()?;
    let (to_shelf, shelf) = bounded(2);
    let mut made = 0;
    while made < ITEMS && to_shelf.try_send(made).is_ok() {
        made += 1;
    }
    println!("main: {made} made, no room for more");
    let all = Barrier::new(CONSUMERS);
    let taken = thread::scope(|s| -> Result<Vec<_>, Box<dyn Error>> {
        let mut consumers = Vec::new();
        for id in 0..CONSUMERS {
            let (shelf, all) = (shelf.clone(), &all);
            consumers.push(s.spawn(move || consume(id, shelf, all)));
        }
        drop(shelf);
        while made < ITEMS {
            to_shelf.send(made)?; // blocks while the shelf is full
            made += 1;
        }
        println!("main: {made} made, the channel is about to close");
        drop(to_shelf);
        let join = |thread: thread::ScopedJoinHandle<'_, Vec<u32>>| {
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        Ok(consumers.into_iter().map(join).collect())
    })?;
    let some = |taken: &&Vec<u32>| !taken.is_empty() && taken.is_sorted();
    let good = taken.iter().filter(some).count();
    println!("main: {good} consumers took some, each in order");
    Ok(())
}
