//! Select: wait for several channels and a time limit at once.
//!
//! Python: one `queue.Queue` of tagged messages, in `31_select.py`.
//! Notes: none.
//!
//! A thread that serves several sources must not block on one of them.
//! `select!` waits until one of its channels has something, or is closed, or
//! the time is up, and runs that arm. If several are ready it takes one at
//! random, so that none starves. A closed channel is always ready: put
//! `never()` in its place, or the loop spins. std's `mpsc` has no `select`;
//! crossbeam's channels do.
//!
//! Python's queues cannot be waited for together. The usual way is one queue
//! for all sources, each message with a tag that says where it is from; the
//! order is then that of the arrivals. (In asyncio `wait` with
//! `FIRST_COMPLETED` selects.) Main lets each thread send in its turn here, so
//! it is known who is ready.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: nobody is ready within 20 ms, waited {:int 20..}
//! main: order 1
//! main: call 1
//! main: both are ready, and come: call 2, order 2
//! main: orders closed
//! main: nobody is ready within 20 ms, waited {:int 20..}
//! main: calls closed
//! ```
//!
//! Break it: `*orders = never();` => ``
//! Break it: `from_millis(20)` => `from_millis(0)`
//! Break it: `recv(calls) -> call` => `recv(never::<u32>()) -> call`
//! Break it (Python): `LIMIT = 0.02` => `LIMIT = 0`
//! Break it (Python): `self.inbox.put((self.tag, number))` =>
//! `self.inbox.put(("order", number))`

use std::error::Error;
use std::panic::resume_unwind;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, never, select};

const LIMIT: Duration = Duration::from_millis(20);

/// What comes first.
fn next(orders: &mut Receiver<u32>, calls: &mut Receiver<u32>) -> String {
    let start = Instant::now();
    select! {
        recv(orders) -> order => match order {
            Ok(number) => format!("order {number}"),
            Err(_) => {
                *orders = never();
                "orders closed".to_string()
            }
        },
        recv(calls) -> call => match call {
            Ok(number) => format!("call {number}"),
            Err(_) => {
                *calls = never();
                "calls closed".to_string()
            }
        },
        default(LIMIT) => {
            let (limit, waited) = (LIMIT.as_millis(), start.elapsed());
            let waited = waited.as_millis();
            format!("nobody is ready within {limit} ms, waited {waited}")
        }
    }
}

/// Sends the next number each time that it is told to.
fn send(turns: &Receiver<()>, to: &Sender<u32>, sent: &Sender<()>) {
    for (number, ()) in (1..).zip(turns) {
        if to.send(number).is_err() || sent.send(()).is_err() {
            break; // main has given up
        }
    }
}

/// Ends a sender, and with it its channel.
fn end(go: Sender<()>, thread: JoinHandle<()>) {
    drop(go);
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}

fn main() -> Result<(), Box<dyn Error>> {
    let (go_clerk, clerks_turns) = bounded(1);
    let (go_phone, phones_turns) = bounded(1);
    let (order, mut orders) = bounded(1);
    let (call, mut calls) = bounded(1);
    let (sent, has_sent) = bounded(2);
    let phone_sent = sent.clone();
    let clerk = thread::spawn(move || send(&clerks_turns, &order, &sent));
    let phone = thread::spawn(move || send(&phones_turns, &call, &phone_sent));

    println!("main: {}", next(&mut orders, &mut calls));
    for go in [&go_clerk, &go_phone] {
        go.send(())?;
        has_sent.recv()?; // however long that took: now it is ready
        println!("main: {}", next(&mut orders, &mut calls));
    }

    go_clerk.send(())?;
    go_phone.send(())?;
    has_sent.iter().take(2).for_each(drop);
    let mut come = [(); 2].map(|()| next(&mut orders, &mut calls));
    come.sort(); // it is open which of them comes first
    println!("main: both are ready, and come: {}", come.join(", "));

    end(go_clerk, clerk);
    println!("main: {}", next(&mut orders, &mut calls));
    println!("main: {}", next(&mut orders, &mut calls));
    end(go_phone, phone);
    println!("main: {}", next(&mut orders, &mut calls));
    Ok(())
}
