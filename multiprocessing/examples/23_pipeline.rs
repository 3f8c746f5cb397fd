//! Pipeline: `a | b | c` from three programs, without a shell.
//!
//! Python: `subprocess.Popen` with `stdin` and `stdout`, in `23_pipeline.py`.
//! Notes: none.
//!
//! One program's output is the next one's input. Start them yourself, and no text
//! is read by a shell: a file name with a blank or a `;` in it is an argument like
//! any other. And you learn how each has ended; a shell's `$?` is the last one's
//! (`set -o pipefail` gives the last failure). Reach for it where a tool does the
//! work better than a library.
//!
//! Give the reading end away: who keeps a copy keeps the pipe open, and the first
//! program never learns that nobody reads any more. `Stdio::from` takes it; in
//! Python close `stdout` after the next one has it. Here `yes` writes forever, until
//! `head` has what it wants and ends: then the kernel ends `yes` by SIGPIPE. Rust and
//! Python ignore that signal, but their children begin with the default. Wait for all
//! of them, from the last to the first; a failure in the middle is seen as well.
//!
//! ```text,expect
//! @peak 1..3 processes
//! main: yes | head -n 3 | sed s/y/no/: "no no no"
//! main: yes died of SIGPIPE
//! main: head exited with 0
//! main: sed exited with 0
//! main: echo a;b | grep c | cat: ""
//! main: echo exited with 0
//! main: grep exited with 1
//! main: cat exited with 0
//! ```
//!
//! Break it: `"-n", "3"` => `"-n", "2"`
//! Break it: `input = output.map_or(Stdio::null(), Stdio::from);` => `input = Stdio::null(); drop(output);`
//! Break it: `["grep", "c"]` => `["grep", "b"]`
//! Break it (Python): `source.close()  # the next one has it` => `pass`
//! Break it (Python): `["grep", "c"]` => `["grep", "b"]`

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use ipc::Result;
use nix::sys::signal::Signal;

fn main() -> Result<()> {
    run(&[&["yes"], &["head", "-n", "3"], &["sed", "s/y/no/"]])?;
    run(&[&["echo", "a;b"], &["grep", "c"], &["cat"]])
}

/// The programs of a pipeline: those that are left when this is dropped are
/// killed and waited for.
struct Programs(Vec<Child>);

impl Drop for Programs {
    fn drop(&mut self) {
        for program in &mut self.0 {
            // Without an effect on those that were waited for.
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

fn run(commands: &[&[&str]]) -> Result<()> {
    let mut started = Programs(Vec::new());
    let mut input = Stdio::null();
    let mut last = None;
    for command in commands {
        let mut program = Command::new(command[0]);
        program.args(&command[1..]).stdin(input).stdout(Stdio::piped());
        let mut child = program.spawn()?; // and `program`'s copies are closed
        let output = child.stdout.take();
        started.0.push(child);
        if started.0.len() == commands.len() {
            last = output;
            break;
        }
        input = output.map_or(Stdio::null(), Stdio::from);
    }
    let mut text = String::new();
    let last = last.ok_or("no output")?;
    last.take(64 * 1024).read_to_string(&mut text)?; // no more than that
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: Vec<_> = commands.iter().map(|words| words.join(" ")).collect();
    println!("main: {}: {words:?}", line.join(" | "));
    for (command, program) in commands.iter().zip(&mut started.0) {
        let how = program.wait()?;
        match (how.code(), how.signal().map(Signal::try_from)) {
            (Some(code), _) => {
                println!("main: {} exited with {code}", command[0])
            }
            (_, Some(signal)) => {
                println!("main: {} died of {}", command[0], signal?)
            }
            _ => return Err(format!("{}: {how}", command[0]).into()),
        }
    }
    Ok(())
}
