//! The example `task_queue` on each of its stores, and with its supervisor
//! killed.

use std::env;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write, stderr};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

type Outcome = Result<(), Box<dyn Error>>;

/// The example's executable, which `cargo test` builds along with the tests.
fn example() -> Result<PathBuf, Box<dyn Error>> {
    let test = env::current_exe()?;
    let profile = test.ancestors().nth(2).ok_or("no profile's folder")?;
    let path = profile.join("examples/task_queue");
    if !path.exists() {
        let help = "run `cargo build -p multiprocessing --examples` first";
        return Err(help.into());
    }
    Ok(path)
}

fn program(temporary: &Path) -> Result<Command, Box<dyn Error>> {
    let mut program = Command::new(example()?);
    program.env_remove("TASK_QUEUE_URL").env("TMPDIR", temporary);
    program.stdin(Stdio::null());
    Ok(program)
}

/// Each task was begun by a living worker once, and its result is there once.
fn check(output: &str, store: &str) {
    let count =
        |end: &str| output.lines().filter(|line| line.ends_with(end)).count();
    assert!(output.starts_with(&format!(
        "main: 6 tasks are stored, by {store}\n\
         worker-1: begins, primes below 10000\n\
         main: worker-1 died of signal 9, its task is put back\n"
    )));
    assert_eq!(count(": begins, primes below 10000"), 2, "{output}");
    for (below, primes) in [
        (10_000, 1229),
        (20_000, 2262),
        (30_000, 3245),
        (40_000, 4203),
        (50_000, 5133),
        (60_000, 6057),
    ] {
        let result = format!("main: primes below {below}: {primes}");
        assert_eq!(count(&result), 1, "{output}");
        if below != 10_000 {
            let begun = format!(": begins, primes below {below}");
            assert_eq!(count(&begun), 1, "{output}");
        }
    }
    assert_eq!(output.lines().count(), 15, "{output}");
}

#[test]
fn sqlite_by_default() -> Outcome {
    let folder = tempfile::tempdir()?;
    let output = program(folder.path())?.output()?;
    assert!(output.status.success(), "{output:?}");
    check(&String::from_utf8(output.stdout)?, "SQLite");
    assert_eq!(fs::read_dir(folder.path())?.count(), 0);
    Ok(())
}

#[test]
fn redis_by_url() -> Outcome {
    let folder = tempfile::tempdir()?;
    let Some(server) = Redis::start(folder.path())? else {
        // Past the harness, which keeps what a passing test prints to itself.
        writeln!(stderr(), "redis_by_url: skipped, no redis-server here")?;
        return Ok(());
    };
    let temporary = tempfile::tempdir()?;
    let by_argument = program(temporary.path())?.arg(&server.url).output()?;
    let by_variable = program(temporary.path())?
        .env("TASK_QUEUE_URL", &server.url)
        .output()?;
    for output in [by_argument, by_variable] {
        assert!(output.status.success(), "{output:?}");
        check(&String::from_utf8(output.stdout)?, "Redis");
    }
    assert_eq!(server.ask("DBSIZE")?, ":0", "keys are left on the server");
    Ok(())
}

/// When the supervisor is killed, its workers end by themselves.
#[test]
fn a_killed_supervisor_leaves_no_worker() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut supervisor =
        program(folder.path())?.stdout(Stdio::piped()).spawn()?;
    let stdout = supervisor.stdout.take().ok_or("no output")?;
    let mut output = BufReader::new(stdout);
    let mut line = String::new();
    while !line.starts_with("worker-2") && !line.starts_with("worker-3") {
        line.clear();
        assert_ne!(output.read_line(&mut line)?, 0, "it has ended too soon");
    }
    supervisor.kill()?;
    supervisor.wait()?;
    // The workers hold the other end: it is closed when all of them have gone.
    output.read_to_end(&mut Vec::new())?;
    Ok(())
}

/// A Redis server of our own, on a socket in a folder of its own.
struct Redis {
    server: Child,
    socket: PathBuf,
    url: String,
}

impl Redis {
    /// `None` where Redis is not installed.
    fn start(folder: &Path) -> Result<Option<Self>, Box<dyn Error>> {
        let socket = folder.join("redis.sock");
        let server = Command::new("redis-server")
            .args(["--port", "0", "--save", "", "--appendonly", "no"])
            .arg("--unixsocket")
            .arg(&socket)
            .arg("--dir")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let server = match server {
            Ok(server) => server,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let url = format!("redis+unix://{}", socket.display());
        let mut redis = Redis { server, socket, url };
        loop {
            if redis.ask("PING").is_ok_and(|answer| answer == "+PONG") {
                return Ok(Some(redis));
            }
            if let Some(how) = redis.server.try_wait()? {
                return Err(format!("redis-server has ended: {how}").into());
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn ask(&self, question: &str) -> std::io::Result<String> {
        let mut server = UnixStream::connect(&self.socket)?;
        writeln!(server, "{question}\r")?;
        let mut answer = String::new();
        BufReader::new(server).read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
