//! Wrong waiter: `notify_one` wakes the one that cannot go on.
//!
//! Python: one `threading.Condition` or two on one lock, in
//! `31_wrong_waiter.py`.
//! Reported: nanocurrency/nano-node#2831.
//! Symptom: it hangs: a bounded queue stops, its producer and consumer both
//! wait.
//!
//! Producers wait for room and consumers wait for an item, and both wait on one
//! condition variable. `notify_one` wakes any one of them. A consumer that has
//! made room may wake another consumer: that one finds nothing, waits again,
//! and the call is used up. The producer sleeps beside an empty shelf.
//!
//! The cure is a condition variable for each kind of waiter, or `notify_all`,
//! which wakes many for nothing. Neither language prevents the bug: nothing
//! ties a condition variable to what is waited for. The code is the same in
//! both halves here; only the wiring differs.
//!
//! Nothing says which waiter is woken. parking_lot and CPython wake the one that
//! has waited longest, so it is the wrong one on every run.
//!
//! ```text,expect
//! @threads
//! @peak 3..6 threads
//! main: one condition variable for both
//! consumer 1: finds nothing, waits
//! consumer 2: finds nothing, waits
//! main: 2 wait, the shelf is empty: true
//! producer 1: puts item 1
//! producer 1: finds no room, waits
//! consumer 1: takes item 1
//! consumer 2: finds nothing, waits
//! main: 2 wait, the shelf is empty: true
//! main: rings once more
//! producer 1: puts item 2
//! consumer 2: takes item 2
//! main: a condition variable for each
//! consumer 3: finds nothing, waits
//! consumer 4: finds nothing, waits
//! main: 2 wait, the shelf is empty: true
//! producer 2: puts item 1
//! producer 2: finds no room, waits
//! consumer 3: takes item 1
//! producer 2: puts item 2
//! consumer 4: takes item 2
//! main: 0 wait, the shelf is empty: true
//! ```
//!
//! Break it: `sell([1, 2], 1, &bell, &bell);` =>
//! `sell([1, 2], 1, &bell, &Condvar::new());`
//! Break it: `sell([3, 4], 2, &item, &room);` =>
//! `sell([3, 4], 2, &item, &item);`
//! Break it (Python): `Shelf(one_bell=True)` => `Shelf(one_bell=False)`
//! Break it (Python): `Shelf(one_bell=False)` => `Shelf(one_bell=True)`

use std::thread;

use parking_lot::{Condvar, Mutex, MutexGuard};

#[derive(Default)]
struct Shelf {
    item: Option<u32>,
    waiting: u32,
    waits: u32,
    taken: u32,
}

fn main() {
    println!("main: one condition variable for both");
    let bell = Condvar::new();
    sell([1, 2], 1, &bell, &bell);

    println!("main: a condition variable for each");
    let (item, room) = (Condvar::new(), Condvar::new());
    sell([3, 4], 2, &item, &room);
}

/// One producer and two consumers, with room for one item.
fn sell(consumers: [u32; 2], producer: u32, item: &Condvar, room: &Condvar) {
    let shelf = Mutex::new(Shelf::default());
    let consume = |consumer: u32| {
        let mut shelf = shelf.lock();
        while shelf.item.is_none() {
            println!("consumer {consumer}: finds nothing, waits");
            wait(item, &mut shelf);
        }
        if let Some(number) = shelf.item.take() {
            println!("consumer {consumer}: takes item {number}");
            shelf.taken += 1;
        }
        room.notify_one();
    };
    let produce = || {
        let mut shelf = shelf.lock();
        for number in [1, 2] {
            while shelf.item.is_some() {
                println!("producer {producer}: finds no room, waits");
                wait(room, &mut shelf);
            }
            println!("producer {producer}: puts item {number}");
            shelf.item = Some(number);
            item.notify_one();
        }
    };
    thread::scope(|s| {
        for (waits, consumer) in (1..).zip(consumers) {
            let consume = &consume;
            s.spawn(move || consume(consumer));
            drop(when(&shelf, |shelf| shelf.waits == waits));
        }
        tell(&shelf.lock());
        s.spawn(produce);
        // All is taken, or nobody can go on.
        let seen = when(&shelf, |s| s.taken == 2 || s.waits == 4);
        tell(&seen);
        let stuck = seen.waiting > 0;
        drop(seen);
        if stuck {
            println!("main: rings once more");
            room.notify_one(); // the producer has waited longest now
        }
    });
}

fn tell(shelf: &Shelf) {
    let (waiting, empty) = (shelf.waiting, shelf.item.is_none());
    println!("main: {waiting} wait, the shelf is empty: {empty}");
}

fn wait(bell: &Condvar, shelf: &mut MutexGuard<'_, Shelf>) {
    shelf.waits += 1;
    shelf.waiting += 1;
    bell.wait(shelf);
    shelf.waiting -= 1;
}

fn when(
    shelf: &Mutex<Shelf>,
    so: impl Fn(&Shelf) -> bool,
) -> MutexGuard<'_, Shelf> {
    loop {
        let seen = shelf.lock();
        if so(&seen) {
            return seen;
        }
        drop(seen);
        thread::yield_now();
    }
}
