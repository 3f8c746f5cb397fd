//! The terminal: keys come at once and unseen, until it is given back.

use std::io::{Write, stdin, stdout};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use signal_hook::consts::{SIGCONT, SIGWINCH};
use signal_hook::flag;

/// Where no size is known.
const SIZE: (usize, usize) = (80, 24);

/// A terminal that was taken over; dropped, it is as it was.
#[derive(Debug)]
pub(super) struct Terminal {
    before: Termios,
    /// Gives it back where we are killed.
    guard: Option<Child>,
    resized: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
    quit: Quit,
}

impl Terminal {
    /// Takes over the terminal that is standard input.
    pub(super) fn take() -> Option<Terminal> {
        let before = tcgetattr(stdin()).ok()?;
        let (resized, continued) =
            <(Arc<AtomicBool>, Arc<AtomicBool>)>::default();
        flag::register(SIGWINCH, Arc::clone(&resized)).ok()?;
        flag::register(SIGCONT, Arc::clone(&continued)).ok()?;
        let guard = guard();
        let quit = Quit::default();
        let terminal = Terminal { before, guard, resized, continued, quit };
        terminal.set().then_some(terminal)
    }

    /// Ctrl-C and Ctrl-Z stay what they are, and lines end as ever.
    fn set(&self) -> bool {
        let mut mode = self.before.clone();
        mode.local_flags -= LocalFlags::ICANON | LocalFlags::ECHO;
        mode.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
        mode.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
        tcsetattr(stdin(), SetArg::TCSADRAIN, &mode).is_ok()
    }

    /// Whether the page must be written anew: the window has another size, or we
    /// were stopped for a while.
    pub(super) fn changed(&self) -> bool {
        if self.continued.swap(false, Ordering::Relaxed) {
            self.set();
            self.resized.store(true, Ordering::Relaxed);
        }
        self.resized.swap(false, Ordering::Relaxed)
    }

    /// Columns and rows.
    pub(super) fn size(&self) -> (usize, usize) {
        let Ok(size) = rustix::termios::tcgetwinsize(stdout()) else {
            return SIZE;
        };
        match (usize::from(size.ws_col), usize::from(size.ws_row)) {
            (0, _) | (_, 0) => SIZE,
            (columns, rows) => (columns.max(10), rows.max(3)),
        }
    }

    /// What becomes of `q` while something is at work.
    pub(super) fn quit(&self) -> &Quit {
        &self.quit
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // The terminal may be gone; then there is nothing to give back.
        let _ = tcsetattr(stdin(), SetArg::TCSADRAIN, &self.before);
        let _ = stdout().write_all(b"\r\x1b[K").and_then(|()| stdout().flush());
        if let Some(mut guard) = self.guard.take() {
            if let Some(mut input) = guard.stdin.take() {
                let _ = input.write_all(b"done\n");
            }
            let _ = guard.wait();
        }
    }
}

/// A process that gives the terminal back when its input ends without a word:
/// then we were killed, or stopped by a second Ctrl-C.
fn guard() -> Option<Child> {
    const GUARD: &str = "\
        trap '' INT QUIT TERM HUP TTOU; read -r end; \
        [ \"$end\" ] || stty \"$0\" <&1";
    let mut stty = Command::new("stty");
    let asked = stty.arg("-g").stdin(Stdio::inherit()).output().ok()?;
    let before = String::from_utf8(asked.stdout).ok()?;
    Command::new("sh")
        .args(["-c", GUARD, before.trim()])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .ok()
}

/// What becomes of `q` while something is at work: it stops that, as Ctrl-C does.
#[derive(Clone, Debug, Default)]
pub(super) struct Quit {
    listens: Arc<AtomicBool>,
    asked: Arc<AtomicBool>,
}

impl Quit {
    /// Whether something is at work.
    pub(super) fn listen(&self, listens: bool) {
        self.listens.store(listens, Ordering::Relaxed);
    }

    /// Takes a `q`, where something is at work.
    pub(super) fn take(&self) -> bool {
        let takes = self.listens.load(Ordering::Relaxed)
            && !self.asked.swap(true, Ordering::Relaxed);
        takes && raise(Signal::SIGINT).is_ok()
    }

    /// Whether that has happened.
    pub(super) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}
