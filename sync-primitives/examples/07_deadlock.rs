//! Deadlock: two threads, two locks, opposite order.
//!
//! Python: `threading.Lock`, daemon threads, in `07_deadlock.py`.
//! Notes: N0:610, N0:624, N0:680, N4:248.
//!
//! Each thread holds what the other one waits for, so neither ever goes on.
//! Left to itself this is rare: one thread must be stopped in the few
//! nanoseconds between its two locks, which is why it passes every test and
//! happens in production. The notes make it likely by a sleep; here a gate
//! between the first and the second lock makes it certain.
//!
//! No plain lock notices, and the process of the notes never ends. Here every
//! thread tells main what it holds and what it waits for; a cycle in this
//! wait-for graph is a deadlock, however long one looks at it. Databases find
//! theirs so, as does parking_lot's `deadlock_detection`; that detector is what
//! makes this program longer than a screen. The notes say that the task can
//! only be killed: a wait in `lock` cannot be called off indeed, so these two
//! threads end with the process, as nobody joins them. But who waits by
//! `try_lock`, or for a bounded time, can give back what it holds (`livelock`,
//! `lock_timeout`), and one order for all locks lets it never come so far
//! (`lock_ordering`).
//!
//! ```text,expect
//! @lanes
//! ann: holds left
//! ann: waits for right
//! bob: holds right
//! bob: waits for left
//! @end
//! main: deadlock
//! @any
//! main: ann waits for right, held by bob
//! main: bob waits for left, held by ann
//! @end
//! ```
//!
//! Break it: `("bob", &RIGHT, &LEFT)` => `("bob", &LEFT, &RIGHT)`

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::thread;

type Name = &'static str;

struct Lock {
    name: Name,
    mutex: Mutex<()>,
}

enum Report {
    Waits(Name, Name),
    Holds(Name, Name),
}

static LEFT: Lock = Lock { name: "left", mutex: Mutex::new(()) };
static RIGHT: Lock = Lock { name: "right", mutex: Mutex::new(()) };
static GATE: OnceLock<()> = OnceLock::new();

fn main() {
    let (report, reports) = channel();
    for (who, first, second) in [("ann", &LEFT, &RIGHT), ("bob", &RIGHT, &LEFT)]
    {
        let report = report.clone();
        thread::spawn(move || {
            let _first = take(first, who, &report);
            GATE.wait();
            let _second = take(second, who, &report);
        });
    }
    drop(report);
    // Nobody waits again after letting go, so that goes without a report.
    let (mut wanted, mut holder) = (HashMap::new(), HashMap::new());
    for (count, step) in (1..).zip(reports) {
        match step {
            Report::Waits(who, lock) => {
                wanted.insert(who, lock);
                if let Some(cycle) = cycle(who, &wanted, &holder) {
                    println!("main: deadlock");
                    for wait in cycle {
                        println!("main: {wait}");
                    }
                    return;
                }
            }
            Report::Holds(who, lock) => {
                wanted.remove(who);
                holder.insert(lock, who);
            }
        }
        if count == 2 {
            GATE.get_or_init(|| ()); // both hold their first lock, or wait
        }
    }
    println!("main: no deadlock");
}

fn take(
    lock: &'static Lock,
    who: Name,
    report: &Sender<Report>,
) -> MutexGuard<'static, ()> {
    let tell = |step| report.send(step).expect("main listens to the end");
    let guard = lock.mutex.try_lock().unwrap_or_else(|_| {
        println!("{who}: waits for {}", lock.name);
        tell(Report::Waits(who, lock.name));
        lock.mutex.lock().expect("no holder panics")
    });
    println!("{who}: holds {}", lock.name);
    tell(Report::Holds(who, lock.name));
    guard
}

/// The waits that lead from a thread back to itself, if there are any.
fn cycle(
    start: Name,
    wanted: &HashMap<Name, Name>,
    holder: &HashMap<Name, Name>,
) -> Option<Vec<String>> {
    let mut waits = Vec::new();
    let mut who = start;
    loop {
        let lock = *wanted.get(who)?;
        let next = *holder.get(lock)?;
        waits.push(format!("{who} waits for {lock}, held by {next}"));
        if next == start {
            return Some(waits);
        }
        who = next;
    }
}
