//! Silent failure: nobody looks at the result, and nobody hears of the error.
//!
//! Python: `Future.exception`, `queue.Queue.join`, in `41_silent_failure.py`.
//! Reported: python/cpython#120508, dbt-labs/dbt-core#5602.
//! Symptom: it says nothing: a background task fails and all seems well.
//!
//! An error stays in the handle or the future until somebody asks for the
//! result. If that is dropped, the error is gone: the program says "done" and
//! exits with 0. In Rust `Result` is `must_use`, but `JoinHandle<Result<…>>` is
//! not, so the compiler does not object. (A panic at least prints its message;
//! an exception in a `Future` prints nothing.) The cure is to keep every handle
//! and to join it. (A scope passes panics on, but not an `Err`.)
//!
//! The second half: a producer waits until all its items are done
//! (`queue.Queue.join`). If the consumer has died, the count never falls, and
//! the producer waits forever. Wait for the consumer as well: its handle, its
//! future, or the end of a channel that it owns. In both rounds the consumer
//! dies at the first of two items; the wait in vain has a limit.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! main: handle dropped: all done, errors told: 0
//! main: handle joined: all done, errors told: 1, no room for a
//! main: waits for the items: 1 in the queue, 2 unfinished after {:int 20..} ms
//! main: waits for the consumer: told, no room for a
//! ```
//!
//! Break it: `drop(handle); // nobody looks` =>
//! `told.extend(handle.join().map(Result::err).ok().flatten());`
//! Break it: `save(item)?;` => `let _ = save(item);`
//! Break it: `match consumer.join() {` => `drop(consumer);
//! match thread::Result::Ok(Ok::<(), String>(())) {`
//! Break it (Python): `del future  # nobody looks` =>
//! `told.append(str(future.exception()))`
//! Break it (Python): `consumer.result()` => `pass`

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(20);

fn save(item: &str) -> Result<(), String> {
    Err(format!("no room for {item}"))
}

/// A queue that counts what is not yet done, as `queue.Queue` does.
struct Queue {
    items: Mutex<VecDeque<&'static str>>,
    unfinished: Mutex<usize>,
    done: Condvar,
}

impl Queue {
    fn new(items: &[&'static str]) -> Queue {
        Queue {
            items: Mutex::new(items.iter().copied().collect()),
            unfinished: Mutex::new(items.len()),
            done: Condvar::new(),
        }
    }

    fn get(&self) -> Option<&'static str> {
        self.items.lock().expect("no holder panics").pop_front()
    }

    fn task_done(&self) {
        *self.unfinished.lock().expect("no holder panics") -= 1;
        self.done.notify_all();
    }

    /// Waits until all is done; how much is not.
    fn join(&self, limit: Duration) -> usize {
        let unfinished = self.unfinished.lock().expect("no holder panics");
        let some_left = |unfinished: &mut usize| *unfinished > 0;
        let (unfinished, _) = self
            .done
            .wait_timeout_while(unfinished, limit, some_left)
            .expect("no holder panics");
        *unfinished
    }
}

fn start_consumer(queue: &Arc<Queue>) -> JoinHandle<Result<(), String>> {
    let queue = Arc::clone(queue);
    thread::spawn(move || {
        while let Some(item) = queue.get() {
            save(item)?;
            queue.task_done();
        }
        Ok(())
    })
}

fn wait_for_end<T>(thread: &JoinHandle<T>) {
    while !thread.is_finished() {
        thread::yield_now();
    }
}

fn report(what: &str, told: &[String]) {
    let count = told.len().to_string();
    let told = [&[count], told].concat().join(", ");
    println!("main: {what}: all done, errors told: {told}");
}

fn main() {
    let mut told = Vec::new();
    let handle = thread::spawn(|| save("a"));
    wait_for_end(&handle);
    drop(handle); // nobody looks
    report("handle dropped", &told);

    let handle = thread::spawn(|| save("a"));
    let result = handle.join().unwrap_or_else(|panic| resume_unwind(panic));
    told.extend(result.err());
    report("handle joined", &told);

    let queue = Arc::new(Queue::new(&["a", "b"]));
    let consumer = start_consumer(&queue);
    wait_for_end(&consumer);
    let start = Instant::now();
    let unfinished = queue.join(LIMIT); // without a limit: for ever
    let left = queue.items.lock().expect("no holder panics").len();
    println!(
        "main: waits for the items: {left} in the queue, \
         {unfinished} unfinished after {} ms",
        start.elapsed().as_millis()
    );

    let queue = Arc::new(Queue::new(&["a", "b"]));
    let consumer = start_consumer(&queue);
    match consumer.join() {
        Ok(Ok(())) => println!("main: waits for the consumer: all done"),
        Ok(Err(why)) => println!("main: waits for the consumer: told, {why}"),
        Err(panic) => resume_unwind(panic),
    }
}
