//! Lock ordering: a single order for all locks prevents deadlock.
//!
//! Python: `threading.Lock`, sorted, in `16_lock_ordering.py`.
//! Notes: N0:658, N4:260, N4:1524.
//!
//! Two transfers run between the same two accounts, one in each direction, as
//! in `deadlock`. Each needs both locks, and each would take its own account's
//! lock first. If all threads take their locks in one order, no circle of waits
//! can close: a thread that waits holds only lower locks than the one it waits
//! for. Any order will do, by number, by name or by address, if all threads
//! agree on it.
//!
//! The schedule is the one that is fatal without the order: nobody asks for a
//! second lock before both have asked for a first. Both now ask for the same
//! one. One thread gets it, and the other has to wait, so the second lock must
//! be free. `try_lock` shows that without waiting. Each transfer takes each
//! lock once, and holds the first one until it has the second.
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: 100 on each account
//! @any
//! {first:word}: has account 1
//! {second:word}: waits for account 1
//! @end
//! {first:word}: has account 2
//! {second:word}: has account 1
//! {second:word}: has account 2
//! main: account 1 has 80, was locked 2 times
//! main: account 2 has 120, was locked 2 times
//! ```
//!
//! Break it: `from.number < to.number` => `true`
//! Break it (Python): `key=lambda account: account.number` =>
//! `key=lambda account: account is target`

use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

struct Account {
    number: u32,
    money: Mutex<Money>,
}

struct Money {
    balance: i32,
    times_locked: u32,
}

impl Account {
    fn new(number: u32, balance: i32) -> Self {
        let money = Money { balance, times_locked: 0 };
        Account { number, money: Mutex::new(money) }
    }

    fn lock(&self) -> MutexGuard<'_, Money> {
        let mut money = self.money.lock().expect("no holder panics");
        money.times_locked += 1;
        money
    }

    fn try_lock(&self) -> Option<MutexGuard<'_, Money>> {
        let mut money = self.money.try_lock().ok()?;
        money.times_locked += 1;
        Some(money)
    }
}

fn main() {
    println!("main: 100 on each account");
    let (one, two) = (Account::new(1, 100), Account::new(2, 100));
    let both_have_asked = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| transfer("ann", 30, &one, &two, &both_have_asked));
        s.spawn(|| transfer("bob", 10, &two, &one, &both_have_asked));
    });
    for account in [one, two] {
        let Money { balance, times_locked } = *account.lock();
        let number = account.number;
        // The last time is main's.
        println!(
            "main: account {number} has {balance}, was locked {} times",
            times_locked - 1
        );
    }
}

fn transfer(
    who: &str,
    amount: i32,
    from: &Account,
    to: &Account,
    both_have_asked: &Barrier,
) {
    let from_first = from.number < to.number;
    let (low, high) = if from_first { (from, to) } else { (to, from) };
    let asked = low.try_lock();
    let answer = if asked.is_some() { "has" } else { "waits for" };
    println!("{who}: {answer} account {}", low.number);
    both_have_asked.wait();
    let mut low_money = asked.unwrap_or_else(|| {
        let low_money = low.lock();
        println!("{who}: has account {}", low.number);
        low_money
    });
    let Some(mut high_money) = high.try_lock() else {
        println!("{who}: would wait for account {}", high.number);
        return;
    };
    println!("{who}: has account {}", high.number);
    let sent = if from_first { amount } else { -amount };
    low_money.balance -= sent;
    high_money.balance += sent;
}
