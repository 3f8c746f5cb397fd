//! Condition variable: sleep until it is worth looking again.
//!
//! Python: `threading.Condition`, in `11_condvar.py`.
//! Notes: N0:545, N1:95, N4:1532.
//!
//! A condition is anything that one can check under a lock: here, that there is
//! bread. `wait` releases the lock and sleeps in one step, so that no change
//! falls in between, and holds the lock again when it returns. `notify_one`
//! wakes one waiter, `notify_all` wakes all. A notification is not kept for
//! those who come later: they check first, see the bread, and do not wait.
//! Being woken proves nothing, as another thread may have been quicker, and std
//! may wake without a cause. So check in a loop: `wait_while` in Rust,
//! `wait_for` in Python. Python's `Condition` contains its lock; in Rust the
//! mutex with the data stands beside, and `wait` takes its guard. What goes
//! wrong: a look outside the lock (`lost_wakeup`), and two kinds of waiters on
//! one condition variable (`wrong_waiter`).
//!
//! The second half uses parking_lot, whose notify returns how many it woke, and
//! which never wakes without cause. Main speaks only when all that it woke have
//! looked again, so the bakery counts the looks.
//!
//! ```text,expect
//! @threads
//! @peak 3..5 threads
//! main: bakes 1, nobody waits
//! ann: takes 1, has waited: false
//! main: bakes 1, bob waits
//! bob: takes 1, has waited: true
//! main: 3 customers wait
//! main: bakes 1, wakes 1; now 2 wait, 0 left
//! main: bakes 0, wakes 2; now 2 wait, 0 left
//! main: bakes 2, wakes 2; now 0 wait, 0 left
//! main: bakes 1, wakes 0; now 0 wait, 1 left
//! ```
//!
//! Break it: `wait_while(shop, |s| s.bread == 0)` =>
//! `wait_while(shop, |_| false)`
//! Break it: `bakery.bake(1, 4, |baked| baked.notify_one().into());` =>
//! `bakery.bake(1, 6, telling::Condvar::notify_all);`
//! Break it: `while shop.bread == 0` => `if shop.bread == 0`
//! Break it (Python): `bakery.bake(1, 4, bakery.baked.notify)` =>
//! `bakery.bake(1, 6, bakery.baked.notify_all)`
//! Break it (Python): `self.baked.wait_for(lambda: self.bread > 0)` => `pass`
//! Break it (Python): `while self.bread == 0:` => `if self.bread == 0:`

use std::sync::{Condvar, Mutex};
use std::thread;

use parking_lot as telling; // its notify returns how many it woke

const FINE: &str = "no holder panics";

/// Returns how many it woke.
type Notify = fn(&telling::Condvar) -> usize;

#[derive(Default)]
struct Shop {
    bread: i32,
    waiting: u32,
    looks: u32,
}

fn main() {
    normal_use();

    let bakery = Bakery::default();
    thread::scope(|s| {
        for _ in 0..3 {
            s.spawn(|| bakery.buy());
        }
        println!("main: {} customers wait", bakery.after_looks(3).waiting);
        bakery.bake(1, 4, |baked| baked.notify_one().into());
        bakery.bake(0, 6, telling::Condvar::notify_all);
        bakery.bake(2, 8, telling::Condvar::notify_all);
        bakery.bake(1, 8, telling::Condvar::notify_all);
    });
}

fn normal_use() {
    let (shop, baked) = (Mutex::new(Shop::default()), Condvar::new());
    let buy = |who: &str| {
        let mut shop = shop.lock().expect(FINE);
        let waits = shop.bread == 0;
        shop.waiting = waits.into();
        let mut shop = baked.wait_while(shop, |s| s.bread == 0).expect(FINE);
        println!("{who}: takes {}, has waited: {waits}", shop.bread);
        shop.bread -= 1;
    };
    let bake = |told: &str| {
        let mut shop = shop.lock().expect(FINE);
        shop.bread += 1;
        println!("main: bakes {}, {told}", shop.bread);
        baked.notify_one();
    };
    bake("nobody waits");
    thread::scope(|s| {
        s.spawn(|| buy("ann"));
    });
    thread::scope(|s| {
        s.spawn(|| buy("bob"));
        while shop.lock().expect(FINE).waiting == 0 {
            thread::yield_now();
        }
        bake("bob waits");
    });
}

#[derive(Default)]
struct Bakery {
    shop: telling::Mutex<Shop>,
    baked: telling::Condvar,
    looked: telling::Condvar,
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

    fn bake(&self, bread: i32, looks: u32, notify: Notify) {
        self.shop.lock().bread += bread;
        let woken = notify(&self.baked);
        let shop = self.after_looks(looks);
        println!(
            "main: bakes {bread}, wakes {woken}; now {} wait, {} left",
            shop.waiting, shop.bread
        );
    }

    /// The shop once the customers have looked for bread so many times.
    fn after_looks(&self, looks: u32) -> telling::MutexGuard<'_, Shop> {
        let mut shop = self.shop.lock();
        self.looked.wait_while(&mut shop, |shop| shop.looks < looks);
        shop
    }
}
