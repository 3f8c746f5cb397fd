//! Mutex: one thread at a time, and no addition is lost.
//!
//! Python: `with threading.Lock():`, in `01_mutex.py`.
//! Notes: N0:534, N0:585, N1:71, N2:58, N2:337, N3:45, N4:668, N4:726, N4:1520,
//! N4:1528.
//!
//! An addition is a read, a sum and a write. If another thread writes between
//! the read and the write, its change is lost. A mutex makes the three one
//! critical section: one thread is inside, the others wait. In Python the lock
//! stands beside the data, and every user must remember to take it. In Rust the
//! data is inside the mutex: only `lock` gives access, and the lock is free
//! again when the guard that it returned goes out of scope. What goes wrong:
//! the guard lives longer than it seems (`temporary_guard`), the section is
//! larger than it must be (`coarse_lock`), or two locks are taken in two orders
//! (`deadlock`).
//!
//! `Counter` keeps its lock to itself, so its callers cannot forget it. All
//! threads of a round meet before they add; each counts who is there, and the
//! fewest that one of them saw is printed. Then bob looks at the lock while ann
//! is between her read and her write.
//!
//! ```text,expect
//! @threads
//! @peak 1000..1007 threads
//! main: 1000 threads met, add 1, 1 times each: 1000
//! main: 5 threads met, add 1, 100000 times each: 500000
//! ann: reads 100
//! bob: the lock is taken: true
//! ann: writes 110
//! bob: reads 110, writes 100
//! main: the deposit is 100
//! ```
//!
//! Break it: `let new = change(*value);` => `let seen = *value; drop(value);
//! let new = change(seen); let mut value = self.lock();`
//! Break it (Python): `with self.lock:` => `if True:`

use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

struct Counter {
    value: Mutex<i64>,
}

impl Counter {
    fn new(start: i64) -> Self {
        Counter { value: Mutex::new(start) }
    }

    fn add(&self, amount: i64) {
        self.update(|value| value + amount);
    }

    fn update(&self, change: impl FnOnce(i64) -> i64) {
        let mut value = self.lock();
        let new = change(*value);
        *value = new;
    }

    fn lock(&self) -> MutexGuard<'_, i64> {
        self.value.lock().expect("no change panics")
    }
}

fn main() {
    count(1000, 1);
    count(5, 100_000);
    look_in_between();
}

fn count(threads: usize, times: usize) {
    let counter = Counter::new(0);
    let (here, met) = (Counter::new(0), Counter::new(i64::MAX));
    let all_here = Barrier::new(threads);
    thread::scope(|s| {
        for _ in 0..threads {
            s.spawn(|| {
                here.add(1);
                all_here.wait();
                met.update(|fewest| fewest.min(*here.lock()));
                (0..times).for_each(|_| counter.add(1));
            });
        }
    });
    let sum = counter.lock();
    let met = met.lock();
    println!("main: {met} threads met, add 1, {times} times each: {sum}");
}

fn look_in_between() {
    let deposit = Counter::new(100);
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            deposit.update(|value| {
                println!("ann: reads {value}");
                turn.wait(); // bob's turn, between her read and her write
                turn.wait();
                println!("ann: writes {}", value + 10);
                value + 10
            });
        });
        s.spawn(|| {
            turn.wait();
            let taken = deposit.value.try_lock().is_err();
            println!("bob: the lock is taken: {taken}");
            turn.wait();
            deposit.update(|value| {
                println!("bob: reads {value}, writes {}", value - 10);
                value - 10
            });
        });
    });
    println!("main: the deposit is {}", deposit.lock());
}
