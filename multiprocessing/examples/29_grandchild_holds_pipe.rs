//! Grandchild holds pipe: the program has ended, its output has not.
//!
//! Python: `subprocess.Popen`, `communicate`, `os.killpg`, in
//! `29_grandchild_holds_pipe.py`.
//! Reported: python/cpython#75628, #97000.
//! Symptom: it hangs: `output()` or `communicate()` goes on after the child's end.
//!
//! A program starts another in the background (a server, a daemon, `sleep &`) and
//! ends. The other has inherited its output: the pipe that you read. You have the
//! exit status, but the end of file comes when the last copy of the writing end is
//! closed, and that may be never. A time limit does not help by itself:
//! `subprocess.run(timeout=…)` kills the child alone, and reads on.
//!
//! The cure: start the program in a process group of its own (`process_group`),
//! and when it has ended, or is late, kill the group. Do it before you wait for the
//! program: until then its pid, the number of the group, cannot be given to others
//! (`src/group.rs`, used by `subprocess_timeout` too). A process that leaves the
//! group (`setsid`) is not reached: there a container or a cgroup helps. Neither
//! Rust nor Python prevents the bug.
//!
//! ```text,expect
//! @peak 1.. processes
//! main: the program has ended: true
//! main: its output has said "started", has ended: false
//! main: the group is killed, the output has ended: true
//! main: cured, exit code 0, output "started", has ended: true
//! ```
//!
//! Break it: `let how = group.end()?; // the cure` => `let how = std::process::ExitStatus::default(); let _group = group;`
//! Break it: `sleep 1000 & echo started` => `echo started`
//! Break it (Python): `code = end(program)  # the cure` => `code = 0`
//! Break it (Python): `sleep 1000 & echo started` => `echo started`

use std::io::Read;
use std::os::fd::AsFd;
use std::process::{ChildStdout, Command, Stdio};
use std::time::Duration;

use ipc::Result;
use multiprocessing::Group;
use nix::poll::{PollFd, PollFlags, poll};

/// It leaves a program in the background that has inherited its output.
const SCRIPT: &str = "sleep 1000 & echo started";

/// Until then it has ended, if the machine is not very slow.
const MINUTE: Duration = Duration::from_secs(60);

fn main() -> Result<()> {
    let (group, mut output) = start()?;
    println!("main: the program has ended: {}", group.ended_within(MINUTE)?);
    let (text, ended) = read_for_a_while(&mut output)?;
    println!("main: its output has said {text:?}, has ended: {ended}");
    group.end()?;
    let (_, ended) = read_for_a_while(&mut output)?;
    println!("main: the group is killed, the output has ended: {ended}");

    let (group, mut output) = start()?;
    group.ended_within(MINUTE)?;
    let how = group.end()?; // the cure
    let (text, ended) = read_for_a_while(&mut output)?;
    let code = how.code().ok_or("it was killed")?;
    println!(
        "main: cured, exit code {code}, output {text:?}, has ended: {ended}"
    );
    Ok(())
}

fn start() -> Result<(Group, ChildStdout)> {
    let mut program = Command::new("sh");
    program.args(["-c", SCRIPT]).stdout(Stdio::piped());
    let mut group = Group::start(&mut program)?;
    let output = group.take_output().ok_or("no output")?;
    Ok((group, output))
}

/// What there is to read until the end of file, or until nothing comes any more;
/// and whether the end came.
fn read_for_a_while(output: &mut ChildStdout) -> Result<(String, bool)> {
    let mut text = Vec::new();
    loop {
        let mut wanted = [PollFd::new(output.as_fd(), PollFlags::POLLIN)];
        let ready = poll(&mut wanted, 300_u16)? > 0;
        let mut part = [0; 1024];
        let length = if ready { output.read(&mut part)? } else { 0 };
        if length == 0 {
            let text = String::from_utf8_lossy(&text).trim_end().to_owned();
            return Ok((text, ready));
        }
        text.extend_from_slice(&part[..length]);
    }
}
