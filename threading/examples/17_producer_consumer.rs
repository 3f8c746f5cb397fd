//! Producer and consumers: a bounded channel that closes.
//!
//! Python: `queue.Queue(maxsize=2)`, in `17_producer_consumer.py`.
//! Notes: N2:151.
//!
//! A producer makes items, consumers take them, a bounded channel stands
//! between. When it is full `send` blocks, so a fast producer cannot run away
//! from slow consumers. When the last sender is gone the channel is closed:
//! what is still in it is delivered, then every `recv` ends with an error and a
//! `for` over the receiver with it. Python's queue can be closed since 3.13
//! only; before, the producer puts one `None` for each consumer.
//!
//! The notes' consumers run `while not q.empty(): q.get()`. That is wrong
//! twice, and both are shown first: empty is not finished, so who looks too
//! early goes home without a thing; and seen is not taken, so of two who saw
//! the one item, one waits for ever. The sleeps in the notes only hide it. (To
//! show both makes this longer than a screen.)
//!
//! ```text,expect
//! early: took 0, left 1
//! late: 2 saw the item, 1 took it
//! producer: 2 made, no room for more
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
//! consumer 0: closed
//! consumer 1: closed
//! consumer 2: closed
//! consumer 3: closed
//! consumer 4: closed
//! @end
//! producer: 10 made, all consumers went home
//! ```
//!
//! Break it: `bounded(2)` => `crossbeam_channel::unbounded()`

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crossbeam_channel::{Receiver, bounded};

const ITEMS: u32 = 10;

/// The notes' loop, taken apart where it fails.
fn empty_is_not_finished() -> Result<(), Box<dyn Error>> {
    let (sender, queue) = bounded(1);
    let mut early = 0;
    while !queue.is_empty() {
        queue.recv()?;
        early += 1;
    }
    sender.send("comes late")?;
    println!("early: took {early}, left {}", queue.len());

    let both_looked = Barrier::new(2);
    let [saw, took] = [AtomicU32::new(0), AtomicU32::new(0)];
    let consume = || {
        if !queue.is_empty() {
            saw.fetch_add(1, Ordering::Relaxed);
            both_looked.wait();
            // Here `recv` would leave one of the two waiting for ever.
            if queue.try_recv().is_ok() {
                took.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|s| {
        s.spawn(consume);
        s.spawn(consume);
    });
    let (saw, took) = (saw.into_inner(), took.into_inner());
    println!("late: {saw} saw the item, {took} took it");
    Ok(())
}

fn consume(id: u32, shelf: Receiver<u32>) {
    for item in shelf {
        println!("consumer {id}: took {item}");
    }
    println!("consumer {id}: closed");
}

fn main() -> Result<(), Box<dyn Error>> {
    empty_is_not_finished()?;
    let (to_shelf, shelf) = bounded(2);
    let mut made = 0;
    while made < ITEMS && to_shelf.try_send(made).is_ok() {
        made += 1;
    }
    println!("producer: {made} made, no room for more");
    thread::scope(|s| {
        for id in 0..5 {
            let shelf = shelf.clone();
            s.spawn(move || consume(id, shelf));
        }
        while made < ITEMS {
            to_shelf.send(made)?; // blocks while the shelf is full
            made += 1;
        }
        drop(to_shelf);
        Ok::<(), Box<dyn Error>>(())
    })?;
    println!("producer: {made} made, all consumers went home");
    Ok(())
}
