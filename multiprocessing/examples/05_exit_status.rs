//! Exit status: how a process ended, and who did not notice.
//!
//! Python: `Process.exitcode`, negative for a signal, in `05_exit_status.py`.
//! Notes: N0:886, N4:827.
//!
//! A browser gives each tab a process of its own, so that a crash takes one tab
//! and no more. Here one tab ends well, one reports an error by its exit code,
//! one fails by an uncaught error, one aborts and one is killed. A sixth is open
//! all the time and still answers at the end.
//!
//! The parent learns either an exit code (0 to 255) or the signal that ended the
//! child. An uncaught error makes it 101 after a panic in Rust and 1 after an
//! exception in Python. Python's `exitcode` gives a signal as a negative number,
//! a shell as 128 plus its number. If a signal handler runs during `waitpid`, the
//! call fails with EINTR: std, Python and the `fork` used here try again.
//!
//! That `fork` also catches a panic at the end of the child's work. Without that
//! the panic would unwind on through the copies of the parent's frames, and their
//! destructors, which kill the other tabs, would run in the child.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! @stderr any
//! news: loaded
//! main: news exited with 0
//! mail: no connection
//! main: mail exited with 3
//! shop: failing
//! main: shop exited with {:int 1..101}
//! maps: crashing
//! main: maps died of SIGABRT
//! main: video died of SIGKILL
//! chat: got "are you there?"
//! chat: closed
//! main: chat exited with 0
//! ```
//!
//! Break it: `abort()` => `Ok(())`
//! Break it: `ipc::exit(3)` => `Ok(())`
//! Break it: `Signal::SIGKILL` => `Signal::SIGTERM`
//! Break it (Python): `os.abort()` => `os._exit(0)`
//! Break it (Python): `sys.exit(3)` => `return`

use std::io::{BufRead, BufReader, PipeReader, Write, pipe};
use std::process::abort;

use ipc::{Child, Result};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::wait::WaitStatus;
use nix::unistd::pause;

/// A tab that is dropped before it was waited for is closed by force.
struct Tab {
    name: &'static str,
    child: Child,
}

impl Tab {
    fn open(
        name: &'static str,
        work: impl FnOnce() -> Result<()>,
    ) -> Result<Tab> {
        Ok(Tab { name, child: ipc::fork(work)? })
    }

    fn wait(self) -> Result<()> {
        let name = self.name;
        match self.child.wait()? {
            WaitStatus::Exited(_, code) => {
                println!("main: {name} exited with {code}");
            }
            WaitStatus::Signaled(_, signal, _) => {
                println!("main: {name} died of {signal}");
            }
            other => return Err(format!("{name} is {other:?}").into()),
        }
        Ok(())
    }
}

fn main() -> Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?; // a crash must leave no core file
    Tab::open("news", || say("news: loaded"))?.wait()?;
    let (keyboard, typed) = pipe()?;
    let mut typed = Some(typed);
    let chat = Tab::open("chat", || {
        typed = None; // the end of file comes when main alone lets go
        answer(keyboard)
    })?;
    Tab::open("mail", || {
        say("mail: no connection")?;
        ipc::exit(3)
    })?
    .wait()?;
    Tab::open("shop", || {
        say("shop: failing")?;
        panic!("an error that nobody catches")
    })?
    .wait()?;
    Tab::open("maps", || {
        say("maps: crashing")?;
        abort()
    })?
    .wait()?;
    let video = Tab::open("video", || {
        pause(); // until a signal comes
        Ok(())
    })?;
    video.child.signal(Signal::SIGKILL)?;
    video.wait()?;
    typed.as_ref().ok_or("no keyboard")?.write_all(b"are you there?\n")?;
    drop(typed);
    chat.wait()
}

fn say(line: &str) -> Result<()> {
    println!("{line}");
    Ok(())
}

fn answer(keyboard: PipeReader) -> Result<()> {
    for line in BufReader::new(keyboard).lines() {
        println!("chat: got {:?}", line?);
    }
    println!("chat: closed");
    Ok(())
}
