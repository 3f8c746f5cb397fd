//! Many at once, many that wait for a time, and one that is cancelled.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::future::{Future, pending};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::{Worker, one_thread, raw};
use crate::Error;

const MANY: u64 = 10_000;
const WAITING: u64 = 100_000;
const HOUR: Duration = Duration::from_secs(3600);

type Boxed = Pin<Box<dyn Future<Output = u64>>>;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let runtime = one_thread()?;
    Ok(Some(match form {
        "gather_poll" => gather(|| {
            let numbers = 0..MANY;
            let mut futures: Vec<Boxed> =
                numbers.map(|i| -> Boxed { Box::pin(number(i)) }).collect();
            futures.iter_mut().map(poll_once).sum()
        }),
        "gather_handles" => gather(move || {
            runtime.block_on(async {
                let start = |i| tokio::spawn(number(i));
                let tasks: Vec<_> = (0..MANY).map(start).collect();
                let mut sum = 0;
                for task in tasks {
                    sum += task.await.expect("it does not panic");
                }
                sum
            })
        }),
        "gather_set" => gather(move || {
            let all = async {
                (0..MANY).map(number).collect::<JoinSet<_>>().join_all().await
            };
            runtime.block_on(all).iter().sum()
        }),
        "timer_heap" => {
            let mut waiting: BinaryHeap<Reverse<(Instant, u64)>> =
                BinaryHeap::new();
            let now = Instant::now();
            waiting.extend((0..WAITING).map(|i| Reverse((now + HOUR, i))));
            Worker::new(move |n| {
                // The new one is the next: it is found at the top.
                let soon = |i| Reverse((now + Duration::from_nanos(i), i));
                let armed = (0..n).filter(|i| {
                    waiting.push(soon(*i));
                    waiting.pop().is_some()
                });
                armed.count() as u64
            })
        }
        "timer_tokio" => {
            runtime.block_on(async {
                for _ in 0..WAITING {
                    tokio::spawn(tokio::time::sleep(HOUR));
                }
                tokio::task::yield_now().await;
            });
            Worker::new(move |n| {
                runtime.block_on(async {
                    let mut context = Context::from_waker(Waker::noop());
                    let armed = (0..n).filter(|_| {
                        let sleep = pin!(tokio::time::sleep(HOUR / 2));
                        sleep.poll(&mut context).is_pending()
                    });
                    armed.count() as u64
                })
            })
        }
        "cancel_drop" => each(|| {
            let mut future: Boxed =
                black_box(Box::pin(waiting(black_box([1; 8]))));
            black_box(poll_once(&mut future));
            drop(future);
            Ok(())
        }),
        "cancel_tokio" => Worker::new(move |n| {
            runtime.block_on(async {
                let mut cancelled = 0;
                for _ in 0..n {
                    let task = tokio::spawn(pending::<()>());
                    tokio::task::yield_now().await;
                    task.abort();
                    cancelled +=
                        u64::from(task.await.is_err_and(|e| e.is_cancelled()));
                }
                cancelled
            })
        }),
        "cancel_thread" => each(|| {
            let stop = Arc::new(AtomicBool::new(false));
            let seen = Arc::clone(&stop);
            let thread = thread::spawn(move || {
                while !seen.load(Ordering::Acquire) {
                    thread::park();
                }
            });
            stop.store(true, Ordering::Release);
            thread.thread().unpark();
            thread.join().map_err(|_| "it panicked".into())
        }),
        "cancel_process" => each(raw::fork_and_kill),
        _ => return Ok(None),
    }))
}

/// Waits for ever, and holds something meanwhile.
async fn waiting(held: [u64; 8]) -> u64 {
    pending::<()>().await;
    black_box(held).len() as u64
}

async fn number(i: u64) -> u64 {
    i
}

fn poll_once(future: &mut Boxed) -> u64 {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(number) => number,
        Poll::Pending => 0,
    }
}

fn gather(one: impl Fn() -> u64 + 'static) -> Worker {
    Worker::new(move |n| (0..n / MANY).map(|_| one()).sum())
}

fn each(one: impl Fn() -> Result<(), Error> + 'static) -> Worker {
    Worker::new(move |n| (0..n).filter(|_| one().is_ok()).count() as u64)
}
