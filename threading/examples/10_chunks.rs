//! Chunks: share out the work in groups of nearly equal size.
//!
//! Python: the same arithmetic, in `10_chunks.py`.
//! Notes: N4:745, N4:753, N4:763, N4:796.
//!
//! One thread for each object costs more than it gains. A few threads, each
//! with a run of neighbouring objects, is the plain way to share out work that
//! is known beforehand. Give each thread `total / groups` objects, and the
//! first `total % groups` threads one more: no two differ by more than 1. Where
//! the objects differ much in cost, equal counts do not help: let the threads
//! take from a queue, or use rayon.
//!
//! In the notes: `total / groups` for each loses the remainder (103 in 5 leaves
//! 3 undone), and the advice is to round up. Rounding up loses nothing, but is
//! uneven: 103 in 5 gives 21, 21, 21, 21, 19, and 6 in 4 leaves the last thread
//! idle. `slice::chunks` cuts like that.
//!
//! ```text,expect
//! @threads
//! @peak 5.. threads
//! main: 100 objects, 5 threads
//! @any
//! worker 1.0: 20 objects, 0..20
//! worker 1.1: 20 objects, 20..40
//! worker 1.2: 20 objects, 40..60
//! worker 1.3: 20 objects, 60..80
//! worker 1.4: 20 objects, 80..100
//! @end
//! main: 100 objects done once, 1 meeting of 5
//! main: 103 objects, 5 threads
//! @any
//! worker 2.0: 21 objects, 0..21
//! worker 2.1: 21 objects, 21..42
//! worker 2.2: 21 objects, 42..63
//! worker 2.3: 20 objects, 63..83
//! worker 2.4: 20 objects, 83..103
//! @end
//! main: 103 objects done once, 1 meeting of 5
//! ```
//!
//! Break it: `let extra = total % groups;` => `let extra = 0;`
//! Break it: `done[object].fetch_add(1, Relaxed)` =>
//! `done[object / 2].fetch_add(1, Relaxed)`
//! Break it: `Barrier::new(groups)` => `Barrier::new(1)`
//! Break it (Python): `size, extra = divmod(total, groups)` =>
//! `size, extra = total // groups, 0`
//! Break it (Python): `Barrier(groups)` => `Barrier(1)`

use std::ops::Range;
use std::sync::Barrier;
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

fn share_out(round: u32, total: usize, groups: usize) {
    println!("main: {total} objects, {groups} threads");
    let done: Vec<_> = (0..total).map(|_| AtomicU32::new(0)).collect();
    let meetings = AtomicU32::new(0);
    let all_at_work = Barrier::new(groups);
    thread::scope(|s| {
        for group in 0..groups {
            let (done, meetings, all_at_work) =
                (&done, &meetings, &all_at_work);
            s.spawn(move || {
                let leads = all_at_work.wait().is_leader();
                meetings.fetch_add(leads.into(), Relaxed);
                let objects = chunk(total, groups, group);
                let count = objects.len();
                println!(
                    "worker {round}.{group}: {count} objects, {objects:?}"
                );
                for object in objects {
                    done[object].fetch_add(1, Relaxed);
                }
            });
        }
    });
    let once = done.iter().filter(|times| times.load(Relaxed) == 1).count();
    let meetings = meetings.into_inner();
    println!("main: {once} objects done once, {meetings} meeting of {groups}");
}

fn main() {
    share_out(1, 100, 5);
    share_out(2, 103, 5);
}
