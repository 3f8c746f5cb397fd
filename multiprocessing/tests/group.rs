//! A foreign program is ended with all that it has started.

use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use multiprocessing::Group;
use nix::sys::signal::Signal;

type Outcome = Result<(), Box<dyn Error>>;

const LONG: Duration = Duration::from_secs(60);

/// The program has begun, and says so by a line.
fn start(
    script: &str,
) -> Result<(Group, BufReader<ChildStdout>), Box<dyn Error>> {
    let mut command = Command::new("sh");
    command.args(["-c", script]).stdout(Stdio::piped());
    let mut group = Group::start(&mut command)?;
    let mut output = BufReader::new(group.take_output().ok_or("no output")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    assert_eq!(line, "ready\n");
    Ok((group, output))
}

/// The end of file comes when all who had the output have gone.
fn all_gone(mut output: BufReader<ChildStdout>) -> Outcome {
    output.read_to_end(&mut Vec::new())?;
    Ok(())
}

#[test]
fn what_it_has_started_is_killed() -> Outcome {
    let (group, output) = start("sleep 1000 & sleep 1000 & echo ready")?;
    assert!(group.ended_within(LONG)?);
    assert!(group.ended_within(Duration::ZERO)?, "it can be asked again");
    assert_eq!(group.end()?.code(), Some(0));
    all_gone(output)
}

#[test]
fn a_program_that_does_not_end() -> Outcome {
    let (group, output) = start("echo ready; sleep 1000")?;
    assert!(!group.ended_within(Duration::from_millis(20))?);
    assert_eq!(group.end()?.signal(), Some(Signal::SIGKILL as i32));
    all_gone(output)
}

#[test]
fn a_signal_reaches_all() -> Outcome {
    let (group, output) = start("echo ready; sleep 1000 & sleep 1000")?;
    group.signal(Signal::SIGTERM)?;
    assert!(group.ended_within(LONG)?);
    all_gone(output)?;
    group.signal(Signal::SIGTERM)?; // nobody is left: no error
    assert_eq!(group.end()?.signal(), Some(Signal::SIGTERM as i32));
    Ok(())
}

#[test]
fn dropping_it_kills_all() -> Outcome {
    let (group, output) = start("sleep 1000 & echo ready; sleep 1000")?;
    drop(group);
    all_gone(output)
}

#[test]
fn the_exit_code_is_kept() -> Outcome {
    let (group, output) = start("echo ready; exit 7")?;
    assert!(group.ended_within(LONG)?);
    assert_eq!(group.end()?.code(), Some(7));
    all_gone(output)
}

#[test]
fn a_program_that_is_not_there() {
    assert!(Group::start(&mut Command::new("/no/such/program")).is_err());
}
