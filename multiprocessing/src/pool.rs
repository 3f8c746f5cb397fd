//! A pool of worker processes.
//!
//! A worker is this same program, started once more: [`entry`] stands at the
//! top of `main`, takes a worker in and lets every other process pass. Because
//! of that nothing is forked, a program with threads may use a pool, and a task
//! is sent, not inherited: tasks and results are serde types and travel over
//! [ipc-channel](ipc_channel).
//!
//! ```no_run
//! use multiprocessing::pool::{Pool, TaskError, entry};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let entry = entry(|number: u64| number * 2); // workers stay in here
//!     let pool = Pool::new(entry, 3)?;
//!     let doubled: Result<Vec<u64>, TaskError> = pool.map(0..10).collect();
//!     println!("{:?}", doubled?);
//!     Ok(())
//! }
//! ```
//!
//! # What a pool promises
//!
//! - The workers are started once and take one task after another. None has
//!   more than one at a time, so there are as many tasks under way as there are
//!   workers.
//! - Every task has its own [`Pending`] result. [`Pool::map`] gives the results
//!   in the order of the tasks, in whatever order they are done.
//! - A task that panics is answered by [`TaskError::Panicked`]; its worker goes
//!   on.
//! - A task whose worker dies (killed, aborted, out of memory) is answered by
//!   [`TaskError::WorkerDied`], and the next one gets a new worker. It is not
//!   tried again: it may have done half of its work, and perhaps it was what
//!   killed it.
//! - Dropping the pool waits for the tasks handed in and then for the
//!   processes. A worker whose pool was killed ends after the task that it has
//!   in hand.
//!
//! # What it asks for
//!
//! - Code above [`entry`] runs in every worker too; so keep it the first line.
//! - Several kinds of task are the variants of one enum.
//! - The format is not self-describing (postcard), so types that serde reads
//!   only from such formats, like untagged enums, cannot be sent.

use std::any::Any;
use std::env;
use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use ipc_channel::IpcError;
use ipc_channel::ipc::{self, IpcOneShotServer, IpcReceiver, IpcSender};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A worker's first argument. The second is the name of the server to call.
const WORKER: &str = "--multiprocessing-pool-worker";

/// What can be a task or a result.
pub trait Message: Serialize + DeserializeOwned + Send + 'static {}

impl<T: Serialize + DeserializeOwned + Send + 'static> Message for T {}

/// The proof that workers of this program know what to do; made by [`entry`].
pub struct Entry<T, R>(PhantomData<fn(T) -> R>);

impl<T, R> Clone for Entry<T, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, R> Copy for Entry<T, R> {}

/// Does the tasks in a worker process, and returns at once in every other.
///
/// In a worker it never returns.
pub fn entry<T: Message, R: Message>(work: impl Fn(T) -> R) -> Entry<T, R> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == WORKER) {
        let name = arguments.next().and_then(|name| name.into_string().ok());
        let served = name.is_some_and(|name| serve(name, work).is_ok());
        process::exit(i32::from(!served));
    }
    Entry(PhantomData)
}

/// Why a task has no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum TaskError {
    /// The task panicked, with this message.
    Panicked(String),
    /// The worker ended like this before the result was there. `None`: how it
    /// ended could not be learned.
    WorkerDied(Option<ExitStatus>),
    /// The task or its result could not be written or read.
    NotSent(String),
    /// There was no worker left, and none could be started.
    NoWorker(io::Error),
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TaskError::Panicked(message) => write!(f, "panicked: {message}"),
            TaskError::WorkerDied(None) => write!(f, "the worker died"),
            TaskError::WorkerDied(Some(how)) => {
                write!(f, "the worker died: {how}")
            }
            TaskError::NotSent(why) => write!(f, "could not be sent: {why}"),
            TaskError::NoWorker(error) => {
                write!(f, "no worker could be started: {error}")
            }
        }
    }
}

impl Error for TaskError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            TaskError::NoWorker(error) => Some(error),
            _ => None,
        }
    }
}

/// Worker processes that wait for tasks `T` and answer with results `R`.
///
/// See the [module](self) for what it promises.
pub struct Pool<T, R> {
    jobs: Option<Sender<Job<T, R>>>,
    attendants: Vec<JoinHandle<()>>,
}

struct Job<T, R> {
    task: T,
    reply: Sender<Result<R, TaskError>>,
}

impl<T: Message, R: Message> Pool<T, R> {
    /// Starts that many workers, and returns when all of them are ready.
    ///
    /// # Errors
    ///
    /// If one of them cannot be started; the others are ended again.
    pub fn new(_: Entry<T, R>, workers: usize) -> io::Result<Self> {
        if workers == 0 {
            let message = "a pool has at least one worker";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let (sender, jobs) = unbounded();
        let mut pool = Pool { jobs: Some(sender), attendants: Vec::new() };
        let (started, starts) = mpsc::channel();
        for _ in 0..workers {
            let (jobs, started) = (jobs.clone(), started.clone());
            // If this fails the pool is dropped, with the workers there are.
            let attendant = thread::Builder::new()
                .name("pool attendant".into())
                .spawn(move || match Worker::start() {
                    Ok(worker) => {
                        let _ = started.send(Ok(()));
                        drop(started);
                        attend(&jobs, worker);
                    }
                    Err(error) => {
                        let _ = started.send(Err(error));
                    }
                })?;
            pool.attendants.push(attendant);
        }
        drop(started);
        starts.into_iter().collect::<io::Result<()>>()?;
        Ok(pool)
    }

    /// How many workers there are: each does one task at a time.
    pub fn workers(&self) -> usize {
        self.attendants.len()
    }

    /// Hands a task in. It begins when a worker is free.
    ///
    /// The queue before the workers has no bound, as in Python: whoever hands in
    /// more than memory holds must wait for results in between.
    pub fn submit(&self, task: T) -> Pending<R> {
        let (reply, result) = bounded(1);
        if let Some(jobs) = &self.jobs {
            // Fails when no attendant is left; then the reply is dropped with
            // the job, and `wait` says so.
            let _ = jobs.send(Job { task, reply });
        }
        Pending(result)
    }

    /// Hands all tasks in, and then gives their results, in the tasks' order.
    ///
    /// The tasks are under way when this returns; only the results are waited
    /// for lazily.
    pub fn map<I>(
        &self,
        tasks: I,
    ) -> impl Iterator<Item = Result<R, TaskError>> + use<T, R, I>
    where
        I: IntoIterator<Item = T>,
    {
        let pending: Vec<_> =
            tasks.into_iter().map(|task| self.submit(task)).collect();
        pending.into_iter().map(Pending::wait)
    }
}

impl<T, R> Drop for Pool<T, R> {
    /// Waits until the tasks handed in are done and the processes have ended.
    fn drop(&mut self) {
        drop(self.jobs.take());
        for attendant in self.attendants.drain(..) {
            if let Err(panic) = attendant.join()
                && !thread::panicking()
            {
                resume_unwind(panic);
            }
        }
    }
}

/// The result of a task, which may not be there yet.
pub struct Pending<R>(Receiver<Result<R, TaskError>>);

impl<R> Pending<R> {
    /// Whether [`wait`](Self::wait) would return at once.
    pub fn is_done(&self) -> bool {
        !self.0.is_empty()
    }

    /// Waits for the result.
    ///
    /// # Errors
    ///
    /// If the task panicked, its worker died, or it could not be sent.
    pub fn wait(self) -> Result<R, TaskError> {
        self.0.recv().unwrap_or(Err(TaskError::WorkerDied(None)))
    }
}

/// Sees to one worker: hands it task after task, and replaces it when it dies.
fn attend<T: Message, R: Message>(
    jobs: &Receiver<Job<T, R>>,
    worker: Worker<T, R>,
) {
    let mut worker = Some(worker);
    for Job { task, reply } in jobs {
        let result = do_task(&mut worker, task);
        let _ = reply.send(result); // perhaps nobody waits for it any more
    }
    if let Some(worker) = worker {
        worker.end();
    }
}

fn do_task<T: Message, R: Message>(
    place: &mut Option<Worker<T, R>>,
    task: T,
) -> Result<R, TaskError> {
    let worker = match place.take().filter(Worker::is_alive) {
        Some(worker) => worker,
        None => Worker::start().map_err(TaskError::NoWorker)?,
    };
    match worker.run(task) {
        Ok(result) => {
            *place = Some(worker);
            result
        }
        Err(HungUp) => Err(TaskError::WorkerDied(worker.end())),
    }
}

/// A worker process, seen from the pool.
struct Worker<T, R> {
    tasks: IpcSender<T>,
    results: IpcReceiver<Result<R, Refusal>>,
    /// Waits for the process, whatever becomes of it.
    watcher: JoinHandle<io::Result<ExitStatus>>,
}

/// The worker does not answer any more.
struct HungUp;

/// What a worker says first, or what its watcher says in its place.
#[derive(Serialize, Deserialize)]
#[serde(bound = "T: Message, R: Message")]
enum Hello<T, R> {
    /// The pool's ends of the channels. The worker keeps no copy of them, so
    /// each side sees the other's death as the end of its channel.
    Ready(IpcSender<T>, IpcReceiver<Result<R, Refusal>>),
    /// The process has ended.
    Gone,
}

/// Why a worker answers without a result.
#[derive(Serialize, Deserialize)]
enum Refusal {
    Panicked(String),
    NotSent(String),
}

impl<T: Message, R: Message> Worker<T, R> {
    fn start() -> io::Result<Self> {
        let (server, name) = IpcOneShotServer::<Hello<T, R>>::new()?;
        let watcher = thread::Builder::new()
            .name("pool watcher".into())
            .spawn(move || watch::<T, R>(name))?;
        if let Ok((_, Hello::Ready(tasks, results))) = server.accept() {
            return Ok(Worker { tasks, results, watcher });
        }
        let how =
            watcher.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        let message = format!("a worker ended before it was ready: {how}");
        Err(io::Error::other(message))
    }

    fn is_alive(&self) -> bool {
        !self.watcher.is_finished()
    }

    fn run(&self, task: T) -> Result<Result<R, TaskError>, HungUp> {
        match self.tasks.send(task) {
            Ok(()) => {}
            Err(error @ IpcError::SerializationError(_)) => {
                return Ok(Err(TaskError::NotSent(error.to_string())));
            }
            Err(_) => return Err(HungUp),
        }
        match self.results.recv() {
            Ok(Ok(result)) => Ok(Ok(result)),
            Ok(Err(Refusal::Panicked(message))) => {
                Ok(Err(TaskError::Panicked(message)))
            }
            Ok(Err(Refusal::NotSent(why))) => Ok(Err(TaskError::NotSent(why))),
            Err(error @ IpcError::SerializationError(_)) => {
                Ok(Err(TaskError::NotSent(error.to_string())))
            }
            Err(_) => Err(HungUp),
        }
    }

    /// Hangs up, which ends the worker, and waits for it.
    fn end(self) -> Option<ExitStatus> {
        drop(self.tasks);
        drop(self.results);
        self.watcher.join().unwrap_or_else(|panic| resume_unwind(panic)).ok()
    }
}

/// Runs a worker process and waits for it.
///
/// The pool waits for the worker's call, and would wait for ever if it died
/// before that; so at the end this calls in its place. Most often nobody
/// listens by then.
fn watch<T: Message, R: Message>(name: String) -> io::Result<ExitStatus> {
    let ended = env::current_exe().and_then(|program| {
        Command::new(program)
            .arg(WORKER)
            .arg(&name)
            .stdin(Stdio::null())
            .status()
    });
    if let Ok(server) = IpcSender::<Hello<T, R>>::connect(name) {
        let _ = server.send(Hello::Gone);
    }
    ended
}

/// The work of a worker process: tasks, until the pool hangs up.
fn serve<T: Message, R: Message>(
    name: String,
    work: impl Fn(T) -> R,
) -> Result<(), IpcError> {
    let server = IpcSender::connect(name.clone());
    remove_socket(Path::new(&name));
    let (to_worker, tasks) = ipc::channel::<T>()?;
    let (results, from_worker) = ipc::channel::<Result<R, Refusal>>()?;
    server?.send(Hello::Ready(to_worker, from_worker))?;
    loop {
        let result = match tasks.recv() {
            Ok(task) => catch_unwind(AssertUnwindSafe(|| work(task)))
                .map_err(|payload| Refusal::Panicked(message(&*payload))),
            Err(error @ IpcError::SerializationError(_)) => {
                Err(Refusal::NotSent(error.to_string()))
            }
            Err(IpcError::Disconnected) => return Ok(()),
            Err(error) => return Err(error),
        };
        match results.send(result) {
            Err(error @ IpcError::SerializationError(_)) => {
                results.send(Err(Refusal::NotSent(error.to_string())))?;
            }
            sent => sent?,
        }
    }
}

/// Removes the one-shot server's socket, which on Linux has a place in the
/// temporary folder. The server does it too, but not if it was killed
/// meanwhile.
fn remove_socket(socket: &Path) {
    if socket.is_absolute() && fs::remove_file(socket).is_ok() {
        let _ = socket.parent().map(fs::remove_dir);
    }
}

/// What a panic was called with, as far as it is text.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| text.to_string());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is not text".to_owned())
}
