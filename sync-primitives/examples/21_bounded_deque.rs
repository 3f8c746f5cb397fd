//! Bounded deque: what is full forgets the oldest, and nobody waits.
//!
//! Python: `collections.deque(maxlen=3)`, in `21_bounded_deque.py`.
//! Notes: N0:545.
//!
//! A bounded queue makes the producer wait when it is full; a bounded deque
//! drops the oldest item instead. Reach for it when only the newest count: the
//! log lines before a failure, the last measurements. std has none; this one is
//! in `src/bounded_deque.rs`, a `VecDeque` in a mutex. Without the mutex the
//! program does not compile: a writer needs `&mut VecDeque`, and three threads
//! cannot have it (E0499). What was dropped is given back by `push_back`; in
//! Python it is gone.
//!
//! Each of 100 rounds ends at a barrier, so the last three entries must be
//! those of the last round, whatever the order within it.
//!
//! The notes say that `deque` has locks inside, like `queue.Queue`. It has
//! none: each call is one step because the GIL is not let go within it (a
//! free-threaded build locks each object), and two calls are two steps. After
//! `if items:` the next call may find it empty, and a loop over it fails if
//! another thread appends meanwhile.
//!
//! ```text,expect
//! main: 3 writers, 100 rounds, 3 entries are kept
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

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use sync_primitives::BoundedDeque;

fn main() {
    println!("main: 3 writers, 100 rounds, 3 entries are kept");
    let latest = BoundedDeque::new(3);
    let round_over = Barrier::new(3);
    let written = AtomicU32::new(0);
    thread::scope(|s| {
        for name in ["ann", "bob", "cid"] {
            let (latest, round_over, written) =
                (&latest, &round_over, &written);
            s.spawn(move || {
                for round in 1..=100 {
                    latest.push_back((name, round));
                    written.fetch_add(1, Relaxed);
                    round_over.wait();
                }
            });
        }
    });
    let kept = latest.into_inner();
    for (name, round) in &kept {
        println!("main: kept {name} {round}");
    }
    println!("main: {} written, {} kept", written.into_inner(), kept.len());
}
