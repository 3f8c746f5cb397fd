//! Mutex: one at a time, and no addition is lost.
//!
//! Python: `with threading.Lock():`, in `01_mutex.py`.
//! Notes: N0:534, N0:585, N1:71, N2:58, N2:337, N4:668, N4:726, N4:1520,
//! N4:1528.
//!
//! To add is to read, to add and to write; whoever comes between another's read
//! and write undoes what the other wrote. A mutex lets one thread at a time
//! into such a critical section. In Python the lock stands beside the data, and
//! it is for the programmer to take it. In Rust the data is inside the mutex:
//! without `lock` the compiler gives nobody a way to it, and when the guard
//! that `lock` returns goes out of scope the lock is free, as at the end of a
//! `with` block.
//!
//! `Counter` owns its lock, so whoever calls `add` need not know that there is
//! one. With the sabotage each half of `add` is locked, and the sum is not.
//!
//! ```text,expect
//! main: 1000 threads add 1: 1000
//! main: 5 threads add 1, 100000 times each: 500000
//! main: 100000 profits and 100000 bills of 10, on 100: 100
//! ```
//!
//! Break it: `*value += amount;` => `let seen = *value; drop(value);
//! thread::yield_now(); *self.value() = seen + amount;`

use std::sync::{Mutex, MutexGuard};
use std::thread;

struct Counter {
    value: Mutex<i64>,
}

impl Counter {
    fn new(start: i64) -> Self {
        Counter { value: Mutex::new(start) }
    }

    fn add(&self, amount: i64) {
        let mut value = self.value();
        *value += amount;
    }

    fn value(&self) -> MutexGuard<'_, i64> {
        self.value.lock().expect("adding does not panic")
    }
}

fn main() {
    let visitors = Counter::new(0);
    thread::scope(|s| {
        for _ in 0..1000 {
            s.spawn(|| visitors.add(1));
        }
    });
    println!("main: 1000 threads add 1: {}", visitors.value());

    let steps = Counter::new(0);
    thread::scope(|s| {
        for _ in 0..5 {
            s.spawn(|| (0..100_000).for_each(|_| steps.add(1)));
        }
    });
    let sum = steps.value();
    println!("main: 5 threads add 1, 100000 times each: {sum}");

    let deposit = Counter::new(100);
    thread::scope(|s| {
        for amount in [10, -10] {
            let deposit = &deposit;
            s.spawn(move || (0..100_000).for_each(|_| deposit.add(amount)));
        }
    });
    let rest = deposit.value();
    println!("main: 100000 profits and 100000 bills of 10, on 100: {rest}");
}
