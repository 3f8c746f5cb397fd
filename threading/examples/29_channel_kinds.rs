//! Channel kinds: what each does when it is full, empty or closed.
//!
//! Python: `queue.Queue` and its `maxsize`, in `29_channel_kinds.py`.
//! Notes: none.
//!
//! An unbounded channel is never full: a sender that is faster than the
//! receiver fills the memory. A bounded one makes the sender wait, which passes
//! the pressure back; make this the habit. A bound of 0 is a rendezvous: a
//! value is handed over, never stored, so when `send` returns the receiver has
//! it. An empty channel makes the receiver wait. A closed one (no sender left)
//! delivers what is in it and then says so; with no receiver left `send` fails
//! and gives the value back. std's `mpsc` has all three kinds with one receiver
//! (E0599 for a clone, see `threading/src/lib.rs`); crossbeam's receivers may
//! be cloned, and share the values out.
//!
//! Python's `Queue` is bounded by `maxsize`, 0 meaning no bound. It has no
//! rendezvous (built by hand there), and can be closed only since 3.13
//! (`shutdown`); before that a sentinel is the convention.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: unbounded, 1000 sent: full false
//! main: bounded by 2, 2 sent: full true
//! main: rendezvous, nobody receives: full true
//! main: rendezvous, one receives: full false, it got 7
//! main: empty: nothing to receive, closed false
//! main: closed with 2 left: received 1, received 2, then closed true
//! main: 2 receivers: took 2 each, sum 10, met 2 times
//! ```
//!
//! Break it: `bounded(2);` => `bounded(3);`
//! Break it: `bounded(0);` => `bounded(1);`
//! Break it: `drop(sender); // closes` => `drop(sender.clone());`
//! Break it: `let other = inbox.clone();` =>
//! `let other = unbounded::<u32>().1;`
//! Break it (Python): `Queue(maxsize=2)` => `Queue(maxsize=3)`
//! Break it (Python): `if self.receivers == 0:` => `if False:`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use crossbeam_channel::{
    Receiver, RecvError, TryRecvError, bounded, unbounded,
};

fn main() -> Result<(), Box<dyn Error>> {
    let (sender, _inbox) = unbounded();
    let full = (0..1000).any(|number| sender.try_send(number).is_err());
    println!("main: unbounded, {} sent: full {full}", sender.len());

    let (sender, _inbox) = bounded(2);
    let full = (0..3).any(|number| sender.try_send(number).is_err());
    println!("main: bounded by 2, {} sent: full {full}", sender.len());

    let (sender, inbox) = bounded(0);
    let full = sender.try_send(7).is_err();
    println!("main: rendezvous, nobody receives: full {full}");
    let receiver = thread::spawn(move || inbox.recv());
    while sender.try_send(7).is_err() {
        thread::yield_now(); // until it receives
    }
    let got = receiver.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("main: rendezvous, one receives: full false, it got {got}");

    let (sender, inbox) = unbounded::<u32>();
    let closed = inbox.try_recv() != Err(TryRecvError::Empty);
    println!("main: empty: nothing to receive, closed {closed}");

    sender.send(1)?;
    sender.send(2)?;
    drop(sender); // closes
    let left: Vec<_> =
        inbox.try_iter().map(|n| format!("received {n}")).collect();
    let closed = inbox.try_recv() == Err(TryRecvError::Disconnected);
    let left_count = left.len();
    println!(
        "main: closed with {left_count} left: {}, then closed {closed}",
        left.join(", ")
    );

    let (sender, inbox) = unbounded::<u32>();
    let other = inbox.clone();
    (1..=4).try_for_each(|number| sender.send(number))?;
    drop(sender);
    let both = Barrier::new(2);
    let met = AtomicU32::new(0);
    let meet = || met.fetch_add(both.wait().is_leader().into(), Relaxed);
    let take_two = |inbox: &Receiver<u32>| {
        meet(); // neither has taken any
        let first = inbox.recv()?;
        meet(); // each has taken one
        Ok::<u32, RecvError>(first + inbox.recv()?)
    };
    let sums = thread::scope(|s| {
        let receivers = [&inbox, &other].map(|r| s.spawn(|| take_two(r)));
        receivers.map(|receiver| {
            receiver.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    });
    let sum: u32 = sums.into_iter().sum::<Result<_, _>>()?;
    let met = met.into_inner();
    println!("main: 2 receivers: took 2 each, sum {sum}, met {met} times");
    Ok(())
}
