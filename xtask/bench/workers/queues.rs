//! Numbers from 1 to n through a bounded queue, summed on the other side.

use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU64, AtomicUsize};
use std::sync::mpsc::{channel, sync_channel};
use std::thread;

use super::crew::{Crew, Meeting};
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
    let receive = Arc::new(receive);
    let each = |_| {
        let receive = Arc::clone(&receive);
        move || receive()
    };
    let receivers = (0..receivers).map(each).collect();
    through(senders, receivers, move |_, i| send(i))
}

/// Through a queue whose receiver belongs to one thread.
fn one_to_one(
    send: impl Fn(u64) + Send + Sync + 'static,
    receive: impl Fn() -> u64 + Send + 'static,
) -> Worker {
    through(1, vec![receive], move |_, i| send(i))
}

/// The limit: a ring for each pair, two counters, no lock, no call to the kernel
/// while there is work.
fn rings(senders: u64, receivers: usize) -> Worker {
    let rings: Vec<Arc<Ring>> = (0..receivers).map(|_| Ring::new()).collect();
    let each = |ring: &Arc<Ring>| {
        let ring = Arc::clone(ring);
        move || ring.receive()
    };
    let receivers = rings.iter().map(each).collect();
    through(senders, receivers, move |me, i| rings[me % rings.len()].send(i))
}

/// Sends the numbers, sums them on the other side. `send` is told the number of its
/// thread; a single one takes turns for its receivers.
fn through(
    senders: u64,
    receivers: Vec<impl Fn() -> u64 + Send + 'static>,
    send: impl Fn(usize, u64) + Send + Sync + 'static,
) -> Worker {
    let ends = receivers.len();
    let meeting = Meeting::new(senders as usize + ends);
    let (answer, answers) = channel();
    for (i, receive) in (1..).zip(receivers) {
        let (answer, meeting) = (answer.clone(), Arc::clone(&meeting));
        thread::spawn(move || {
            spread(i);
            loop {
                meeting.meet();
                let items = std::iter::from_fn(|| Some(receive()));
                let sum: u64 = items.take_while(|i| *i != END).sum();
                if answer.send(sum).is_err() {
                    return;
                }
            }
        });
    }
    spread(0);
    let send = Arc::new(send);
    let own = Arc::clone(&send);
    let met = Arc::clone(&meeting);
    let producers = Crew::new(senders, move |me, part| {
        met.meet();
        let numbers = me * part + 1..=(me + 1) * part;
        numbers.for_each(|i| own(me as usize, i));
        0
    });
    Worker::new(move |n| {
        if senders == 1 {
            meeting.meet();
            (1..=n).for_each(|i| send(i as usize, i));
        } else {
            producers.run(n);
        }
        (0..ends).for_each(|i| send(i, END));
        answers.iter().take(ends).sum()
    })
}

/// One writes, one reads. Each side tells the other how far it is once in a while,
/// not for every item, so that few cache lines travel between the cores.
struct Ring {
    sender: Side,
    receiver: Side,
    slots: Vec<AtomicU64>,
}

/// What one side writes, on cache lines of its own.
#[repr(align(128))]
struct Side {
    done: AtomicUsize,
    told: AtomicUsize,
    saw: AtomicUsize,
}

/// How many items are told at once.
const BATCH: usize = 64;

impl Ring {
    fn new() -> Arc<Ring> {
        let slots = (0..CAPACITY).map(|_| AtomicU64::new(0)).collect();
        let zero = || AtomicUsize::new(0);
        let side = || Side { done: zero(), told: zero(), saw: zero() };
        Arc::new(Ring { sender: side(), receiver: side(), slots })
    }

    fn send(&self, item: u64) {
        let Side { done, told, saw } = &self.sender;
        let sent = done.load(Relaxed);
        if sent - saw.load(Relaxed) == CAPACITY {
            told.store(sent, Release);
            spin(|| self.receiver.told.load(Acquire) + CAPACITY > sent);
            saw.store(self.receiver.told.load(Acquire), Relaxed);
        }
        self.slots[sent % CAPACITY].store(item, Relaxed);
        done.store(sent + 1, Relaxed);
        if (sent + 1) % BATCH == 0 || item == END {
            told.store(sent + 1, Release);
        }
    }

    fn receive(&self) -> u64 {
        let Side { done, told, saw } = &self.receiver;
        let received = done.load(Relaxed);
        if saw.load(Relaxed) == received {
            told.store(received, Release);
            spin(|| self.sender.told.load(Acquire) > received);
            saw.store(self.sender.told.load(Acquire), Relaxed);
        }
        let item = self.slots[received % CAPACITY].load(Relaxed);
        done.store(received + 1, Relaxed);
        if (received + 1) % BATCH == 0 {
            told.store(received + 1, Release);
        }
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
