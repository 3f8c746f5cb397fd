//! An executor in under 100 lines: a queue of the tasks that are ready, a waker
//! that puts a task back into it, and timers.

use std::collections::{BTreeMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use crate::sync::{AtomicBool, Condvar, Mutex, MutexGuard, Ordering};

/// Spawns tasks, makes timers, and runs the lot on the thread that calls `run`.
///
/// A clone is the same executor, so that a task can hold one.
#[derive(Clone, Default)]
pub struct Executor(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Arc<Task>>,
    timers: BTreeMap<Instant, Vec<Waker>>,
    unfinished: usize,
}

struct Task {
    future: Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>,
    queued: AtomicBool,
    shared: Arc<Shared>,
}

impl Executor {
    /// Starts a task: queues it for its first poll.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.0.lock().unfinished += 1;
        let shared = Arc::clone(&self.0);
        let future = Mutex::new(Some(Box::pin(future) as Pin<Box<_>>));
        Arc::new(Task { future, queued: AtomicBool::new(false), shared })
            .wake();
    }

    /// A future that is ready when so much time has gone by from now.
    pub fn sleep(&self, duration: Duration) -> Sleep {
        Sleep { due: Instant::now() + duration, shared: Arc::clone(&self.0) }
    }

    /// Runs until every task has ended.
    pub fn run(self) {
        while let Some(task) = self.0.next_ready() {
            // First, so that a wake during the poll queues the task again.
            task.queued.swap(false, Ordering::AcqRel);
            let mut slot = task.future.lock().expect("no task panics");
            let Some(future) = slot.as_mut() else { continue };
            let waker = Waker::from(Arc::clone(&task));
            let mut cx = Context::from_waker(&waker);
            if future.as_mut().poll(&mut cx).is_ready() {
                *slot = None;
                self.0.lock().unfinished -= 1;
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// Waits for the next task to poll; there is none when all have ended.
    fn next_ready(&self) -> Option<Arc<Task>> {
        let mut state = self.lock();
        while state.unfinished > 0 {
            let now = Instant::now();
            let due = state.timers.first_key_value().map(|(due, _)| *due);
            if due.is_some_and(|due| due <= now) {
                let wakers = state.timers.pop_first().map(|(_, wakers)| wakers);
                drop(state); // `wake` takes the lock
                wakers.into_iter().flatten().for_each(Waker::wake);
                state = self.lock();
            } else if let Some(task) = state.ready.pop_front() {
                return Some(task);
            } else {
                let longest = due.map_or(Duration::MAX, |due| due - now);
                let woken = self.changed.wait_timeout(state, longest);
                state = woken.expect("no holder panics").0;
            }
        }
        None
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        if !self.queued.swap(true, Ordering::AcqRel) {
            let shared = Arc::clone(&self.shared);
            shared.lock().ready.push_back(self);
            shared.changed.notify_one();
        }
    }
}

/// What [`Executor::sleep`] gives.
pub struct Sleep {
    due: Instant,
    shared: Arc<Shared>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context) -> Poll<()> {
        if self.due <= Instant::now() {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        self.shared.lock().timers.entry(self.due).or_default().push(waker);
        Poll::Pending
    }
}
