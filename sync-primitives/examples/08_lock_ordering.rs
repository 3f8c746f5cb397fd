//! Lock ordering: a single order for all locks prevents deadlock.
//!
//! Python: `threading.Lock`, sorted, in `08_lock_ordering.py`.
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
//! be free. `try_lock` shows that without waiting.
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
//! main: 80 and 120
//! ```
//!
//! Break it: `from.number < to.number` => `true`
//! Break it (Python): `key=lambda account: account.number` =>
//! `key=lambda account: account is target`

use std::error::Error;
use std::sync::{Barrier, Mutex};
use std::thread;

struct Account {
    number: u32,
    balance: Mutex<i32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: 100 on each account");
    let one = Account { number: 1, balance: Mutex::new(100) };
    let two = Account { number: 2, balance: Mutex::new(100) };
    let both_have_asked = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| transfer("ann", 30, &one, &two, &both_have_asked));
        s.spawn(|| transfer("bob", 10, &two, &one, &both_have_asked));
    });
    let (one, two) = (one.balance.into_inner()?, two.balance.into_inner()?);
    println!("main: {one} and {two}");
    Ok(())
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
    let asked = low.balance.try_lock();
    let answer = if asked.is_ok() { "has" } else { "waits for" };
    println!("{who}: {answer} account {}", low.number);
    both_have_asked.wait();
    let mut low_balance = asked.unwrap_or_else(|_| {
        let low_balance = low.balance.lock().expect("no holder panics");
        println!("{who}: has account {}", low.number);
        low_balance
    });
    let Ok(mut high_balance) = high.balance.try_lock() else {
        println!("{who}: would wait for account {}", high.number);
        return;
    };
    println!("{who}: has account {}", high.number);
    let sent = if from_first { amount } else { -amount };
    *low_balance -= sent;
    *high_balance += sent;
}
