//! Pool panics: a task that panics takes its worker, and other tasks, with it.
//!
//! Python: threads on a `queue.Queue`, in `42_pool_panics.py`.
//! Reported: rayon-rs/rayon#1076, quickwit-oss/tantivy#2409.
//! Symptom: it loses data: a pool accepts tasks and never runs them.
//!
//! The usual pool by hand is a loop that takes a task and calls it. A panic in
//! the task unwinds through the loop and ends the worker. When all workers have
//! gone that way, the tasks that were accepted stay in the queue; nobody runs
//! them, nobody says so, and the program ends with success. In Python an
//! exception ends the thread in the same way; the compiler prevents neither.
//!
//! The cure is to catch the panic of each task, and to tell it to somebody.
//! `ThreadPoolExecutor` keeps an exception in the future (see
//! `silent_failure`). rayon does neither for a task of plain `spawn`: with
//! nobody to tell, it aborts the process, unless the pool has a
//! `panic_handler`; a `scope` passes the panic on instead. The first tasks, as
//! many as there are workers, fail.
//!
//! ```text,expect
//! @threads
//! @peak 2.. threads
//! @stderr any
//! main: naive pool, 4 tasks accepted: 2 workers died, 2 tasks never ran
//! main: careful pool, 4 tasks accepted: 0 workers died, 0 tasks never ran
//! main: careful pool, told: out of paper, out of paper
//! main: a failure in a pool of the library: {:text}, as documented: true
//! ```
//!
//! Break it: `catch_unwind(AssertUnwindSafe(task))` =>
//! `thread::Result::Ok(task())`
//! Break it: `|inbox| naive(inbox)` => `|inbox| careful(inbox, &unbounded().0)`
//! Break it: `pool.spawn(|| panic!("out of ink"));` => ``
//! Break it (Python): `except RuntimeError as error:` =>
//! `except KeyError as error:`
//! Break it (Python): `pool.submit(fail)` => `pool.submit(int)`

use std::error::Error;
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, thread};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rayon::ThreadPoolBuilder;

const WORKERS: usize = 2;
const TASKS: usize = 4;

type Task<'a> = Box<dyn FnOnce() + Send + 'a>;

fn naive(inbox: &Receiver<Task>) {
    for task in inbox {
        task();
    }
}

fn careful(inbox: &Receiver<Task>, tell: &Sender<&'static str>) {
    for task in inbox {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(task)) {
            let why = panic.downcast_ref().copied().unwrap_or("no text");
            let _ = tell.send(why); // main may have gone on
        }
    }
}

/// Has the tasks run by two workers. The first two tasks fail.
fn run(name: &str, work: impl Fn(&Receiver<Task>) + Sync) {
    let ran = AtomicUsize::new(0);
    let (accept, inbox) = unbounded::<Task>();
    for task in 0..TASKS {
        let ran = &ran;
        let task = Box::new(move || {
            ran.fetch_add(1, Relaxed);
            if task < WORKERS {
                panic!("out of paper");
            }
        });
        accept.send(task).expect("the inbox is here");
    }
    drop(accept);
    let all_here = Barrier::new(WORKERS);
    let died = thread::scope(|s| {
        let worker = || {
            s.spawn(|| {
                all_here.wait();
                work(&inbox);
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| worker()).collect();
        let ends = workers.into_iter().map(|worker| worker.join());
        ends.filter(Result::is_err).count()
    });
    let never = TASKS - ran.load(Relaxed);
    println!(
        "main: {name} pool, {TASKS} tasks accepted: {died} workers died, \
         {never} tasks never ran"
    );
}

/// What this program does when it is started with an argument.
fn panic_in_rayon() -> Result<(), Box<dyn Error>> {
    let pool = ThreadPoolBuilder::new().num_threads(1).build()?;
    let (tell, told) = bounded::<()>(0);
    pool.spawn(|| panic!("out of ink"));
    pool.spawn(move || drop(tell));
    told.recv().or(Ok(()))
}

fn main() -> Result<(), Box<dyn Error>> {
    if env::args().len() > 1 {
        return panic_in_rayon();
    }
    run("naive", |inbox| naive(inbox));
    let (tell, told) = unbounded();
    run("careful", |inbox| careful(inbox, &tell));
    let told: Vec<_> = told.try_iter().collect();
    println!("main: careful pool, told: {}", told.join(", "));

    let mut again = Command::new(env::current_exe()?);
    let status = again.arg("rayon").stderr(Stdio::null()).status()?;
    let aborted = status.signal() == Some(6);
    println!(
        "main: a failure in a pool of the library: rayon aborts, \
         as documented: {aborted}"
    );
    Ok(())
}
