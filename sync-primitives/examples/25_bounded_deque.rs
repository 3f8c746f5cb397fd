//! Bounded deque: a full one drops the oldest item, and nobody waits.
//!
//! Python: `collections.deque(maxlen=3)`, in `25_bounded_deque.py`.
//! Notes: N0:549.
//!
//! A bounded queue makes the producer wait when it is full; a bounded deque
//! drops the oldest item instead. Use it when only the newest items count: the
//! log lines before a failure, the last measurements. std has none; this one,
//! in `src/bounded_deque.rs`, is a `VecDeque` in a mutex. Without the mutex the
//! program does not compile: each writer needs `&mut VecDeque`, and three
//! threads cannot have it at once (E0499). `push_back` returns the item that
//! was dropped; in Python it is gone.
//!
//! Each of the 100 rounds ends at a barrier, so the three items that are kept
//! are those of the last round, whatever the order within it.
//!
//! In the notes: N0:550 says that `deque` has locks inside, as `queue.Queue`
//! has. Each of its calls is one step, because the GIL is not released within
//! it (a free-threaded build locks the object for the call). But two calls are
//! two steps: after `if items:` the next call may find it empty, and a loop
//! over it fails when another thread appends meanwhile.
//!
//! ```text,expect
//! @threads
//! @peak 3 threads
//! main: 3 writers
//! @any
//! main: kept ann 100
//! main: kept bob 100
//! main: kept cid 100
//! @end
//! main: 300 written, 3 kept
//! ```
//!
//! Break it: `BoundedDeque::new(3)` => `BoundedDeque::new(4)`
//! Break it: `latest.push_back((name, round));` =>
//! `if latest.is_empty() { latest.push_back((name, round)); }`
//! Break it (Python): `deque(maxlen=3)` => `deque(maxlen=4)`
//! Break it (Python): `latest.append((name, number))` =>
//! `latest or latest.append((name, number))`

use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread;

use sync_primitives::BoundedDeque;

fn main() {
    let names = ["ann", "bob", "cid"];
    let latest = BoundedDeque::new(3);
    println!("main: {} writers", names.len());
    let round_over = Barrier::new(names.len());
    let write = &|name: &'static str| {
        let mut written = 0;
        for round in 1..=100 {
            latest.push_back((name, round));
            written += 1;
            round_over.wait();
        }
        written
    };
    let written: i32 = thread::scope(|s| {
        let writers = names.map(|name| s.spawn(move || write(name)));
        writers
            .map(|w| w.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .iter()
            .sum()
    });
    let kept = latest.into_inner();
    for (name, round) in &kept {
        println!("main: kept {name} {round}");
    }
    println!("main: {written} written, {} kept", kept.len());
}
