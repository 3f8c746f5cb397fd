//! The example `task_queue` on each of its stores: as it is, killed at random
//! moments, and with workers that are silent for longer than their lease.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Read, Write, stderr};
use std::path::Path;
use std::process::{Command, Stdio, id};
use std::thread;
use std::time::{Duration, Instant};

use common::{Outcome, PRIMES, Started, ask, example, tasks_begun};
use ipc::RedisServer;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

fn program(temporary: &Path) -> Outcome<Command> {
    let mut program = Command::new(example()?);
    program.env_remove("TASK_QUEUE_URL").env("TMPDIR", temporary);
    program.stdin(Stdio::null());
    Ok(program)
}

/// How often each task was begun.
fn begun(output: &str) -> BTreeMap<u64, usize> {
    let mut begun = BTreeMap::new();
    for task in tasks_begun(output) {
        *begun.entry(task).or_default() += 1;
    }
    begun
}

/// Each task was begun; and each result is right and there once in what the last
/// of the programs has printed, the one that was not killed.
fn check(output: &str) {
    let begun = begun(output);
    let start = output.rfind("program: 6 tasks are stored").unwrap_or(0);
    let last = &output[start..];
    for (below, primes) in PRIMES {
        let result = format!("program: primes below {below}: {primes}");
        let lines = last.lines().filter(|line| *line == result).count();
        assert_eq!(lines, 1, "{below} in\n{output}");
        assert!(begun.contains_key(&below), "{below} in\n{output}");
    }
    let results = last.lines().filter(|l| l.contains(": primes below "));
    assert_eq!(results.count(), PRIMES.len(), "{output}");
}

#[test]
fn sqlite_by_default() -> Outcome {
    let folder = tempfile::tempdir()?;
    let output = program(folder.path())?.output()?;
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout)?;
    assert!(text.contains("by SQLite, 2 are done, 2 put back"), "{text}");
    check(&text);
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn redis_by_url() -> Outcome {
    let Some(server) = redis("redis_by_url")? else {
        return Ok(());
    };
    let temporary = tempfile::tempdir()?;
    let by_argument = program(temporary.path())?.arg(server.url()).output()?;
    let by_variable = program(temporary.path())?
        .env("TASK_QUEUE_URL", server.url())
        .output()?;
    for output in [by_argument, by_variable] {
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout)?;
        assert!(text.contains("by Redis, 2 are done, 2 put back"), "{text}");
        check(&text);
    }
    let socket = server.url().strip_prefix("redis+unix://");
    let keys = ask(socket.ok_or("no socket")?.as_ref(), "DBSIZE")?;
    assert_eq!(keys, ":0", "keys are left on the server");
    Ok(())
}

#[test]
fn killed_twenty_times_on_sqlite() -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("db");
    kill_twenty_times(folder.path(), |round| {
        format!("sqlite://{}{round}?mode=rwc", file.display())
    })
}

#[test]
fn killed_twenty_times_on_redis() -> Outcome {
    let folder = tempfile::tempdir()?;
    let name = "killed_twenty_times_on_redis";
    let Some(server) = redis(name)? else {
        return Ok(());
    };
    kill_twenty_times(folder.path(), |_| server.url().to_owned())
}

/// The program, or one of its workers, is killed at twenty random moments, and
/// the program started again wherever it has ended. Nothing is lost.
fn kill_twenty_times(folder: &Path, url: impl Fn(u32) -> String) -> Outcome {
    let mut random = Random(RandomState::new().hash_one(id()));
    let mut kills = Vec::new();
    let mut round = 0;
    while kills.len() < 20 {
        round += 1;
        let url = &*url(round);
        let path = folder.join(format!("output {round}"));
        let queue = format!("round{round}");
        let ended_well = loop {
            let mut program = start(folder, &path, ["program", url, &queue])?;
            let pid = program.0.id();
            let until = Instant::now() + random.up_to(150);
            let ended = loop {
                let ended = program.0.try_wait()?;
                if ended.is_some() || Instant::now() >= until {
                    break ended;
                }
                thread::sleep(Duration::from_millis(1));
            };
            if let Some(how) = ended {
                break how.success();
            }
            let workers = children(pid)?;
            if !workers.is_empty() && random.next().is_multiple_of(2) {
                let which = random.next() as usize % workers.len();
                // A child of the program, which waits for it or is killed below:
                // the pid is nobody else's.
                let _ = kill(workers[which], Signal::SIGKILL);
                kills.push("worker");
                let patience = Instant::now() + random.up_to(100);
                while Instant::now() < patience
                    && program.0.try_wait()?.is_none()
                {
                    thread::sleep(Duration::from_millis(1));
                }
            }
            if let Some(how) = program.0.try_wait()? {
                break how.success();
            }
            program.0.kill()?;
            program.0.wait()?;
            kills.push("program");
            if kills.len() >= 20 {
                let mut last = start(folder, &path, ["program", url, &queue])?;
                break last.0.wait()?.success();
            }
        };
        let output = fs::read_to_string(&path)?;
        assert!(ended_well, "after {kills:?}:\n{output}");
        check(&output);
    }
    assert!(kills.contains(&"worker") && kills.contains(&"program"));
    Ok(())
}

#[test]
fn leases_on_sqlite() -> Outcome {
    let folder = tempfile::tempdir()?;
    let url =
        format!("sqlite://{}?mode=rwc", folder.path().join("db").display());
    leases(folder.path(), &url)
}

#[test]
fn leases_on_redis() -> Outcome {
    let folder = tempfile::tempdir()?;
    let Some(server) = redis("leases_on_redis")? else {
        return Ok(());
    };
    leases(folder.path(), server.url())
}

/// A worker that computes for longer than two leases keeps its task. One that is stopped
/// for as long loses it: the task is begun again, its result is there once.
fn leases(folder: &Path, url: &str) -> Outcome {
    let path = folder.join("output");
    let output = || fs::read_to_string(&path);
    let lease = [("TASK_QUEUE_LEASE", "3"), ("TASK_QUEUE_HOLD", "10000")];
    let arguments = ["program", url, "leases"];
    let mut program = start_with(folder, &path, arguments, &lease)?;
    while begun(&output()?).len() < 2 {
        assert!(program.0.try_wait()?.is_none(), "{}", output()?);
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(Duration::from_secs(7));
    // Both are at work, and a third worker has done the rest.
    let arguments = ["worker", url, "leases"];
    let mut third = start_with(folder, &path, arguments, &lease[..1])?;
    while begun(&output()?).len() < 6 {
        assert!(third.0.try_wait()?.is_none(), "{}", output()?);
        thread::sleep(Duration::from_millis(10));
    }
    let all_once: BTreeMap<_, _> = PRIMES.map(|(task, _)| (task, 1)).into();
    assert_eq!(begun(&output()?), all_once, "{}", output()?);

    let workers = children(program.0.id())?;
    assert_eq!(workers.len(), 2, "{workers:?}");
    kill(workers[0], Signal::SIGSTOP)?;
    while begun(&output()?).values().sum::<usize>() < 7 {
        thread::sleep(Duration::from_millis(10));
    }
    // The third has taken over the stopped one's task. The other goes on to hold
    // its own: it is killed, and put back at once.
    kill(workers[1], Signal::SIGKILL)?;
    while begun(&output()?).values().sum::<usize>() < 8 {
        thread::sleep(Duration::from_millis(10));
    }
    drop(third);
    program.0.kill()?;
    program.0.wait()?;
    let _ = kill(workers[0], Signal::SIGCONT); // it ends, as its program has
    let mut again = start(folder, &path, ["program", url, "leases"])?;
    assert!(again.0.wait()?.success(), "{}", output()?);
    check(&output()?);
    Ok(())
}

/// When the program is killed, its workers end by themselves.
#[test]
fn a_killed_program_leaves_no_worker() -> Outcome {
    let folder = tempfile::tempdir()?;
    let url =
        format!("sqlite://{}?mode=rwc", folder.path().join("db").display());
    let mut program = program(folder.path())?
        .args(["program", &url, "killed"])
        .env("TASK_QUEUE_HOLD", "10000")
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = program.stdout.take().ok_or("no output")?;
    let mut output = BufReader::new(stdout);
    let mut line = String::new();
    while !line.starts_with("worker") {
        line.clear();
        assert_ne!(output.read_line(&mut line)?, 0, "it has ended too soon");
    }
    program.kill()?;
    program.wait()?;
    // The workers hold the other end: it is closed when all of them have gone.
    output.read_to_end(&mut Vec::new())?;
    Ok(())
}

fn start(
    folder: &Path,
    output: &Path,
    arguments: [&str; 3],
) -> Outcome<Started> {
    start_with(folder, output, arguments, &[])
}

/// Starts the example with its output added to that file.
fn start_with(
    folder: &Path,
    output: &Path,
    arguments: [&str; 3],
    variables: &[(&str, &str)],
) -> Outcome<Started> {
    let output = fs::File::options().create(true).append(true).open(output)?;
    let mut program = program(folder)?;
    program.args(arguments).envs(variables.iter().copied());
    // A worker ends when its standard input does; and on Redis one that has lost
    // its lease says so.
    program.stdin(Stdio::piped()).stdout(output).stderr(Stdio::null());
    Ok(Started(program.spawn()?))
}

/// The children of a process that this one has started.
fn children(pid: u32) -> Outcome<Vec<Pid>> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let children = fs::read_to_string(path)?;
    let children = children.split_whitespace();
    children.map(|pid| Ok(Pid::from_raw(pid.parse()?))).collect()
}

/// Numbers that are random enough for the choice of a moment (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 |= 1; // all but zero
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 8
    }

    fn up_to(&mut self, millis: u64) -> Duration {
        Duration::from_millis(self.next() % millis)
    }
}

/// A Redis server of our own. `None` where Redis is not installed.
fn redis(test: &str) -> Outcome<Option<RedisServer>> {
    let server = RedisServer::start()?;
    if server.is_none() {
        // Past the harness, which keeps what a passing test prints.
        writeln!(stderr(), "{test}: skipped, no redis-server here")?;
    }
    Ok(server)
}
