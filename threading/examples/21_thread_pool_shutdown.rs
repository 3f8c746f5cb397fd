//! Thread pool, shutdown: what is accepted is finished, the rest refused.
//!
//! Python: `ThreadPoolExecutor.shutdown`, in `21_thread_pool_shutdown.py`.
//! Notes: N3:69.
//!
//! To shut a pool down is to accept nothing more, to finish all that was
//! accepted, and to wait until the workers are gone. rayon has no such thing:
//! its global pool lives as long as the program, a pool of your own that is
//! dropped ends by and by, and what you wait for is a `scope`. So here is a
//! pool by hand, and with it more than a screen: workers share the receiving
//! end of a channel of tasks. To drop the sending end is to shut down: the
//! channel delivers what is in it, and then each worker's loop ends. `Drop`
//! waits for them at the end of the block, as Python's `with` does.
//!
//! Two workers hold two tasks and two more are queued when the pool is shut
//! down: the fifth is refused, the four are finished before the block is left.
//!
//! ```text,expect
//! main: 2 of 4 tasks begun, shut down
//! main: task 4 refused: {:text}
//! @any
//! task 0: finished
//! task 1: finished
//! task 2: finished
//! task 3: finished
//! @end
//! main: the block is left
//! ```
//!
//! Break it: `pool.shut_down();` => ``

use std::error::Error;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Sender, bounded, unbounded};

type Task = Box<dyn FnOnce() + Send>;

struct Pool {
    tasks: Option<Sender<Task>>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    fn new(size: usize) -> Pool {
        let (tasks, inbox) = unbounded::<Task>();
        let worker = || {
            let inbox = inbox.clone();
            thread::spawn(move || inbox.iter().for_each(|task| task()))
        };
        Pool {
            tasks: Some(tasks),
            workers: (0..size).map(|_| worker()).collect(),
        }
    }

    fn submit(&self, task: Task) -> Result<(), &'static str> {
        let tasks = self.tasks.as_ref().ok_or("the pool is shut down")?;
        tasks.send(task).map_err(|_| "all workers are dead")
    }

    fn shut_down(&mut self) {
        self.tasks = None;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shut_down();
        for worker in self.workers.drain(..) {
            drop(worker.join()); // an error would be the panic of a task
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (begin, begun) = unbounded();
    {
        let mut pool = Pool::new(2);
        let (open, gate) = bounded::<()>(0);
        for task in 0..4 {
            let (begin, gate) = (begin.clone(), gate.clone());
            pool.submit(Box::new(move || {
                begin.send(()).expect("main holds the receiver");
                gate.recv().expect_err("main opens the gate by a drop");
                println!("task {task}: finished");
            }))?;
        }
        begun.recv()?;
        begun.recv()?;
        println!("main: {} of 4 tasks begun, shut down", 2 + begun.len());
        pool.shut_down();
        match pool.submit(Box::new(|| println!("task 4: finished"))) {
            Ok(()) => println!("main: task 4 accepted"),
            Err(error) => println!("main: task 4 refused: {error}"),
        }
        drop(open);
    }
    println!("main: the block is left");
    Ok(())
}
