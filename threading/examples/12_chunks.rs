//! Chunks: share out the work in groups of nearly equal size.
//!
//! Python: the same arithmetic, in `12_chunks.py`.
//! Notes: N4:745, N4:753, N4:763, N4:796.
//!
//! One thread for each object costs more than it brings; a few threads, each
//! with a run of neighbours, is the plain way to share out work known
//! beforehand. The notes give each thread `total / groups` objects, which loses
//! the remainder (103 in 5 leaves 3 undone), and advise to round up. Rounding
//! up loses nothing but is uneven: 103 in 5 gives 21, 21, 21, 21, 19, and 6 in
//! 4 leaves the last thread idle; `slice::chunks` cuts like that. Give the
//! first `total % groups` threads one more instead, and no two differ by more
//! than 1. Where objects differ much in cost, equal counts do not help: let
//! threads take from a queue, or use rayon.
//!
//! ```text,expect
//! main: 100 objects, 5 threads
//! @any
//! worker 0: 20 objects, 0..20
//! worker 1: 20 objects, 20..40
//! worker 2: 20 objects, 40..60
//! worker 3: 20 objects, 60..80
//! worker 4: 20 objects, 80..100
//! @end
//! main: each object done once: true
//! main: 103 objects, 5 threads
//! @any
//! worker 0: 21 objects, 0..21
//! worker 1: 21 objects, 21..42
//! worker 2: 21 objects, 42..63
//! worker 3: 20 objects, 63..83
//! worker 4: 20 objects, 83..103
//! @end
//! main: each object done once: true
//! ```
//!
//! Break it: `let extra = total % groups;` => `let extra = 0;`
//! Break it: `done[object].fetch_add(1, Relaxed)` =>
//! `done[object / 2].fetch_add(1, Relaxed)`

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

/// The objects of one group: the first few groups get one more.
fn chunk(total: usize, groups: usize, group: usize) -> Range<usize> {
    let size = total / groups;
    let extra = total % groups;
    let start = group * size + group.min(extra);
    let more = usize::from(group < extra);
    start..start + size + more
}

fn share_out(total: usize, groups: usize) {
    println!("main: {total} objects, {groups} threads");
    let done: Vec<_> = (0..total).map(|_| AtomicU32::new(0)).collect();
    thread::scope(|s| {
        for group in 0..groups {
            let done = &done;
            s.spawn(move || {
                let objects = chunk(total, groups, group);
                let count = objects.len();
                println!("worker {group}: {count} objects, {objects:?}");
                for object in objects {
                    done[object].fetch_add(1, Relaxed);
                }
            });
        }
    });
    let once = done.iter().all(|times| times.load(Relaxed) == 1);
    println!("main: each object done once: {once}");
}

fn main() {
    share_out(100, 5);
    share_out(103, 5);
}
