//! Thread pool, shutdown: what is accepted is finished, the rest refused.
//!
//! Python: `ThreadPoolExecutor.shutdown`, in `39_thread_pool_shutdown.py`.
//! Notes: N3:69.
//!
//! To shut a pool down means: accept nothing more, finish what was accepted,
//! and wait until the workers have ended. rayon has no such call: its global
//! pool lives as long as the program, and what you wait for is a `scope`. So
//! this is a pool built by hand. The workers share the receiving end of a
//! channel of tasks (crossbeam's: std's has one owner). Dropping the sending
//! end shuts the pool down: the channel delivers what is in it, and then each
//! worker's loop ends. `Drop` joins the workers, as leaving Python's `with`
//! block does. The queue has no bound, as Python's has none; bound it where
//! tasks can arrive faster than they end.
//!
//! A panic must not take the worker with it, or two bad tasks would end this
//! pool, and the tasks still queued would be lost without a word (see
//! `pool_panics`). `catch_unwind` ends only the task, and its outcome goes to
//! the caller. Here both workers meet a task that fails, and still run the two
//! queued tasks after the shutdown. (The pool is the lesson, so all of it
//! stands here, and makes this longer than a screen.)
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! @stderr any
//! main: 2 workers, 4 tasks accepted, 2 begun
//! main: shut down, task 4 refused: {:text}
//! @any
//! worker {:int 0..1}: task 0 fails
//! worker {:int 0..1}: task 1 fails
//! worker {:int 0..1}: task 2 ends well
//! worker {:int 0..1}: task 3 ends well
//! @end
//! main: the block is left, 4 of 4 have ended
//! main: task 0 failed: out of paper
//! main: task 1 failed: out of paper
//! main: task 2 gave 4
//! main: task 3 gave 9
//! ```
//!
//! Break it: `pool.shut_down();` => ``
//! Break it: `let ended = worker.join();` =>
//! `let ended: thread::Result<()> = Ok(drop(worker));`
//! Break it: `catch_unwind(AssertUnwindSafe(task))` => `Ok(task())`
//! Break it (Python): `pool.shutdown(wait=False)` => `pass`
//! Break it (Python): `pool.shutdown(wait=False)` =>
//! `pool.shutdown(wait=False, cancel_futures=True)`

use std::error::Error;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

type Task = Box<dyn FnOnce() + Send>;

/// What a task that ends well takes: main must wait for it.
const WORK: Duration = Duration::from_millis(50);

struct Pool {
    tasks: Option<Sender<Task>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new(size: usize) -> io::Result<Pool> {
        let (tasks, inbox) = unbounded::<Task>();
        let mut pool = Pool { tasks: Some(tasks), workers: Vec::new() };
        for worker in 0..size {
            let inbox = inbox.clone();
            let thread =
                thread::Builder::new().name(format!("worker {worker}"));
            let work = move || inbox.iter().for_each(|task| task());
            pool.workers.push(thread.spawn(work)?);
        }
        Ok(pool)
    }

    fn submit<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Receiver<thread::Result<T>>, &'static str> {
        let tasks = self.tasks.as_ref().ok_or("the pool is shut down")?;
        let (tell, outcome) = bounded(1);
        let task = move || {
            let result = catch_unwind(AssertUnwindSafe(task));
            let _ = tell.send(result); // the caller may not want it
        };
        tasks.send(Box::new(task)).map_err(|_| "all workers have ended")?;
        Ok(outcome)
    }

    fn shut_down(&mut self) {
        self.tasks = None;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shut_down();
        for worker in self.workers.drain(..) {
            let ended = worker.join();
            if let Err(panic) = ended
                && !thread::panicking()
            {
                resume_unwind(panic);
            }
        }
    }
}

fn name_of_thread() -> String {
    thread::current().name().unwrap_or("unnamed").to_owned()
}

fn main() -> Result<(), Box<dyn Error>> {
    let (begin, begun) = unbounded();
    let mut outcomes = Vec::new();
    {
        let mut pool = Pool::new(2)?;
        let (open, gate) = bounded::<()>(0);
        for task in 0..4 {
            let (begin, gate) = (begin.clone(), gate.clone());
            outcomes.push(pool.submit(move || {
                let _ = begin.send(task); // main may have gone on
                let _ = gate.recv(); // until main drops `open`
                if task < 2 {
                    println!("{}: task {task} fails", name_of_thread());
                    panic!("out of paper");
                }
                thread::sleep(WORK);
                println!("{}: task {task} ends well", name_of_thread());
                task * task
            })?);
        }
        let workers = pool.workers.len();
        let begun = begun.iter().take(workers).count() + begun.len();
        let accepted = outcomes.len();
        println!(
            "main: {workers} workers, {accepted} tasks accepted, {begun} begun"
        );
        pool.shut_down();
        match pool.submit(|| println!("task 4 ends well")) {
            Ok(_) => println!("main: shut down, task 4 accepted"),
            Err(error) => {
                println!("main: shut down, task 4 refused: {error}");
            }
        }
        drop(open);
    } // here the pool is dropped, and waits for its workers
    let ended = outcomes.iter().filter(|outcome| !outcome.is_empty()).count();
    let accepted = outcomes.len();
    println!("main: the block is left, {ended} of {accepted} have ended");
    for (task, outcome) in outcomes.iter().enumerate() {
        match outcome.try_recv()? {
            Ok(result) => println!("main: task {task} gave {result}"),
            Err(panic) => {
                let why = panic.downcast_ref().unwrap_or(&"no message");
                println!("main: task {task} failed: {why}");
            }
        }
    }
    Ok(())
}
