//! Check, then act: both withdrawals pass the check, and the balance is -10.
//!
//! Python: `threading.Lock`, in `26_check_then_act.py`.
//! Notes: N4:165, N4:184, N4:192, N4:215.
//!
//! A check is worth nothing once the lock is released: what it found may have
//! changed before the act. Here every single access is locked. So there is no
//! data race, and Rust has no objection; but check and act had to be one whole,
//! and two atomic steps would fail in the same way. In practice the gap is so
//! short that a thousand runs are right and the next one is not. Here a barrier
//! holds both threads in it. The cure is one critical section around check and
//! act: keep the guard, as `careful` does, and nobody can come in between.
//! (With an atomic balance, `try_update` does check and act in one.) The same
//! mistake has other names: a file that exists, a key that is not in the map
//! yet (see `cache_stampede`).
//!
//! In the notes: the function also refuses to pay out the whole balance; it
//! says `account > amount` where `>=` is meant.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! main: careless, the balance is 50
//! @any
//! ann: 30 of 50 may go
//! bob: 30 of 50 may go
//! @end
//! main: the balance is -10
//! eve: 30 of -10 may not go
//! main: careful, the balance is 50
//! cid: 30 of 50 may go
//! dan: finds the account locked: true
//! dan: 30 of 20 may not go
//! main: the balance is 20
//! ```
//!
//! Break it: `*lock(account) -= AMOUNT;` =>
//! `let mut now = lock(account); if *now >= AMOUNT { *now -= AMOUNT; }`
//! Break it: `let mut balance = lock(account);` =>
//! `let mut copy = *lock(account); let balance = &mut copy;`
//! Break it: `if balance >= AMOUNT {` => `if true {`
//! Break it (Python): `if balance >= AMOUNT:` => `if True:`
//! Break it (Python): `account.balance -= AMOUNT  # careless` =>
//! `account.balance -= AMOUNT * (account.balance >= AMOUNT)`
//! Break it (Python): `with account.lock:  # careful` => `if True:  # careful`

use std::sync::{Barrier, Mutex, MutexGuard};
use std::thread;

const AMOUNT: i32 = 30;

fn lock(account: &Mutex<i32>) -> MutexGuard<'_, i32> {
    account.lock().expect("no holder panics")
}

fn careless(name: &str, account: &Mutex<i32>, between: impl FnOnce()) {
    let balance = *lock(account); // a copy: the lock is free again
    if balance >= AMOUNT {
        println!("{name}: {AMOUNT} of {balance} may go");
        between();
        *lock(account) -= AMOUNT;
    } else {
        println!("{name}: {AMOUNT} of {balance} may not go");
    }
}

fn careful(name: &str, account: &Mutex<i32>, between: impl FnOnce()) {
    let mut balance = lock(account);
    if *balance >= AMOUNT {
        println!("{name}: {AMOUNT} of {balance} may go");
        between();
        *balance -= AMOUNT;
    } else {
        println!("{name}: {AMOUNT} of {balance} may not go");
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
    thread::scope(|s| {
        s.spawn(|| careless("eve", &account, || {}));
    });

    let account = Mutex::new(50);
    println!("main: careful, the balance is {}", lock(&account));
    let turn = Barrier::new(2);
    thread::scope(|s| {
        s.spawn(|| {
            careful("cid", &account, || {
                turn.wait(); // dan's turn: he tries to come in between
                turn.wait();
            });
        });
        s.spawn(|| {
            turn.wait();
            let locked = account.try_lock().is_err();
            println!("dan: finds the account locked: {locked}");
            turn.wait();
            careful("dan", &account, || {});
        });
    });
    println!("main: the balance is {}", lock(&account));
}
