//! Async shutdown: take no more, finish what is in hand, within a limit.
//!
//! Python: `loop.add_signal_handler` and `asyncio.wait`, in
//! `34_async_shutdown.py`.
//! Notes: none.
//!
//! A service that is asked to end (Ctrl-C, or TERM from systemd or Kubernetes)
//! takes three steps. It takes no more work. It lets the jobs in hand finish.
//! At a deadline it gives up the rest, before the caller loses patience and
//! kills it, and says what was left undone. Any job may be cut off at any
//! await, so what it has half done must be fit to be repeated.
//!
//! Rust: a `CancellationToken` tells everybody, a `TaskTracker` knows who is
//! still there, and a second token gives up. The clean-up of a job that is cut
//! off stands in a `Drop`. Python: an `Event`, a set of tasks, `asyncio.wait`
//! with a time-out and `cancel`; clean-up stands in `finally`. `asyncio.run`
//! alone knows only Ctrl-C and cancels everything at once, and TERM ends the
//! process without any of this.
//!
//! The program sends itself a real TERM while three jobs wait for a database,
//! which answers the first two after the signal and the third never. Longer
//! than a screen: the service, and its end.
//!
//! ```text,expect
//! @tasks
//! main: 5 jobs sent, 3 in hand
//! main: TERM has come: true, takes no more
//! job 1: finished
//! job 2: finished
//! main: the deadline is over, 1 still in hand
//! job 3: cut off, 1 of 2 steps done
//! main: 2 finished, 1 half done, 2 never begun
//! ```
//!
//! Break it: `() = self.stop.cancelled() => break,` =>
//! `() = std::future::pending() => break,`
//! Break it: `give_up.cancel();` => `answers.add_permits(1);`
//! Break it: `answers.add_permits(2);` => `answers.add_permits(3);`
//! Break it (Python): `_, late = await asyncio.wait(in_hand, timeout=DEADLINE)` =>
//! `late = set()`
//! Break it (Python): `            job.cancel()` => `            pass`

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::select;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const DEADLINE: Duration = Duration::from_millis(100);
const AT_ONCE: usize = 3;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut term = signal(SignalKind::terminate())?;
    let (queue, jobs) = mpsc::channel(10);
    let service = Arc::new(Service {
        stop: CancellationToken::new(),
        give_up: CancellationToken::new(),
        in_hand: TaskTracker::new(),
        answers: Semaphore::new(0),
        finished: AtomicUsize::new(0),
        half_done: AtomicUsize::new(0),
    });
    let taking = tokio::spawn(Arc::clone(&service).take(jobs));
    let Service { stop, give_up, in_hand, answers, .. } = &*service;
    for number in 1..=5 {
        queue.send(number).await?;
    }
    while in_hand.len() < AT_ONCE {
        yield_now().await;
    }
    println!("main: 5 jobs sent, {} in hand", in_hand.len());

    kill(Pid::this(), Signal::SIGTERM)?;
    let has_come = term.recv().await.is_some();
    println!("main: TERM has come: {has_come}, takes no more");
    stop.cancel();
    let never_begun = taking.await?;
    in_hand.close(); // now it can become empty
    answers.add_permits(2);
    if timeout(DEADLINE, in_hand.wait()).await.is_err() {
        println!("main: the deadline is over, {} still in hand", in_hand.len());
        give_up.cancel();
        in_hand.wait().await;
    }
    let finished = service.finished.load(Relaxed);
    let half_done = service.half_done.load(Relaxed);
    print!("main: {finished} finished, {half_done} half done, ");
    println!("{never_begun} never begun");
    Ok(())
}

struct Service {
    stop: CancellationToken,
    give_up: CancellationToken,
    in_hand: TaskTracker,
    /// The database's; each job waits for one.
    answers: Semaphore,
    finished: AtomicUsize,
    half_done: AtomicUsize,
}

impl Service {
    /// Takes jobs until it is told to stop, so many at once; says how many it
    /// left.
    async fn take(self: Arc<Self>, mut jobs: mpsc::Receiver<u32>) -> usize {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        loop {
            let next = async {
                let place = Arc::clone(&places).acquire_owned().await.ok()?;
                Some((place, jobs.recv().await?))
            };
            let (place, number) = select! {
                biased;
                () = self.stop.cancelled() => break,
                next = next => match next {
                    Some(next) => next,
                    None => break, // nobody sends any more
                },
            };
            let service = Arc::clone(&self);
            self.in_hand.spawn(async move {
                let _place = place;
                let job = service.work(number);
                service.give_up.run_until_cancelled(job).await
            });
        }
        jobs.len()
    }

    async fn work(&self, number: u32) {
        let mut job = Job { service: self, number, steps: 0 };
        job.steps += 1;
        if let Ok(answer) = self.answers.acquire().await {
            answer.forget(); // used up
            job.steps += 1;
        }
    }
}

struct Job<'s> {
    service: &'s Service,
    number: u32,
    steps: u32,
}

impl Drop for Job<'_> {
    fn drop(&mut self) {
        let Self { service, number, steps } = self;
        if *steps == 2 {
            service.finished.fetch_add(1, Relaxed);
            println!("job {number}: finished");
        } else {
            service.half_done.fetch_add(1, Relaxed);
            println!("job {number}: cut off, {steps} of 2 steps done");
        }
    }
}
