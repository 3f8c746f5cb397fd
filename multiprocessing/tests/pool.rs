//! The process pool, with this very binary as its worker: hence no test harness
//! of the usual kind, whose `main` would not let a worker in.

use std::collections::HashSet;
use std::env;
use std::error::Error;
use std::fs;
use std::io::{Read, pipe};
use std::os::unix::process::ExitStatusExt;
use std::panic::resume_unwind;
use std::process::{self, Command, ExitCode};
use std::thread;

use ipc_channel::ipc::{self, IpcReceiver, IpcSender};
use libtest_mimic::{Arguments, Trial};
use multiprocessing::pool::{Entry, Pool, TaskError, entry};
use nix::sys::signal::{Signal, kill, raise};
use nix::unistd::Pid;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

type Outcome = Result<(), Box<dyn Error>>;

type Test = fn(Entry<Task, Answer>) -> Outcome;

#[derive(Serialize, Deserialize)]
enum Task {
    /// Answers with the number.
    Echo(u64),
    /// Answers with the worker's pid.
    Pid,
    /// Tells its pid, and answers when the other end hangs up.
    Meet(IpcSender<u32>, IpcReceiver<()>),
    Panic(String),
    PanicWithoutText,
    Kill,
    Exit(i32),
    Large(Vec<u8>),
    Unwritable(Picky),
    AnswerUnwritable,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Answer {
    Number(u64),
    Bytes(Vec<u8>),
    Picky(Picky),
}

/// A type that cannot be written.
#[derive(Debug, PartialEq)]
struct Picky;

impl Serialize for Picky {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("not this one"))
    }
}

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Ok(Picky)
    }
}

fn work(task: Task) -> Answer {
    match task {
        Task::Echo(number) => Answer::Number(number),
        Task::Pid => Answer::Number(process::id().into()),
        Task::Meet(here, gate) => {
            here.send(process::id()).expect("the test listens");
            let _ = gate.recv();
            Answer::Number(process::id().into())
        }
        Task::Panic(message) => resume_unwind(Box::new(message)),
        Task::PanicWithoutText => resume_unwind(Box::new(1)),
        Task::Kill => {
            let _ = raise(Signal::SIGKILL);
            unreachable!("nobody outlives SIGKILL")
        }
        Task::Exit(code) => process::exit(code),
        Task::Large(bytes) => Answer::Bytes(bytes),
        Task::Unwritable(_) => unreachable!("it cannot have come"),
        Task::AnswerUnwritable => Answer::Picky(Picky),
    }
}

type TestPool = Pool<Task, Answer>;

/// The pid of one worker.
fn pid(pool: &TestPool) -> Result<u64, Box<dyn Error>> {
    match pool.submit(Task::Pid).wait()? {
        Answer::Number(pid) => Ok(pid),
        other => Err(format!("{other:?} is no pid").into()),
    }
}

fn echo(pool: &TestPool, number: u64) -> Outcome {
    let answer = pool.submit(Task::Echo(number)).wait()?;
    assert_eq!(answer, Answer::Number(number));
    Ok(())
}

/// The pids of as many workers, all of them in the middle of a task.
fn meet(pool: &TestPool, count: usize) -> Result<HashSet<u32>, Box<dyn Error>> {
    let (here, arrivals) = ipc::channel()?;
    let mut gates = Vec::new();
    let mut met = Vec::new();
    for _ in 0..count {
        let (gate, waiting) = ipc::channel()?;
        met.push(pool.submit(Task::Meet(here.clone(), waiting)));
        gates.push(gate);
    }
    drop(here);
    let mut pids = HashSet::new();
    for _ in 0..count {
        pids.insert(arrivals.recv()?);
    }
    assert!(met.iter().all(|pending| !pending.is_done()));
    drop(gates);
    for pending in met {
        pending.wait()?;
    }
    Ok(pids)
}

fn in_order(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 4)?;
    let answers = pool.map((0..200).map(Task::Echo));
    for (number, answer) in (0..200).zip(answers) {
        assert_eq!(answer?, Answer::Number(number));
    }
    Ok(())
}

fn all_at_once_and_no_more(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 3)?;
    let first = meet(&pool, 3)?;
    assert_eq!(first.len(), 3);
    assert!(!first.contains(&process::id()));
    // Started once: the same processes again, and no others.
    assert_eq!(meet(&pool, 3)?, first);
    for answer in pool.map((0..50).map(|_| Task::Pid)) {
        let Answer::Number(pid) = answer? else { panic!("not a pid") };
        assert!(first.contains(&u32::try_from(pid)?));
    }
    Ok(())
}

fn a_panic_is_an_error(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 1)?;
    let worker = pid(&pool)?;
    let error = pool.submit(Task::Panic("no more tea".into())).wait();
    let Err(TaskError::Panicked(message)) = error else { panic!("{error:?}") };
    assert_eq!(message, "no more tea");
    let error = pool.submit(Task::PanicWithoutText).wait();
    assert!(matches!(error, Err(TaskError::Panicked(_))), "{error:?}");
    assert_eq!(pid(&pool)?, worker, "the worker has gone on");
    Ok(())
}

fn a_death_is_an_error(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 1)?;
    let worker = pid(&pool)?;
    // The tasks behind it are in the queue already when the worker dies.
    let killed = pool.submit(Task::Kill);
    let behind: Vec<_> =
        (0..20).map(|number| pool.submit(Task::Echo(number))).collect();
    let Err(TaskError::WorkerDied(Some(how))) = killed.wait() else {
        panic!("the task of a killed worker had a result")
    };
    assert_eq!(how.signal(), Some(Signal::SIGKILL as i32));
    for (number, pending) in (0..).zip(behind) {
        assert_eq!(pending.wait()?, Answer::Number(number));
    }
    assert_ne!(pid(&pool)?, worker, "there is a new worker");

    let Err(TaskError::WorkerDied(Some(how))) =
        pool.submit(Task::Exit(5)).wait()
    else {
        panic!("the task of a worker that left had a result")
    };
    assert_eq!(how.code(), Some(5));
    echo(&pool, 1)
}

fn others_do_not_notice_a_death(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 2)?;
    let (here, arrivals) = ipc::channel()?;
    let (gate, waiting) = ipc::channel()?;
    let other = pool.submit(Task::Meet(here, waiting));
    arrivals.recv()?;
    for _ in 0..5 {
        let error = pool.submit(Task::Kill).wait();
        assert!(matches!(error, Err(TaskError::WorkerDied(_))), "{error:?}");
    }
    assert!(!other.is_done());
    drop(gate);
    other.wait()?;
    Ok(())
}

fn a_death_between_tasks(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 1)?;
    let worker = pid(&pool)?;
    kill(Pid::from_raw(i32::try_from(worker)?), Signal::SIGKILL)?;
    // Whether the pool knows already is open; at the second task it does.
    match pool.submit(Task::Echo(1)).wait() {
        Ok(answer) => assert_eq!(answer, Answer::Number(1)),
        Err(TaskError::WorkerDied(_)) => {}
        Err(error) => return Err(error.into()),
    }
    echo(&pool, 2)?;
    assert_ne!(pid(&pool)?, worker);
    Ok(())
}

fn large_messages(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 2)?;
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    let answers =
        pool.map([Task::Large(bytes.clone()), Task::Large(bytes.clone())]);
    for answer in answers {
        assert!(answer? == Answer::Bytes(bytes.clone()));
    }
    Ok(())
}

fn what_cannot_be_written(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 1)?;
    let worker = pid(&pool)?;
    for task in [Task::Unwritable(Picky), Task::AnswerUnwritable] {
        let error = pool.submit(task).wait();
        assert!(matches!(error, Err(TaskError::NotSent(_))), "{error:?}");
    }
    assert_eq!(pid(&pool)?, worker);
    Ok(())
}

fn dropping_waits(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 2)?;
    let workers = meet(&pool, 2)?;
    let pending: Vec<_> =
        (0..50).map(|number| pool.submit(Task::Echo(number))).collect();
    drop(pool);
    assert!(pending.iter().all(|pending| pending.is_done()));
    for (number, pending) in (0..).zip(pending) {
        assert_eq!(pending.wait()?, Answer::Number(number));
    }
    for worker in workers {
        let gone = kill(Pid::from_raw(i32::try_from(worker)?), None);
        assert!(gone.is_err(), "worker {worker} is still there");
    }
    Ok(())
}

fn no_workers(entry: Entry<Task, Answer>) -> Outcome {
    assert!(Pool::new(entry, 0).is_err());
    Ok(())
}

fn shared_by_threads(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 2)?;
    thread::scope(|s| {
        for start in [0, 1000, 2000] {
            let pool = &pool;
            s.spawn(move || {
                let tasks = (start..start + 50).map(Task::Echo);
                for (number, answer) in (start..).zip(pool.map(tasks)) {
                    let answer = answer.expect("an echo cannot fail");
                    assert_eq!(answer, Answer::Number(number));
                }
            });
        }
    });
    Ok(())
}

/// A program in the middle of its tasks is killed: the workers end by
/// themselves, and nothing is left in its temporary folder.
fn a_killed_pool_leaves_nothing(_: Entry<Task, Answer>) -> Outcome {
    let folder = tempfile::tempdir()?;
    let (mut output, stdout) = pipe()?;
    let mut program = Command::new(env::current_exe()?)
        .env(PART, "to be killed")
        .env("TMPDIR", folder.path())
        .stdout(stdout)
        .spawn()?;
    let mut ready = [0];
    output.read_exact(&mut ready)?;
    program.kill()?;
    program.wait()?;
    // The workers hold the other end: it is closed when all of them have gone.
    output.read_to_end(&mut Vec::new())?;
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

fn to_be_killed(entry: Entry<Task, Answer>) -> Outcome {
    let pool = Pool::new(entry, 3)?;
    meet(&pool, 3)?;
    print!("!");
    std::io::Write::flush(&mut std::io::stdout())?;
    loop {
        echo(&pool, 1)?;
    }
}

/// A worker that ends before it has called makes an error, not a hang.
fn a_worker_that_never_calls(_: Entry<Task, Answer>) -> Outcome {
    let output = Command::new(env::current_exe()?)
        .env(PART, "without workers")
        .output()?;
    let error = String::from_utf8(output.stdout)?;
    assert!(error.contains("ended before it was ready"), "{error}");
    assert!(error.contains("exit status: 7"), "{error}");
    Ok(())
}

/// Says which part a copy of this program plays, where it is not the tests.
const PART: &str = "POOL_TEST_PART";

fn main() -> ExitCode {
    let part = env::var(PART).ok();
    if part.as_deref() == Some("without workers") && env::args().len() > 1 {
        process::exit(7);
    }
    let entry = entry(work);
    match part.as_deref() {
        None => {}
        Some("to be killed") => {
            return ExitCode::from(u8::from(to_be_killed(entry).is_err()));
        }
        Some(_) => {
            print!("{}", Pool::new(entry, 2).err().expect("all workers end"));
            return ExitCode::SUCCESS;
        }
    }
    let tests: [(&str, Test); 13] = [
        ("in_order", in_order),
        ("all_at_once_and_no_more", all_at_once_and_no_more),
        ("a_panic_is_an_error", a_panic_is_an_error),
        ("a_death_is_an_error", a_death_is_an_error),
        ("others_do_not_notice_a_death", others_do_not_notice_a_death),
        ("a_death_between_tasks", a_death_between_tasks),
        ("large_messages", large_messages),
        ("what_cannot_be_written", what_cannot_be_written),
        ("dropping_waits", dropping_waits),
        ("no_workers", no_workers),
        ("shared_by_threads", shared_by_threads),
        ("a_killed_pool_leaves_nothing", a_killed_pool_leaves_nothing),
        ("a_worker_that_never_calls", a_worker_that_never_calls),
    ];
    let tests = tests.map(|(name, test)| {
        Trial::test(name, move || test(entry).map_err(|e| e.to_string().into()))
    });
    libtest_mimic::run(&Arguments::from_args(), tests.into()).exit_code()
}
