//! Lock, add one, unlock, by several threads; and two counters on one cache line.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, RwLock};

use super::Worker;
use super::crew::Crew;
use crate::Error;

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
            let counts: [Apart; 4] = Default::default();
            adding(threads, move |me| {
                counts[me as usize].0.fetch_add(1, Relaxed)
            })
        }
        "together" => {
            let counts: Arc<Together> = Arc::default();
            adding(threads, move |me| {
                counts.0[me as usize].fetch_add(1, Relaxed)
            })
        }
        _ => return Ok(None),
    }))
}

/// A counter with a line of its own; two, as processors fetch lines in pairs.
#[derive(Default)]
#[repr(align(128))]
struct Apart(AtomicU64);

/// Counters that share a line.
#[derive(Default)]
#[repr(align(128))]
struct Together([AtomicU64; 4]);

/// Each thread does its part; the answer is how often.
fn adding(
    threads: u64,
    one: impl Fn(u64) -> u64 + Send + Sync + 'static,
) -> Worker {
    let crew = Crew::new(threads, move |me, part| {
        for _ in 0..part {
            black_box(one(me));
        }
        part
    });
    Worker::new(move |n| crew.run(n))
}
