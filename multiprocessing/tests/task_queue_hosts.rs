//! The example `task_queue` on three hosts: a store and two workers, each a network
//! namespace with addresses of its own. A worker's link goes down while it is in the
//! middle of a task, and comes back when another one has taken the task over. The
//! late one is not let go on, and each result is there once.
//!
//! All of it lies in namespaces of the test's own, with it as their init: whatever
//! happens, nothing of it is left on this machine.

#![cfg(target_os = "linux")]

mod common;

use std::env;
use std::fs::{self, File};
use std::io::{Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::{Outcome, PRIMES, Started, ask, example, tasks_begun};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Set where the test is in its own namespaces already.
const INSIDE: &str = "TASK_QUEUE_HOSTS_INSIDE";

/// How long anything that is waited for may take.
const LIMIT: Duration = Duration::from_secs(90);

/// The file at which a held task goes on.
const GO: &str = "go";

/// The worker notices that the store does not answer, and gives up by itself.
#[test]
fn a_link_goes_down_and_comes_back() -> Outcome {
    on_hosts("a_link_goes_down_and_comes_back", false)
}

/// The worker is stopped meanwhile, notices nothing, and comes too late.
#[test]
fn a_stopped_worker_comes_too_late() -> Outcome {
    on_hosts("a_stopped_worker_comes_too_late", true)
}

fn on_hosts(test: &str, stopped: bool) -> Outcome {
    if env::var_os(INSIDE).is_some() {
        return inside(stopped);
    }
    if let Some(why) = refused() {
        // Past the harness, which keeps what a passing test prints.
        writeln!(stderr(), "{test}: skipped, {why}")?;
        return Ok(());
    }
    let mut again = apart();
    again.arg(env::current_exe()?).args(["--exact", test, "--nocapture"]);
    ipc::spawn(again.env(INSIDE, "1"))?.join()
}

/// `unshare`, with namespaces in which this user may make hosts.
fn apart() -> Command {
    let mut unshare = Command::new("unshare");
    unshare.args(["--map-root-user", "--net", "--mount", "--pid", "--fork"]);
    unshare.args(["--kill-child", "--mount-proc"]);
    unshare
}

/// Why this cannot be tried here.
fn refused() -> Option<String> {
    for (program, argument) in [("redis-server", "--version"), ("ip", "-V")] {
        if Command::new(program).arg(argument).output().is_err() {
            return Some(format!("no {program}"));
        }
    }
    let script = "mount -t tmpfs hosts /run && ip netns add a && \
         ip link add name one type veth peer name two netns a";
    match apart().args(["sh", "-c", script]).output() {
        Err(error) => Some(format!("unshare: {error}")),
        Ok(tried) if tried.status.success() => None,
        Ok(tried) => {
            let why = String::from_utf8_lossy(&tried.stderr);
            Some(format!("namespaces are refused: {}", why.trim()))
        }
    }
}

fn inside(stopped: bool) -> Outcome {
    make_hosts()?;
    let folder = tempfile::tempdir_in("/run")?; // which is this test's own
    let folder = folder.path();
    let socket = folder.join("redis.sock");
    let mut server = on("store", "redis-server");
    server.args(["--port", "6379", "--bind", "10.18.1.1", "10.18.2.1"]);
    server.args(["--protected-mode", "no", "--save", "", "--appendonly"]);
    server.args(["no", "--unixsocket"]).arg(&socket).arg("--dir").arg(folder);
    server.stdout(Stdio::null());
    let mut server = Started(server.stdin(Stdio::null()).spawn()?);
    until("the store listens", || {
        if let Some(how) = server.0.try_wait()? {
            return Err(format!("redis-server has ended: {how}").into());
        }
        Ok(ask(&socket, "PING").is_ok_and(|answer| answer == "+PONG"))
    })?;

    // The tasks are stored. The program's own workers die with it, and what they
    // had taken is put back when their lease has run out.
    let program = Play::start(folder, "store", "program", Some("10000"))?;
    until("tasks are stored", || Ok(program.said()?.contains("begins")))?;
    drop(program);

    let mut one = Play::start(folder, "a", "worker", Some("30000"))?;
    until("worker a is in the middle of a task", || {
        one.still_runs()?;
        Ok(one.begun()?.last().is_some_and(|below| *below >= 30_000))
    })?;
    let held = *one.begun()?.last().ok_or("it holds nothing")?;
    if stopped {
        one.signal(Signal::SIGSTOP)?;
    }
    ip(&["-n", "a", "link", "set", "dev", "eth0", "down"])?;

    let mut two = Play::start(folder, "b", "worker", None)?;
    until("worker b has taken it over", || {
        two.still_runs()?;
        Ok(two.begun()?.contains(&held))
    })?;
    ip(&["-n", "a", "link", "set", "dev", "eth0", "up"])?;
    // It goes on, late: its task is done, its lease is another's, and it ends.
    File::create(folder.join(GO))?;
    one.signal(Signal::SIGCONT)?;
    let (how, said) = (one.ended()?, one.said()?);
    assert!(!how.success() && said.contains("BackendError"), "{how}: {said}");
    assert_eq!(one.begun()?.last(), Some(&held), "{said}");

    until("worker b has begun the rest", || {
        two.still_runs()?;
        let (one, two) = (one.begun()?, two.begun()?);
        let begun = |below| one.contains(below) || two.contains(below);
        Ok(PRIMES.iter().all(|(below, _)| begun(below)))
    })?;
    drop(two);

    // Whoever comes next sees each result, and sees it once.
    let mut last = Play::start(folder, "store", "program", None)?;
    let how = last.ended()?;
    let output = last.said()?;
    assert!(how.success(), "{how}: {output}");
    let results = output.lines().filter(|l| l.contains(": primes below "));
    let expected = PRIMES.map(|(below, primes)| {
        format!("program: primes below {below}: {primes}")
    });
    assert!(results.eq(expected), "{output}");
    Ok(())
}

/// The store has a link to each of the workers, and they have none to each other.
fn make_hosts() -> Outcome {
    let folder = Command::new("mount")
        .args(["-t", "tmpfs", "hosts", "/run"]) // where `ip netns` keeps names
        .status()?;
    assert!(folder.success(), "mount: {folder}");
    for host in ["store", "a", "b"] {
        ip(&["netns", "add", host])?;
        ip(&["-n", host, "link", "set", "dev", "lo", "up"])?;
    }
    for (worker, net) in [("a", "10.18.1"), ("b", "10.18.2")] {
        let (there, here) = (format!("{net}.1/24"), format!("{net}.2/24"));
        let pair = ["type", "veth", "peer", "name", worker, "netns", "store"];
        let link = ["link", "add", "eth0", "netns", worker];
        ip(&[&link[..], &pair[..]].concat())?;
        ip(&["-n", worker, "addr", "add", &here, "dev", "eth0"])?;
        ip(&["-n", worker, "link", "set", "dev", "eth0", "up"])?;
        ip(&["-n", "store", "addr", "add", &there, "dev", worker])?;
        ip(&["-n", "store", "link", "set", "dev", worker, "up"])?;
    }
    Ok(())
}

fn ip(arguments: &[&str]) -> Outcome {
    let how = Command::new("ip").args(arguments).status()?;
    match how.success() {
        true => Ok(()),
        false => Err(format!("ip {}: {how}", arguments.join(" ")).into()),
    }
}

/// A program on that host.
fn on(host: &str, program: impl AsRef<Path>) -> Command {
    let mut enter = Command::new("nsenter");
    enter.arg(format!("--net=/run/netns/{host}")).arg(program.as_ref());
    enter
}

fn until(what: &str, mut holds: impl FnMut() -> Outcome<bool>) -> Outcome {
    let begin = Instant::now();
    while !holds()? {
        if begin.elapsed() > LIMIT {
            return Err(format!("not within {LIMIT:?}: {what}").into());
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// The example in a role on a host, and the file of its output.
struct Play {
    program: Started,
    output: PathBuf,
}

impl Play {
    fn start(
        folder: &Path,
        host: &str,
        role: &str,
        hold: Option<&str>,
    ) -> Outcome<Play> {
        let address = if host == "b" { "10.18.2.1" } else { "10.18.1.1" };
        let url = format!("redis://{address}:6379");
        let name = format!("{host}-{role}-{}", hold.unwrap_or("none"));
        let output = folder.join(name);
        let mut program = on(host, example()?);
        program.args([role, &url, "hosts"]).env("TASK_QUEUE_LEASE", "3");
        program.envs(hold.map(|from| ("TASK_QUEUE_HOLD", from)));
        program.env_remove("TASK_QUEUE_URL").env("TMPDIR", folder);
        program.env("TASK_QUEUE_GO", folder.join(GO));
        // A worker ends when its standard input does.
        let file = File::create(&output)?;
        program.stdin(Stdio::piped()).stderr(file.try_clone()?).stdout(file);
        Ok(Play { program: Started(program.spawn()?), output })
    }

    fn said(&self) -> Outcome<String> {
        Ok(fs::read_to_string(&self.output)?)
    }

    /// The tasks that it has begun, in order.
    fn begun(&self) -> Outcome<Vec<u64>> {
        let said = self.said()?;
        let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
        Ok(tasks_begun(whole).collect())
    }

    fn signal(&self, signal: Signal) -> Outcome {
        Ok(kill(Pid::from_raw(self.program.0.id() as i32), signal)?)
    }

    fn still_runs(&mut self) -> Outcome {
        match self.program.0.try_wait()? {
            None => Ok(()),
            Some(how) => Err(format!("{how}: {}", self.said()?).into()),
        }
    }

    /// Waits for its end.
    fn ended(&mut self) -> Outcome<ExitStatus> {
        let mut end = None;
        until("it ends", || {
            end = self.program.0.try_wait()?;
            Ok(end.is_some())
        })?;
        end.ok_or_else(|| "it has not ended".into())
    }
}
