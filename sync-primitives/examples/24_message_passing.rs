//! Message passing: one thread owns the data, the others ask it.
//!
//! Python: `queue.SimpleQueue`, in `24_message_passing.py`.
//! Notes: N0:557, N0:665, N2:366, N2:367.
//!
//! No lock and no atomic: the number of tickets given out is a local variable
//! of one thread. A client sends a request, here just the channel for the
//! answer, and the owner answers one request after the other. Use it when the
//! data has rules of its own, or when its owner does slow work with it; for a
//! plain count an atomic is far quicker. A request must be the whole step. If
//! one message read the number and another wrote it, the lost update would be
//! back.
//!
//! The same with two accounts: dan and eve transfer in opposite directions, as
//! in `deadlock`. A transfer is one message to the owner of both accounts, so
//! nobody can hold one of them and wait for the other. Queues do not prevent
//! every deadlock: two threads can wait for each other's messages
//! (`full_mailboxes`).
//!
//! Rust moves what is sent, so the sender cannot use it again (E0382). Python
//! sends a reference, and both sides keep the same object. The owner's loop
//! ends when all clients have dropped their senders. A `SimpleQueue` cannot be
//! closed; there a `None` says that it is over.
//!
//! ```text,expect
//! @threads
//! @peak 4..7 threads
//! main: 3 clients, 100 tickets each
//! @lanes
//! ann: 100 tickets, rising: true
//! bob: 100 tickets, rising: true
//! cid: 100 tickets, rising: true
//! owner: gave out 300
//! @end
//! main: 300 different tickets, 1 to 300: true
//! main: given out by the owner alone: true
//! @lanes
//! dan: orders 30 from 0 to 1
//! eve: orders 10 from 1 to 0
//! bank: has made 2 transfers, now [80, 120]
//! @end
//! main: the bank has closed
//! ```
//!
//! Break it: `ask(&owner)` => `{ ask(&owner); (7, thread::current().id()) }`
//! Break it: `given += 1;` => `given = 1;`
//! Break it: `accounts[to] += amount;` => ``
//! Break it (Python): `return reply.get()` =>
//! `return reply.get()[0], threading.get_ident()`
//! Break it (Python): `accounts[target] += amount` => `pass`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, ThreadId};

/// The number, and the thread that gave it out.
type Ticket = (u32, ThreadId);

fn main() {
    tickets();
    transfers();
    println!("main: the bank has closed");
}

fn tickets() {
    println!("main: 3 clients, 100 tickets each");
    let (owner, requests) = mpsc::channel::<Sender<Ticket>>();
    let all_here = Barrier::new(3);
    let (mut tickets, owner_id) = thread::scope(|s| {
        let owner_id = s.spawn(move || give_out(requests)).thread().id();
        let clients = ["ann", "bob", "cid"].map(|name| {
            let (owner, all_here) = (owner.clone(), &all_here);
            s.spawn(move || {
                all_here.wait();
                let tickets = (1..=100).map(|_| ask(&owner));
                let tickets: Vec<Ticket> = tickets.collect();
                let rising = tickets.is_sorted_by_key(|(number, _)| *number);
                println!("{name}: {} tickets, rising: {rising}", tickets.len());
                tickets
            })
        });
        drop(owner); // the clients' ends keep the channel open
        let tickets = clients.map(|client| {
            client.join().unwrap_or_else(|panic| resume_unwind(panic))
        });
        (tickets.concat(), owner_id)
    });
    let alone = tickets.iter().all(|(_, giver)| *giver == owner_id);
    tickets.sort_by_key(|(number, _)| *number);
    tickets.dedup();
    let all = tickets.iter().map(|(number, _)| *number).eq(1..=300);
    println!("main: {} different tickets, 1 to 300: {all}", tickets.len());
    println!("main: given out by the owner alone: {alone}");
}

fn give_out(requests: Receiver<Sender<Ticket>>) {
    let mut given = 0;
    for reply in requests {
        given += 1;
        reply
            .send((given, thread::current().id()))
            .expect("a client that asks waits for the answer");
    }
    println!("owner: gave out {given}");
}

fn ask(owner: &Sender<Sender<Ticket>>) -> Ticket {
    let (reply, answer) = mpsc::channel();
    owner.send(reply).expect("the owner serves while there are clients");
    answer.recv().expect("the owner answers every request")
}

fn transfers() {
    let (bank, orders) = mpsc::channel::<(usize, usize, i32)>();
    let both_here = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(move || {
            let mut accounts = [100, 100];
            let mut made = 0;
            for (from, to, amount) in orders {
                accounts[from] -= amount;
                accounts[to] += amount;
                made += 1;
            }
            println!("bank: has made {made} transfers, now {accounts:?}");
        });
        for (who, from, to, amount) in [("dan", 0, 1, 30), ("eve", 1, 0, 10)] {
            let (bank, both_here) = (bank.clone(), &both_here);
            s.spawn(move || {
                both_here.wait();
                println!("{who}: orders {amount} from {from} to {to}");
                bank.send((from, to, amount)).expect("the bank is open");
            });
        }
        drop(bank);
    });
}
