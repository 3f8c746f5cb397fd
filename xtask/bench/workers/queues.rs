//! Numbers from 1 to n through a bounded queue, summed on the other side.

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Arc, Barrier};
use std::thread;

use super::crew::Crew;
use super::{Worker, one_thread, spread};
use crate::Error;

const CAPACITY: usize = 1024;
/// A consumer that gets this hands in its sum.
const END: u64 = 0;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let (form, senders, receivers) = match form.rsplit_once('_') {
        Some((form, "11")) => (form, 1, 1),
        Some((form, "44")) => (form, 4, 4),
        Some((form, "14")) => (form, 1, 4),
        _ => return Ok(None),
    };
    Ok(Some(match form {
        "ring" => rings(senders, receivers),
        "std" if receivers == 1 => {
            let (sender, receiver) = sync_channel(CAPACITY);
            one_to_one(
                move |i| sender.send(i).expect("open"),
                move || receiver.recv().expect("open"),
            )
        }
        "std" => {
            let (sender, receiver) = sync_channel(CAPACITY);
            // The receiver cannot be cloned: several share it by a lock.
            let receiver = std::sync::Mutex::new(receiver);
            queue(
                (senders, receivers),
                move |i| sender.send(i).expect("open"),
                move || {
                    receiver.lock().expect("not poisoned").recv().expect("open")
                },
            )
        }
        "crossbeam" => {
            let (sender, receiver) = crossbeam_channel::bounded(CAPACITY);
            queue(
                (senders, receivers),
                move |i| sender.send(i).expect("open"),
                move || receiver.recv().expect("open"),
            )
        }
        "flume" => {
            let (sender, receiver) = flume::bounded(CAPACITY);
            queue(
                (senders, receivers),
                move |i| sender.send(i).expect("open"),
                move || receiver.recv().expect("open"),
            )
        }
        "kanal" => {
            let (sender, receiver) = kanal::bounded(CAPACITY);
            queue(
                (senders, receivers),
                move |i| sender.send(i).expect("open"),
                move || receiver.recv().expect("open"),
            )
        }
        "tokio" => {
            let runtime = one_thread()?;
            Worker::new(move |n| {
                runtime.block_on(async {
                    let (sender, mut receiver) =
                        tokio::sync::mpsc::channel(CAPACITY);
                    let consumer = tokio::spawn(async move {
                        let mut sum = 0;
                        while let Some(i) = receiver.recv().await {
                            sum += i;
                        }
                        sum
                    });
                    for i in 1..=n {
                        sender.send(i).await.expect("open");
                    }
                    drop(sender);
                    consumer.await.expect("it does not panic")
                })
            })
        }
        _ => return Ok(None),
    }))
}

/// Through a queue that both sides share by reference.
fn queue(
    (senders, receivers): (u64, usize),
    send: impl Fn(u64) + Send + Sync + 'static,
    receive: impl Fn() -> u64 + Send + Sync + 'static,
) -> Worker {
    let (send, receive) = (Arc::new(send), Arc::new(receive));
    let (answer, answers) = channel();
    let ended = Arc::new(Barrier::new(receivers + 1));
    for i in 0..receivers {
        let (receive, answer) = (Arc::clone(&receive), answer.clone());
        let ended = Arc::clone(&ended);
        thread::spawn(move || {
            spread(i as u64 + 1);
            consume(|| receive(), &answer, &ended);
        });
    }
    spread(0);
    let own = Arc::clone(&send);
    let producers = Crew::new(senders, move |me, part| {
        (me * part + 1..=(me + 1) * part).for_each(|i| own(i));
        0
    });
    Worker::new(move |n| {
        if senders == 1 {
            (1..=n).for_each(|i| send(i));
        } else {
            producers.run(n);
        }
        (0..receivers).for_each(|_| send(END));
        let sum = answers.iter().take(receivers).sum();
        ended.wait();
        sum
    })
}

/// Through a queue whose receiver belongs to one thread.
fn one_to_one(
    send: impl Fn(u64) + 'static,
    receive: impl Fn() -> u64 + Send + 'static,
) -> Worker {
    let (answer, answers) = channel();
    let ended = Arc::new(Barrier::new(2));
    let met = Arc::clone(&ended);
    thread::spawn(move || {
        spread(1);
        consume(receive, &answer, &met);
    });
    spread(0);
    Worker::new(move |n| {
        (1..=n).for_each(&send);
        send(END);
        let sum = answers.recv().expect("the consumer is there");
        ended.wait();
        sum
    })
}

/// Sums until the end, hands in, waits for all.
fn consume(
    receive: impl Fn() -> u64,
    answer: &std::sync::mpsc::Sender<u64>,
    ended: &Barrier,
) {
    loop {
        let items =
            std::iter::from_fn(|| Some(receive())).take_while(|i| *i != END);
        if answer.send(items.sum()).is_err() {
            return;
        }
        ended.wait();
    }
}

/// The limit: a ring for each pair, two counters, no lock, no call to the kernel
/// while there is work.
fn rings(senders: u64, receivers: usize) -> Worker {
    let rings: Vec<Arc<Ring>> = (0..receivers).map(|_| Ring::new()).collect();
    let (answer, answers) = channel();
    let ended = Arc::new(Barrier::new(receivers + 1));
    for (i, ring) in (1..).zip(&rings) {
        let (ring, answer) = (Arc::clone(ring), answer.clone());
        let ended = Arc::clone(&ended);
        thread::spawn(move || {
            spread(i);
            consume(|| ring.receive(), &answer, &ended);
        });
    }
    spread(0);
    let own = rings.clone();
    let producers = Crew::new(senders, move |me, part| {
        (me * part + 1..=(me + 1) * part)
            .for_each(|i| own[me as usize].send(i));
        0
    });
    Worker::new(move |n| {
        if senders == 1 {
            let turns = rings.iter().cycle();
            turns.zip(1..=n).for_each(|(ring, i)| ring.send(i));
        } else {
            producers.run(n);
        }
        rings.iter().for_each(|ring| ring.send(END));
        let sum = answers.iter().take(receivers).sum();
        ended.wait();
        sum
    })
}

/// One writes, one reads. Each side keeps what it last saw of the other's count,
/// and looks again only when that is used up.
struct Ring {
    sent: Apart,
    sender_saw: Apart,
    received: Apart,
    receiver_saw: Apart,
    slots: Vec<AtomicU64>,
}

/// A counter on a cache line of its own.
#[repr(align(128))]
struct Apart(AtomicUsize);

impl Ring {
    fn new() -> Arc<Ring> {
        let slots = (0..CAPACITY).map(|_| AtomicU64::new(0)).collect();
        let zero = || Apart(AtomicUsize::new(0));
        Arc::new(Ring {
            sent: zero(),
            sender_saw: zero(),
            received: zero(),
            receiver_saw: zero(),
            slots,
        })
    }

    fn send(&self, item: u64) {
        let sent = self.sent.0.load(Relaxed);
        if sent - self.sender_saw.0.load(Relaxed) == CAPACITY {
            spin(|| self.received.0.load(Acquire) + CAPACITY > sent);
            self.sender_saw.0.store(self.received.0.load(Acquire), Relaxed);
        }
        self.slots[sent % CAPACITY].store(item, Relaxed);
        self.sent.0.store(sent + 1, Release);
    }

    fn receive(&self) -> u64 {
        let received = self.received.0.load(Relaxed);
        if self.receiver_saw.0.load(Relaxed) == received {
            spin(|| self.sent.0.load(Acquire) > received);
            self.receiver_saw.0.store(self.sent.0.load(Acquire), Relaxed);
        }
        let item = self.slots[received % CAPACITY].load(Relaxed);
        self.received.0.store(received + 1, Release);
        item
    }
}

/// Looks again and again; lets others go first now and then, and sleeps where
/// nothing has come for long.
fn spin(ready: impl Fn() -> bool) {
    for round in 0_u32.. {
        if ready() {
            return;
        }
        match round {
            0..200 => std::hint::spin_loop(),
            200..2000 => thread::yield_now(),
            _ => thread::sleep(std::time::Duration::from_micros(50)),
        }
    }
}
