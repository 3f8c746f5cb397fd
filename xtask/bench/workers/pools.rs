//! A batch of tasks for a pool: a thousand tiny ones, four large ones; and work
//! that several threads share out.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use ipc_channel::ipc::{IpcOneShotServer, IpcReceiver, IpcSender, channel};
use rayon::prelude::*;

use super::crew::Crew;
use super::{Worker, peer_command, spread};
use crate::Error;

const TINY: u64 = 1000;
const LARGE: u64 = 4;
const STEPS: u64 = 100_000;

type Task = fn(u64) -> u64;
type Chunk = (Vec<u64>, bool);
type Ends = (IpcSender<Chunk>, IpcReceiver<Vec<u64>>);

/// A task that is nothing beside handing it over.
fn tiny(i: u64) -> u64 {
    black_box(i * i)
}

/// A task of its own weight: the last of a chain of numbers. The compiler can put
/// no two steps together, as it could with a power of two.
fn large(i: u64) -> u64 {
    (0..STEPS).fold(i, |x, _| step(x))
}

fn step(x: u64) -> u64 {
    (x * 1_103_515_245 + 12345) % 2_147_483_647
}

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    if let Some(threads) = form.strip_prefix("work_") {
        return share(threads);
    }
    let Some((form, size)) = form.rsplit_once('_') else { return Ok(None) };
    let (task, tasks): (Task, u64) = match size {
        "tiny" => (tiny, TINY),
        "large" => (large, LARGE),
        _ => return Ok(None),
    };
    Ok(Some(match form {
        "index" => {
            // No queue: who is free takes the next number.
            let next = Arc::new(AtomicU64::new(0));
            let taken = Arc::clone(&next);
            let crew = Crew::new(2, move |_, _| {
                let own = || Some(taken.fetch_add(1, Ordering::Relaxed));
                let own = std::iter::from_fn(own).take_while(|i| *i < tasks);
                own.map(task).sum()
            });
            batches(move || {
                next.store(0, Ordering::Relaxed);
                crew.run(0)
            })
        }
        "loop" => batches(move || (0..tasks).map(task).sum()),
        "rayon" => {
            let pool = rayon_pool()?;
            batches(move || {
                pool.install(|| (0..tasks).into_par_iter().map(task).sum())
            })
        }
        "channel" => {
            let (submit, tasks_in) =
                crossbeam_channel::unbounded::<(u64, mpsc::Sender<u64>)>();
            for me in 0..2 {
                let tasks_in = tasks_in.clone();
                thread::spawn(move || {
                    spread(me);
                    for (i, answer) in tasks_in {
                        // The one who asked may have gone.
                        let _ = answer.send(task(i));
                    }
                });
            }
            batches(move || {
                let (answer, answers) = mpsc::channel();
                for i in 0..tasks {
                    submit
                        .send((i, answer.clone()))
                        .expect("the pool is there");
                }
                drop(answer);
                answers.iter().sum()
            })
        }
        "spawn" => batches(move || {
            let start = |i| thread::spawn(move || task(i));
            let threads: Vec<_> = (0..tasks).map(start).collect();
            let join = |thread: thread::JoinHandle<u64>| thread.join();
            threads
                .into_iter()
                .map(|t| join(t).expect("it does not panic"))
                .sum()
        }),
        "processes" => processes(size == "large", tasks, 1)?,
        "chunks" => processes(size == "large", tasks, tasks / 2)?,
        _ => return Ok(None),
    }))
}

fn rayon_pool() -> Result<rayon::ThreadPool, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2);
    Ok(pool.start_handler(|me| spread(me as u64)).build()?)
}

fn batches(batch: impl Fn() -> u64 + 'static) -> Worker {
    Worker::new(move |n| (0..n).map(|_| batch()).sum())
}

/// Two processes that each take a chunk as soon as they have answered the last.
fn processes(is_large: bool, tasks: u64, chunk: u64) -> Result<Worker, Error> {
    let mut ends = Vec::new();
    let mut partners = Vec::new();
    for me in 0..2 {
        let (server, name) = IpcOneShotServer::<Ends>::new()?;
        partners.push(
            peer_command("pool", Some(&format!("{me} {name}")))?.spawn()?.id(),
        );
        ends.push(Mutex::new(server.accept()?.1));
    }
    let next = Arc::new(AtomicU64::new(0));
    let taken = Arc::clone(&next);
    let crew = Crew::new(2, move |me, _| {
        let ends = ends[me as usize].lock().expect("not poisoned");
        let (ask, answers) = &*ends;
        let mut sum = 0;
        loop {
            let first = taken.fetch_add(chunk, Ordering::Relaxed);
            if first >= tasks {
                return sum;
            }
            let own = (first..first + chunk).collect();
            ask.send((own, is_large)).expect("the process is there");
            sum += answers.recv().expect("it answers").iter().sum::<u64>();
        }
    });
    let worker = batches(move || {
        next.store(0, Ordering::Relaxed);
        crew.run(0)
    });
    Ok(partners.into_iter().fold(worker, Worker::with))
}

/// One process of the pool.
pub(crate) fn peer(name: &str) -> Result<(), Error> {
    let (number, name) = name.split_once(' ').ok_or("no number")?;
    spread(number.parse()?);
    let (ask, asked) = channel::<Chunk>()?;
    let (answer, answers) = channel()?;
    IpcSender::<Ends>::connect(name.to_owned())?.send((ask, answers))?;
    while let Ok((chunk, is_large)) = asked.recv() {
        let task = if is_large { large } else { tiny };
        answer.send(chunk.into_iter().map(task).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Work for the processor alone, by so many threads.
fn share(threads: &str) -> Result<Option<Worker>, Error> {
    if threads == "rayon" {
        let pool = rayon_pool()?;
        return Ok(Some(Worker::new(move |n| {
            pool.install(|| (0..n).into_par_iter().map(|_| chain()).sum())
        })));
    }
    let threads: u64 = threads.parse()?;
    if threads == 1 {
        return Ok(Some(Worker::new(|n| (0..n).map(|_| chain()).sum())));
    }
    let crew = Crew::new(threads, |_, part| (0..part).map(|_| chain()).sum());
    Ok(Some(Worker::new(move |n| crew.run(n))))
}

fn chain() -> u64 {
    (0..10_000).fold(black_box(1), |x, _| step(x))
}
