//! Lock, add one, unlock, by several threads; and two counters on one cache line.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, RwLock};

use super::Worker;
use super::crew::{Crew, Meeting};
use crate::Error;

/// So many additions are taken at once: whoever is faster takes more, so that all
/// want the lock until the end.
const BATCH: u64 = 64;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let Some((form, threads)) = form.rsplit_once('_') else { return Ok(None) };
    let threads = threads.parse()?;
    Ok(Some(match form {
        "atomic" => {
            let count = AtomicU64::new(0);
            adding(threads, move |_| count.fetch_add(1, Relaxed))
        }
        "std" => {
            let count = Mutex::new(0);
            adding(threads, move |_| {
                let mut count = count.lock().expect("not poisoned");
                *count += 1;
                *count
            })
        }
        "parking_lot" => {
            let count = parking_lot::Mutex::new(0);
            adding(threads, move |_| {
                let mut count = count.lock();
                *count += 1;
                *count
            })
        }
        "write" => {
            let count = RwLock::new(0);
            adding(threads, move |_| {
                let mut count = count.write().expect("not poisoned");
                *count += 1;
                *count
            })
        }
        "read" => {
            let count = RwLock::new(0);
            adding(threads, move |_| *count.read().expect("not poisoned"))
        }
        "apart" => {
            let counts: [Line<AtomicU64>; 4] = Default::default();
            adding(threads, move |me| {
                counts[me as usize].0.fetch_add(1, Relaxed)
            })
        }
        "together" => {
            let counts = Line::<[AtomicU64; 4]>::default();
            adding(threads, move |me| {
                counts.0[me as usize].fetch_add(1, Relaxed)
            })
        }
        _ => return Ok(None),
    }))
}

/// With a cache line of its own; two, as processors fetch lines in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Line<T>(T);

/// The threads begin together and take batches until none is left; the answer is
/// how often they added.
fn adding(
    threads: u64,
    one: impl Fn(u64) -> u64 + Send + Sync + 'static,
) -> Worker {
    let meeting = Meeting::new(threads as usize);
    let left: Arc<Line<AtomicU64>> = Arc::default();
    let taken = Arc::clone(&left);
    // What they add to shares no line with what they only read.
    let one = Arc::new(Line(one));
    let crew = Crew::new(threads, move |me, _| {
        meeting.meet();
        let mut done = 0;
        while let Ok(before) = taken.0.try_update(Relaxed, Relaxed, |left| {
            (left > 0).then_some(left.saturating_sub(BATCH))
        }) {
            let batch = before.min(BATCH);
            for _ in 0..batch {
                black_box((one.0)(me));
            }
            done += batch;
        }
        done
    });
    Worker::new(move |n| {
        left.0.store(n, Relaxed);
        crew.run(n)
    })
}
