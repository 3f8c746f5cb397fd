//! Message passing: one thread owns the counter, the others ask it.
//!
//! Python: `queue.SimpleQueue`, in `20_message_passing.py`.
//! Notes: N0:556, N2:368.
//!
//! No lock and no atomic: the number of tickets given out is a local variable
//! of one thread, so nothing is shared that could be torn. A client sends a
//! request, here simply the channel for the answer, and the owner answers one
//! after the other. Reach for it when the state has rules of its own, or when
//! its owner does slow work with it; for a bare count an atomic is far quicker.
//! A request must be the whole step: with one message to read the number and
//! one to write it, the lost update would be back.
//!
//! Rust moves what is sent: a sender that uses it again does not compile
//! (E0382). Python sends a reference, and both sides go on with the same
//! object. When all clients have dropped their ends, the owner's loop ends by
//! itself; a `SimpleQueue` cannot be closed, so there a `None` says that it is
//! over.
//!
//! ```text,expect
//! main: 3 clients, 100 tickets each
//! @lanes
//! ann: 100 tickets, rising: true
//! bob: 100 tickets, rising: true
//! cid: 100 tickets, rising: true
//! owner: gave out 300
//! @end
//! main: 300 different tickets, 1 to 300: true
//! ```
//!
//! Break it: `|_| ask(&owner)` => `|own| own`

use std::collections::BTreeSet;
use std::sync::mpsc::{self, Sender};
use std::thread;

fn main() {
    println!("main: 3 clients, 100 tickets each");
    let (owner, requests) = mpsc::channel::<Sender<u32>>();
    let mut all = BTreeSet::new();
    thread::scope(|s| {
        s.spawn(move || {
            let mut given = 0;
            for reply in requests {
                given += 1;
                reply.send(given).expect("who asks waits for the answer");
            }
            println!("owner: gave out {given}");
        });
        let clients = ["ann", "bob", "cid"].map(|name| {
            let owner = owner.clone();
            s.spawn(move || {
                let tickets = (1..=100).map(|_| ask(&owner));
                let tickets: Vec<u32> = tickets.collect();
                let rising = tickets.is_sorted();
                println!("{name}: {} tickets, rising: {rising}", tickets.len());
                tickets
            })
        });
        drop(owner); // the clients' ends keep the channel open
        for client in clients {
            all.extend(client.join().expect("no client panics"));
        }
    });
    let complete = all.iter().copied().eq(1..=300);
    println!("main: {} different tickets, 1 to 300: {complete}", all.len());
}

fn ask(owner: &Sender<Sender<u32>>) -> u32 {
    let (reply, answer) = mpsc::channel();
    owner.send(reply).expect("the owner serves while there are clients");
    answer.recv().expect("the owner answers every request")
}
