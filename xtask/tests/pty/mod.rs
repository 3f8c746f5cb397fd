//! A terminal with somebody at it, for the tests of what is used by keys.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use nix::pty::{Winsize, openpty};
use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;

use crate::common::eventually;
use crate::fixture::Fixture;

/// A command on a terminal of its own.
pub(crate) struct Pty {
    terminal: File,
    child: Child,
    /// All that it has written, without escape sequences.
    written: Arc<Mutex<String>>,
    /// Up to where that was read.
    read: usize,
}

impl Pty {
    /// `xtask` with `arguments`, on a terminal of 80 columns and 24 rows.
    pub(crate) fn xtask(fixture: &Fixture, arguments: &[&str]) -> Pty {
        let size =
            Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(&size, None).expect("a terminal");
        let stdio = |fd: &OwnedFd| {
            Stdio::from(fd.try_clone().expect("another descriptor"))
        };
        let child = fixture
            .shell("exec setsid --ctty \"$@\"", arguments)
            .env("TERM", "xterm")
            .stdin(stdio(&pty.slave))
            .stdout(stdio(&pty.slave))
            .stderr(stdio(&pty.slave))
            .spawn()
            .expect("it starts");
        let terminal = File::from(pty.master);
        let written = Arc::new(Mutex::new(String::new()));
        let mut output = terminal.try_clone().expect("another descriptor");
        let all = Arc::clone(&written);
        thread::spawn(move || {
            // The other end is kept open: what was written last is not lost.
            let _slave = pty.slave;
            let mut bytes = [0; 4096];
            let mut raw = Vec::new();
            while let Ok(read @ 1..) = output.read(&mut bytes) {
                raw.extend_from_slice(&bytes[..read]);
                let text = String::from_utf8_lossy(&raw);
                *all.lock().expect("nobody panics") = plain(&text);
            }
        });
        Pty { terminal, child, written, read: 0 }
    }

    /// Waits until `text` has been written, behind what was waited for before.
    /// Gives all up to there.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let mut found = None;
        let deadline = std::time::Instant::now() + LIMIT;
        while found.is_none() {
            let written = self.written.lock().expect("nobody panics").clone();
            found = written[self.read..].find(text).map(|at| {
                let end = self.read + at + text.len();
                let before = written[self.read..end].to_owned();
                self.read = end;
                before
            });
            let left =
                deadline.checked_duration_since(std::time::Instant::now());
            assert!(
                found.is_some() || left.is_some(),
                "`{text}` never came:\n{}",
                &written[self.read..]
            );
            thread::sleep(std::time::Duration::from_millis(10));
        }
        found.unwrap_or_default()
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.terminal.write_all(keys.as_bytes()).expect("it is open");
    }

    /// Makes the window another size.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        let size = rustix::termios::Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        rustix::termios::tcsetwinsize(&self.terminal, size).expect("resized");
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(self.child.id().cast_signed());
        kill(process, signal).expect("it lives");
    }

    /// Waits until it has ended.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let mut status = None;
        eventually("its end", || {
            status = self.child.try_wait().expect("it is ours");
            status.is_some()
        });
        status.expect("it has ended")
    }

    /// Whether keys are shown and come line by line, as in a shell.
    pub(crate) fn is_as_it_was(&self) -> bool {
        let mode = tcgetattr(&self.terminal).expect("a terminal").local_flags;
        mode.contains(LocalFlags::ECHO | LocalFlags::ICANON)
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It has ended, where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// As long as a loaded machine may need to build something.
const LIMIT: std::time::Duration = std::time::Duration::from_secs(120);

/// The text without escape sequences and returns.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\x1b' => {
                characters.by_ref().find(char::is_ascii_alphabetic);
            }
            '\r' => {}
            c => plain.push(c),
        }
    }
    plain
}
