//! Second read: a reader that reads again while a writer waits.
//!
//! Python: a read-write lock that lets writers go first, in
//! `29_second_read.py`.
//! Reported: Amanieu/parking_lot#212, tokio-rs/tokio#2849.
//! Symptom: it hangs: a second read of a read-write lock never returns.
//!
//! A function holds a read guard and calls another one that reads, too. While
//! nobody writes, both get in, so it passes every test. When a writer waits
//! between the two, the second read queues behind the writer, the writer waits
//! for the first read to end, and the first one waits for the second.
//!
//! Any lock that lets waiting writers go first behaves so (`starvation` shows
//! the other choice). parking_lot's and tokio's do; std's `RwLock` may hang or
//! panic. The compiler does not help, as two shared borrows are no conflict.
//! The cure is one guard, passed on to the inner function. With parking_lot's
//! `RecursiveRwLock` the second read passes the writer, who may then starve.
//! Python's standard library has no such lock; the sibling builds one.
//!
//! ```text,expect
//! @threads
//! @peak 1..3 threads
//! main: reads 1, nobody waits to write
//! main: a second read within 20 ms: true
//! main: reads 1, a writer waits: true
//! main: a second read within 20 ms: false
//! main: has read
//! writer 1: writes 2
//! main: reads 2, a writer waits: true
//! main: passes its guard on, reads 2 again
//! main: has read
//! writer 2: writes 3
//! main: now readers pass a waiting writer
//! main: reads 5, a writer waits: true
//! main: a second read within 20 ms: true
//! main: has read
//! writer 3: writes 6
//! ```
//!
//! Break it: `let page = RwLock::new(1);` =>
//! `let page = RecursiveRwLock::new(1);`
//! Break it: `again(Some(text));` =>
//! `again(page.try_read_for(SHORT).as_deref());`
//! Break it: `RecursiveRwLock::new(5)` => `RwLock::new(5)`
//! Break it (Python): `page = Page(1, writers_first=True)` =>
//! `page = Page(1, writers_first=False)`
//! Break it (Python): `again(page.text)` =>
//! `again(page.text if page.lock.begin_read(SHORT) else None)`

use std::thread;
use std::time::Duration;

use parking_lot::lock_api::{self, RawRwLockTimed, RawRwLockUpgrade};
use parking_lot::{RecursiveRwLock, RwLock};

const SHORT: Duration = Duration::from_millis(20);

fn main() {
    let page = RwLock::new(1);
    let text = page.read();
    println!("main: reads {text}, nobody waits to write");
    second_read(&page);
    drop(text);
    while_a_writer_waits(1, &page, |_| second_read(&page));
    while_a_writer_waits(2, &page, |text| {
        again(Some(text));
    });

    println!("main: now readers pass a waiting writer");
    let page = RecursiveRwLock::new(5);
    while_a_writer_waits(3, &page, |_| second_read(&page));
}

fn second_read<R>(page: &lock_api::RwLock<R, u32>)
where
    R: RawRwLockTimed<Duration = Duration>,
{
    let second = page.try_read_for(SHORT).is_some();
    println!("main: a second read within 20 ms: {second}");
}

fn while_a_writer_waits<R: RawRwLockUpgrade + Sync>(
    writer: u32,
    page: &lock_api::RwLock<R, u32>,
    read_on: impl FnOnce(&u32),
) {
    thread::scope(|s| {
        let text = page.read();
        s.spawn(|| {
            let mut text = page.write();
            *text += 1;
            println!("writer {writer}: writes {}", *text);
        });
        // Refused only while a writer waits: readers do not mind each other.
        while page.try_upgradable_read().is_some() {
            thread::yield_now();
        }
        let waits = page.try_upgradable_read().is_none();
        println!("main: reads {}, a writer waits: {waits}", *text);
        read_on(&text);
        println!("main: has read");
    });
}

fn again(text: Option<&u32>) {
    match text {
        Some(text) => {
            println!("main: passes its guard on, reads {text} again");
        }
        None => println!("main: waits for the writer, who waits for main"),
    }
}
