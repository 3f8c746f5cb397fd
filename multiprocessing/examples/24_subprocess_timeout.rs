//! Subprocess timeout: a foreign program that takes too long is ended, whole.
//!
//! Python: `subprocess.Popen`, `os.killpg`, in `24_subprocess_timeout.py`.
//! Notes: none.
//!
//! A program that you start may hang, or take hours. Give each a limit. When it is
//! over, ask first (SIGTERM: it may tidy up) and, after some grace, end it (SIGKILL,
//! which nobody can ignore). Both go to its process group, for what it has started
//! goes on otherwise, and holds its output open (`grandchild_holds_pipe`).
//!
//! Rust's std has no wait with a limit; `ipc::ends_within` asks every millisecond,
//! tokio's `Child` and a pidfd (`pidfd`) wait without asking. Python has
//! `wait(timeout=…)`, but `subprocess.run(timeout=…)` kills the child alone. Read
//! the output meanwhile, with a bound, or a program that writes much stops at a
//! full pipe (`full_pipe`). Here the end of the output shows that all have gone.
//!
//! ```text,expect
//! @peak 1.. processes
//! main: quick: in time, exit code 0, output "ready" has ended
//! main: slow: too late, asked, ended by SIGTERM, output "ready" has ended
//! main: stubborn: too late, asked, killed, ended by SIGKILL, output "ready" has ended
//! ```
//!
//! Break it: `group.signal(Signal::SIGTERM)?;` => `group.signal(Signal::SIGINT)?;`
//! Break it: `trap \"\" TERM; ` => ``
//! Break it: `sleep 1000 & sleep 1000` => `true`
//! Break it (Python): `os.killpg(program.pid, signal.SIGTERM)` => `os.killpg(program.pid, signal.SIGINT)`
//! Break it (Python): `trap "" TERM; ` => ``

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::panic::resume_unwind;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use ipc::Result;
use multiprocessing::Group;
use nix::sys::signal::Signal;

/// What each runs, how long it may take, and how long it may tidy up.
const PROGRAMS: [(&str, &str, Duration, Duration); 3] = [
    ("quick", "echo ready", LONG, LONG),
    ("slow", "echo ready; sleep 1000 & sleep 1000", SHORT, LONG),
    ("stubborn", "trap \"\" TERM; echo ready; sleep 1000", SHORT, SHORT),
];

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(60);

/// No more than that of a program's output is kept.
const MOST: u64 = 64 * 1024;

fn main() -> Result<()> {
    for (name, script, limit, grace) in PROGRAMS {
        println!("main: {name}: {}", run(script, limit, grace)?);
    }
    Ok(())
}

/// Runs it, and tells how that went.
fn run(script: &str, limit: Duration, grace: Duration) -> Result<String> {
    let mut program = Command::new("sh");
    program.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut group = Group::start(&mut program)?;
    let output = group.take_output().ok_or("no output")?;
    let mut output = BufReader::new(output.take(MOST));
    let mut text = String::new();
    output.read_line(&mut text)?; // the limit begins when it is ready
    let reader = thread::spawn(move || {
        output.read_to_string(&mut text)?;
        Ok::<_, std::io::Error>(text)
    });

    let mut told = "in time".to_owned();
    if !group.ended_within(limit)? {
        told = "too late, asked".to_owned();
        group.signal(Signal::SIGTERM)?;
        if !group.ended_within(grace)? {
            told += ", killed";
        }
    }
    let how = group.end()?; // kills what is left
    told += &match (how.code(), how.signal().map(Signal::try_from)) {
        (Some(code), _) => format!(", exit code {code}"),
        (None, Some(signal)) => format!(", ended by {}", signal?),
        (None, None) => return Err(format!("it is {how}").into()),
    };
    let text = reader.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    Ok(format!("{told}, output {:?} has ended", text.trim_end()))
}
