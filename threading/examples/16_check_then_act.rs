//! Check, then act: both withdrawals pass the check, and the balance is -10.
//!
//! Python: `threading.Lock`, in `16_check_then_act.py`.
//! Notes: N4:165, N4:189, N4:212.
//!
//! A check is worth nothing once the lock is let go: what it found may have
//! changed before the act. Here every single access is locked, so there is no
//! data race and Rust has nothing to object to; the pair is what had to be one
//! whole, and an atomic balance would fail in the same way. In life the gap is
//! so short that a thousand runs are right and the next is not; here a barrier
//! holds both threads in it. The cure is one critical section around check and
//! act: keep the guard, as `careful` does, and bob cannot come in between. The
//! same mistake has other names: a file that exists, a key that is not in the
//! map yet.
//!
//! The notes' function also refuses to pay out the whole balance: they write
//! `account > amount` where `>=` is meant.
//!
//! ```text,expect
//! main: careless, the balance is 50
//! @any
//! ann: 30 of 50 may go
//! bob: 30 of 50 may go
//! @end
//! main: the balance is -10
//! main: careful, the balance is 50
//! ann: 30 of 50 may go
//! bob: finds the account locked: true
//! bob: 30 of 20 may not go
//! main: the balance is 20
//! ```
//!
//! Break it: `*lock(account) -= 30;` =>
//! `let mut now = lock(account); if *now >= 30 { *now -= 30; }`
//! Break it: `let mut balance = lock(account);` =>
//! `let mut copy = *lock(account); let balance = &mut copy;`

use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

fn lock(account: &Mutex<i32>) -> MutexGuard<'_, i32> {
    account.lock().expect("no holder panics")
}

fn careless(name: &str, account: &Mutex<i32>, between: impl FnOnce()) {
    let balance = *lock(account); // a copy: the lock is free again
    if balance >= 30 {
        println!("{name}: 30 of {balance} may go");
        between();
        *lock(account) -= 30;
    } else {
        println!("{name}: 30 of {balance} may not go");
    }
}

fn careful(name: &str, account: &Mutex<i32>, between: impl FnOnce()) {
    let mut balance = lock(account);
    if *balance >= 30 {
        println!("{name}: 30 of {balance} may go");
        between();
        *balance -= 30;
    } else {
        println!("{name}: 30 of {balance} may not go");
    }
}

fn main() {
    let account = Mutex::new(50);
    println!("main: careless, the balance is {}", lock(&account));
    let both_checked = Barrier::new(2);
    let meet = || _ = both_checked.wait();
    thread::scope(|s| {
        s.spawn(|| careless("ann", &account, meet));
        s.spawn(|| careless("bob", &account, meet));
    });
    println!("main: the balance is {}", lock(&account));

    *lock(&account) = 50;
    println!("main: careful, the balance is {}", lock(&account));
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            careful("ann", &account, || {
                turn.wait(); // bob's turn: he tries to come in between
                turn.wait();
            });
        });
        s.spawn(|| {
            turn.wait();
            let locked = account.try_lock().is_err();
            println!("bob: finds the account locked: {locked}");
            turn.wait();
            careful("bob", &account, || {});
        });
    });
    println!("main: the balance is {}", lock(&account));
}
