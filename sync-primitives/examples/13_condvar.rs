//! Condition variable: sleep until it is worth looking again.
//!
//! Python: `threading.Condition`, in `13_condvar.py`.
//! Notes: N1:95, N4:1532.
//!
//! A condition is anything one can read under a lock: here, that there is
//! bread. `wait` lets go of the lock and sleeps in one step, so that no change
//! falls in between, and has the lock again when it returns. `notify_one` wakes
//! one of those who wait, `notify_all` all. A notification is not kept for
//! those who come later; they look first, see the bread and do not wait. And
//! being woken proves nothing: another one may have been quicker, and std may
//! wake without a cause. So `wait` stands in a loop that looks again, always.
//!
//! Main speaks only when all who were woken have looked again, so the shop
//! counts the looks; that makes the program longer than a screen.
//!
//! Python's `Condition` brings its lock with it; in Rust the mutex with the
//! data stands beside, and `wait` takes its guard. This is parking_lot's, whose
//! notify says how many it woke; std's does not.
//!
//! ```text,expect
//! main: bakes 1, wakes 0
//! main: a customer comes later, 0 left
//! main: 3 customers wait
//! main: bakes 1, wakes 1, 2 still wait
//! main: bakes 0, wakes 2, 2 still wait
//! main: bakes 2, wakes 2
//! main: all have left
//! ```
//!
//! Break it: `baked.notify_one()` => `baked.notify_all()`
//! Break it: `while shop.bread == 0` => `if shop.bread == 0`

use std::thread;

use parking_lot::{Condvar, Mutex};

#[derive(Default)]
struct Bakery {
    shop: Mutex<Shop>,
    baked: Condvar,
    looked: Condvar,
}

#[derive(Default)]
struct Shop {
    bread: i32,
    waiting: u32,
    looks: u32,
}

fn main() {
    let bakery = Bakery::default();
    println!("main: bakes 1, wakes {}", bakery.bake(1, Condvar::notify_all));
    thread::scope(|s| {
        s.spawn(|| bakery.buy());
    });
    let left = bakery.shop.lock().bread;
    println!("main: a customer comes later, {left} left");

    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| bakery.buy());
        }
        println!("main: {} customers wait", bakery.after_looks(4));
        let woken = bakery.bake(1, |baked| baked.notify_one().into());
        let waiting = bakery.after_looks(5);
        println!("main: bakes 1, wakes {woken}, {waiting} still wait");
        let woken = bakery.bake(0, Condvar::notify_all);
        let waiting = bakery.after_looks(7);
        println!("main: bakes 0, wakes {woken}, {waiting} still wait");
        println!(
            "main: bakes 2, wakes {}",
            bakery.bake(2, Condvar::notify_all)
        );
    });
    println!("main: all have left");
}

impl Bakery {
    fn buy(&self) {
        let mut shop = self.shop.lock();
        shop.looks += 1;
        while shop.bread == 0 {
            shop.waiting += 1;
            self.looked.notify_one();
            self.baked.wait(&mut shop);
            shop.waiting -= 1;
            shop.looks += 1;
        }
        shop.bread -= 1;
        self.looked.notify_one();
    }

    fn bake(&self, bread: i32, notify: fn(&Condvar) -> usize) -> usize {
        self.shop.lock().bread += bread;
        notify(&self.baked)
    }

    /// How many wait once the customers have looked for bread so many times.
    fn after_looks(&self, looks: u32) -> u32 {
        let mut shop = self.shop.lock();
        while shop.looks < looks {
            self.looked.wait(&mut shop);
        }
        shop.waiting
    }
}
