//! Exit status: how a process ended, and who did not notice.
//!
//! Python: `Process.exitcode`, negative for a signal, in `11_exit_status.py`.
//! Notes: N0:885, N4:836.
//!
//! A browser gives each tab a process, so that a crash takes one tab and no
//! more. Here one tab ends well, one reports an error by its exit code, one
//! aborts and one is killed, while a fifth, open all the time, still answers at
//! the end. Five tabs make this longer than a screen.
//!
//! The parent learns either an exit code (0 to 255; 101 after a panic, 1 after
//! Python's uncaught exception) or the signal that ended the child. Python
//! makes the latter a negative number, a shell makes it 128 and more. `waitpid`
//! fails with EINTR when a signal handler runs meanwhile: std and Python try
//! again by themselves, nix tells you, so a program with handlers needs the
//! loop.
//!
//! ```text,expect
//! news: loaded
//! main: news exited with 0
//! mail: no connection
//! main: mail exited with 3
//! maps: crashing
//! main: maps died of SIGABRT
//! main: video died of SIGKILL
//! chat: got "are you there?"
//! main: chat exited with 0
//! ```
//!
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`
//! Break it: `abort()` => `0`

#![allow(unsafe_code)]

use std::error::Error;
use std::io::{Read, Write, pipe};
use std::process::{abort, exit};

use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

struct Tab {
    name: &'static str,
    child: Option<Pid>,
}

impl Tab {
    fn open(
        name: &'static str,
        work: impl FnOnce() -> i32,
    ) -> nix::Result<Self> {
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => {
                Ok(Tab { name, child: Some(child) })
            }
            ForkResult::Child => exit(work()),
        }
    }

    fn kill(&self) -> nix::Result<()> {
        self.child.map_or(Ok(()), |child| kill(child, Signal::SIGKILL))
    }

    fn wait(mut self) -> nix::Result<()> {
        let Some(child) = self.child.take() else { return Ok(()) };
        match waitpid(child, None)? {
            WaitStatus::Exited(_, code) => {
                println!("main: {} exited with {code}", self.name);
            }
            WaitStatus::Signaled(_, signal, _) => {
                println!("main: {} died of {signal}", self.name);
            }
            other => println!("main: {} is {other:?}", self.name),
        }
        Ok(())
    }
}

/// A tab that nobody has waited for is closed by force.
impl Drop for Tab {
    fn drop(&mut self) {
        let _ = self.kill();
        if let Some(child) = self.child {
            let _ = waitpid(child, None);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // A crash shall leave no core file.
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    Tab::open("news", || say("news: loaded", 0))?.wait()?;
    let (mut keyboard, typed) = pipe()?;
    let mut typed = Some(typed);
    let chat = Tab::open("chat", || {
        typed.take(); // else it would wait for ever for main, if main is dead
        let mut text = [0; 14];
        let read = keyboard.read_exact(&mut text);
        println!("chat: got {:?}", String::from_utf8_lossy(&text));
        read.is_err().into()
    })?;
    Tab::open("mail", || say("mail: no connection", 3))?.wait()?;
    Tab::open("maps", || {
        println!("maps: crashing");
        abort()
    })?
    .wait()?;
    let (mut end, playing) = pipe()?;
    let mut playing = Some(playing);
    let video = Tab::open("video", || {
        playing.take();
        end.read_to_end(&mut Vec::new()).is_err().into()
    })?;
    video.kill()?;
    video.wait()?;
    typed.as_mut().ok_or("no keyboard")?.write_all(b"are you there?")?;
    chat.wait()?;
    Ok(())
}

/// Says it, and gives the exit code.
fn say(line: &str, code: i32) -> i32 {
    println!("{line}");
    code
}
