//! Priority queue: urgent before old, and equals in the order they came.
//!
//! Python: `queue.PriorityQueue`, in `32_priority_queue.py`.
//! Notes: N0:721.
//!
//! A priority queue gives the most urgent of what is waiting, whenever it was
//! put. Python's `PriorityQueue` blocks and locks by itself. std has the heap
//! without the lock: `BinaryHeap` in a `Mutex`, with a `Condvar` for those who
//! wait, is the same. A `BinaryHeap` gives the largest first; `Reverse` turns
//! that round. A heap does not keep the order of equals, so each job carries a
//! number in the order of arrival, which decides between equals and, in Python,
//! keeps the comparison from the jobs themselves, which may have none.
//!
//! What goes wrong: the least urgent job starves while urgent ones keep coming.
//! The cure is a priority that changes, with age or with use. Five jobs are put
//! here before the consumer begins, one when it waits at the empty queue. Then
//! the queue hands out the turns of one core, as a scheduler does: a job that
//! had a turn is put back for the next. With fixed priorities the less urgent
//! job gets none. If each turn lowers its job's priority, both get the same.
//! (Linux does so for ordinary threads, see `scheduler_shares`; its real-time
//! classes have fixed priorities, and need rights.)
//!
//! ```text,expect
//! @threads
//! @peak 1..2 threads
//! main: puts report 2, answer 1, backup 2, tidy 3, alarm 1
//! consumer: answer 1
//! consumer: alarm 1
//! consumer: report 2
//! consumer: backup 2
//! consumer: tidy 3
//! main: all 5 are taken, puts page 1
//! consumer: page 1
//! main: closes
//! consumer: closed
//! main: the consumer has ended
//! core: each turn lowers by 0: busy had 1000 turns, idle had 0
//! core: each turn lowers by 1: busy had 1000 turns, idle had 998
//! ```
//!
//! Break it: `Reverse((priority, number, job))` =>
//! `Reverse((priority, 0 * number, job))`
//! Break it: `Reverse((priority, number, job))` => `Reverse((0, number, job))`
//! Break it: `priority + loss` => `priority`
//! Break it (Python): `(priority, next(self.numbers), job)` =>
//! `(priority, 0, job)`
//! Break it (Python): `queue.PriorityQueue()` => `queue.Queue()`
//! Break it (Python): `priority + loss` => `priority`

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::error::Error;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, mpsc};
use std::thread;

type Job = (u32, &'static str);

#[derive(Default)]
struct State {
    heap: BinaryHeap<Reverse<(u32, u64, &'static str)>>,
    numbers: u64,
    closed: bool,
}

#[derive(Default)]
struct PriorityQueue {
    state: Mutex<State>,
    changed: Condvar,
}

impl PriorityQueue {
    fn put(&self, (priority, job): Job) {
        let mut state = self.state.lock().expect("no holder panics");
        let number = state.numbers;
        state.numbers += 1;
        state.heap.push(Reverse((priority, number, job)));
        self.changed.notify_one();
    }

    fn close(&self) {
        self.state.lock().expect("no holder panics").closed = true;
        self.changed.notify_all();
    }

    /// Waits for a job; none when the queue is closed and empty.
    fn get(&self) -> Option<Job> {
        let state = self.state.lock().expect("no holder panics");
        let nothing = |s: &mut State| s.heap.is_empty() && !s.closed;
        let waited = self.changed.wait_while(state, nothing);
        let mut state = waited.expect("no holder panics");
        let Reverse((priority, _, job)) = state.heap.pop()?;
        Some((priority, job))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let queue = PriorityQueue::default();
    let jobs = [
        (2, "report"),
        (1, "answer"),
        (2, "backup"),
        (3, "tidy"),
        (1, "alarm"),
    ];
    let names = jobs.map(|(priority, job)| format!("{job} {priority}"));
    println!("main: puts {}", names.join(", "));
    for job in jobs {
        queue.put(job);
    }
    let (tell, taken) = mpsc::channel();
    thread::scope(|s| {
        let consumer = s.spawn(|| {
            while let Some((priority, job)) = queue.get() {
                println!("consumer: {job} {priority}");
                tell.send(()).expect("main listens");
            }
            println!("consumer: closed");
        });
        let count = taken.iter().take(jobs.len()).count();
        println!("main: all {count} are taken, puts page 1");
        queue.put((1, "page"));
        taken.recv()?;
        println!("main: closes");
        queue.close();
        consumer.join().unwrap_or_else(|panic| resume_unwind(panic));
        println!("main: the consumer has ended");
        s.spawn(|| [0, 1].into_iter().for_each(share_core));
        Ok(())
    })
}

/// Two jobs want a core all the time; the queue says whose turn is next.
fn share_core(loss: u32) {
    let queue = PriorityQueue::default();
    queue.put((3, "idle"));
    queue.put((1, "busy"));
    let (mut busy, mut idle) = (0, 0);
    while busy < 1000
        && let Some((priority, job)) = queue.get()
    {
        *(if job == "busy" { &mut busy } else { &mut idle }) += 1;
        queue.put((priority + loss, job));
    }
    println!(
        "core: each turn lowers by {loss}: \
         busy had {busy} turns, idle had {idle}"
    );
}
