//! Coarse lock: a lock around everything makes the threads take turns.
//!
//! Python: `with threading.Lock():`, in `12_coarse_lock.py`.
//! Notes: N0:668, N2:45, N4:264, N4:275.
//!
//! Four workers each wait for an answer and add it to a total. Only the
//! addition needs the lock. If the lock is held around the wait as well, the
//! sum is right, too, but one worker waits at a time, and four threads do the
//! work of one. Hold a lock for the shared step alone: fetch, compute and print
//! before or after. In Rust that is a matter of where the guard is dropped; in
//! Python, of what is indented under `with`.
//!
//! The server answers when each of the four requests is under way, at the lock
//! or answered. So every request that can overlap does overlap, and the peak is
//! forced in both halves, not left to the clock.
//!
//! ```text,expect
//! @threads
//! @peak 4..8 threads
//! main: a lock around everything
//! main: 4 requests, most under way at once: 1, sum: 40
//! main: a lock around the shared step
//! main: 4 requests, most under way at once: 4, sum: 40
//! ```
//!
//! Break it: `run(lock_everything);` => `run(lock_shared_step);`
//! Break it: `run(lock_shared_step);` => `run(lock_everything);`
//! Break it: `*total += server.request();` => `drop(total); server.request();`
//! Break it (Python): `run(lock_everything)` => `run(lock_shared_step)`
//! Break it (Python): `run(lock_shared_step)` => `run(lock_everything)`

use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

const WORKERS: u32 = 4;

fn main() {
    println!("main: a lock around everything");
    run(lock_everything);
    println!("main: a lock around the shared step");
    run(lock_shared_step);
}

fn lock_everything(total: &Mutex<u32>, server: &Server) {
    server.count(|seen| seen.at_the_lock += 1);
    let mut total = total.lock().expect("no worker panics");
    server.count(|seen| seen.at_the_lock -= 1);
    *total += server.request();
}

fn lock_shared_step(total: &Mutex<u32>, server: &Server) {
    let answer = server.request();
    *total.lock().expect("no worker panics") += answer;
}

fn run(work: fn(&Mutex<u32>, &Server)) {
    let total = Mutex::new(0);
    let server = Server::default();
    thread::scope(|s| {
        for _ in 0..WORKERS {
            s.spawn(|| work(&total, &server));
        }
    });
    let sum = total.lock().expect("no worker panics");
    let seen = server.seen();
    println!(
        "main: {} requests, most under way at once: {}, sum: {sum}",
        seen.answered, seen.most
    );
}

#[derive(Default)]
struct Server {
    seen: Mutex<Seen>,
    changed: Condvar,
}

#[derive(Default)]
struct Seen {
    at_the_lock: u32,
    under_way: u32,
    answered: u32,
    most: u32,
}

impl Server {
    /// Waits, as a request does, and returns the answer.
    fn request(&self) -> u32 {
        self.count(|seen| {
            seen.under_way += 1;
            seen.most = seen.most.max(seen.under_way);
        });
        let all_here = |seen: &mut Seen| {
            seen.at_the_lock + seen.under_way + seen.answered == WORKERS
        };
        let seen = self.changed.wait_while(self.seen(), |seen| !all_here(seen));
        drop(seen.expect("no worker panics"));
        self.count(|seen| {
            seen.under_way -= 1;
            seen.answered += 1;
        });
        10
    }

    fn count(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.changed.notify_all();
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no worker panics")
    }
}
