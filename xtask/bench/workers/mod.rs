//! The workers: a file a group of rows, the Python ones beside the Rust ones.
//!
//! A worker is a closure that does `n` operations and answers what they came to.

mod bulk;
mod crew;
mod echo;
mod locks;
mod memory;
mod pools;
mod queues;
mod raw;
mod serving;
mod start;
mod store;
mod switching;
mod tasks;
mod trips;
mod web;

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::Signal;
use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::Error;

/// What answers a number of operations.
pub(crate) struct Worker {
    slice: Box<dyn FnMut(u64) -> u64>,
    /// Processes that take part and live on: their time counts too.
    partners: Vec<Pid>,
}

impl Worker {
    fn new(slice: impl FnMut(u64) -> u64 + 'static) -> Worker {
        Worker { slice: Box::new(slice), partners: Vec::new() }
    }

    fn with(mut self, partner: u32) -> Worker {
        self.partners.push(Pid::from_raw(partner.cast_signed()));
        self
    }

    /// Processor time: of this process, of the children that have ended, of
    /// the partners.
    fn cpu(&self) -> Result<Duration, Error> {
        let mut sum =
            Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?);
        let children = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        for time in [children.user_time(), children.system_time()] {
            let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
            sum += Duration::from_micros(micros.unsigned_abs());
        }
        for partner in &self.partners {
            let clock = clock_getcpuclockid(*partner)?;
            sum += Duration::from(clock_gettime(clock)?);
        }
        Ok(sum)
    }
}

fn find(name: &str) -> Result<Worker, Error> {
    let (group, form) = name.split_once('.').ok_or("not GROUP.FORM")?;
    let worker = match group {
        "bulk" => bulk::find(form)?,
        "echo" => echo::find(form)?,
        "locks" => locks::find(form)?,
        "memory" => memory::find(form)?,
        "pools" => pools::find(form)?,
        "queues" => queues::find(form)?,
        "start" => start::find(form)?,
        "store" => store::find(form)?,
        "switching" => switching::find(form)?,
        "tasks" => tasks::find(form)?,
        "trips" => trips::find(form)?,
        "web" => web::find(form)?,
        _ => None,
    };
    worker.ok_or_else(|| format!("no worker is called {name}").into())
}

/// Answers numbers on standard input until it ends.
pub(crate) fn serve(name: &str, pin: bool) -> Result<ExitCode, Error> {
    set_pdeathsig(Signal::SIGKILL)?;
    first_in_line();
    if pin {
        // All that it starts is on the same core.
        spread(0);
    }
    let mut answers = std::io::stdout();
    let mut worker = match find(name) {
        Ok(worker) => worker,
        Err(error) if error.is::<Missing>() => {
            writeln!(answers, "skip {error}")?;
            return Ok(ExitCode::SUCCESS);
        }
        Err(error) => return Err(error),
    };
    writeln!(answers, "ready")?;
    for line in std::io::stdin().lock().lines() {
        let n = line?.trim().parse()?;
        let cpu = worker.cpu()?;
        let began = Instant::now();
        let check = (worker.slice)(n);
        let wall = began.elapsed();
        let cpu = worker.cpu()?.saturating_sub(cpu);
        writeln!(answers, "{} {} {check}", wall.as_nanos(), cpu.as_nanos())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The other process of a round trip; it ends with its worker.
pub(crate) fn peer(
    name: &str,
    argument: Option<&str>,
) -> Result<ExitCode, Error> {
    set_pdeathsig(Signal::SIGKILL)?;
    match (name.split_once('_'), name, argument) {
        (Some(("bulk", _)), ..) => bulk::peer(name, argument)?,
        (Some(("echo", _)), ..) => echo::peer(name)?,
        (Some(("web", _)), ..) => web::peer(name)?,
        (_, "pool", Some(argument)) => pools::peer(argument)?,
        _ => trips::peer(name, argument)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// This program again, as the other process.
fn peer_command(name: &str, argument: Option<&str>) -> Result<Command, Error> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["peer", name]).args(argument).stdin(Stdio::null());
    Ok(command)
}

/// The Python workers' program.
pub(crate) fn python() -> PathBuf {
    folder().join("worker.py")
}

fn folder() -> PathBuf {
    crate::results::folder().join("workers")
}

/// What this machine does not have.
#[derive(Debug)]
struct Missing(String);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// A session of its own: Ctrl-C is the harness's alone, what the worker starts
/// ends with it, and where the kernel shares out time by session its session
/// comes before others. Neither is a must.
fn first_in_line() {
    let _ = nix::unistd::setsid();
    let _ = std::fs::write("/proc/self/autogroup", "-20");
}

/// Pins the calling thread to the `i`-th core that was allowed at the start: each
/// gets one of its own, and none is stacked on another.
fn spread(i: u64) {
    static ALLOWED: LazyLock<Vec<usize>> = LazyLock::new(|| {
        let allowed = sched_getaffinity(Pid::from_raw(0)).unwrap_or_default();
        let is_set = |cpu: &usize| allowed.is_set(*cpu).unwrap_or(false);
        (0..CpuSet::count()).filter(is_set).collect()
    });
    let mut one = CpuSet::new();
    if let Some(cpu) = ALLOWED.get(i as usize % ALLOWED.len().max(1)) {
        // Where this fails the kernel chooses, as it would without.
        let _ = one
            .set(*cpu)
            .and_then(|()| sched_setaffinity(Pid::from_raw(0), &one));
    }
}

/// A runtime with one thread, as asyncio's loop has.
fn one_thread() -> Result<tokio::runtime::Runtime, Error> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
