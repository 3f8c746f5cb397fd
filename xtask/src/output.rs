//! What the commands print, and how: the one way to standard output.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt::Display;
use std::io::{self, ErrorKind, IsTerminal, Write, stderr};

use expect::{Role, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::results::{Counts, Failure};

/// Standard output, with colour or without, and the progress bar that it shares
/// a terminal with.
#[derive(Debug)]
pub struct Output {
    color: bool,
    /// Tells failures to GitHub too, at the lines that they are about.
    annotates: bool,
    bar: RefCell<ProgressBar>,
    /// The reader has gone away (`| head`): nothing more is written.
    closed: Cell<bool>,
    /// The first fault in writing.
    fault: OnceCell<io::Error>,
}

impl Output {
    /// An output, with colour if `color`.
    pub fn new(color: bool) -> Output {
        let set = |name| std::env::var_os(name).is_some_and(|v| v == "true");
        Output {
            color,
            annotates: set("GITHUB_ACTIONS"),
            bar: RefCell::new(ProgressBar::hidden()),
            closed: Cell::new(false),
            fault: OnceCell::new(),
        }
    }

    /// Whether to use colour.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Prints. A fault is kept, and the command goes on: it still ends with the
    /// status that it has earned.
    pub fn print(&self, text: impl Display) {
        if self.closed.get() || self.fault.get().is_some() {
            return;
        }
        let print = || {
            let mut stdout = io::stdout().lock();
            write!(stdout, "{text}").and_then(|()| stdout.flush())
        };
        match self.bar.borrow().suspend(print) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed.set(true);
            }
            Err(error) => _ = self.fault.set(error),
        }
    }

    /// Tells a failure in a line, and to GitHub where it listens.
    pub fn failed(&self, failure: &Failure) {
        let headline = failure.headline();
        self.print(format!("{} {headline}\n", self.red("failed")));
        if self.annotates {
            let place = match failure.place() {
                (file, Some(line)) => format!("file={file},line={line}"),
                (file, None) => format!("file={file}"),
            };
            let text = headline
                .replace('%', "%25")
                .replace('\r', "%0D")
                .replace('\n', "%0A");
            self.print(format!("::error {place}::{text}\n"));
        }
    }

    /// A command's last line.
    pub fn counts(&self, counts: Counts) {
        let line = counts.to_string();
        let line = match counts.failed {
            0 => self.green(line),
            _ => self.red(line),
        };
        self.print(format!("{line}\n"));
    }

    /// Shows a progress bar on a terminal until the guard is dropped.
    pub fn progress(&self, length: u64, what: &str) -> Progress<'_> {
        let target = if stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(length), target);
        let style =
            ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = bar.with_style(style).with_message(what.to_owned());
        self.bar.replace(bar);
        Progress(self)
    }

    /// What kept the output from being written.
    pub fn fault(&self) -> Option<&io::Error> {
        self.fault.get()
    }

    /// `text` in bold.
    pub fn bold(&self, text: impl Display) -> String {
        self.paint(Role::Heading, text)
    }

    /// `text` as bad news.
    pub fn red(&self, text: impl Display) -> String {
        self.paint(Role::Bad, text)
    }

    /// `text` as good news.
    pub fn green(&self, text: impl Display) -> String {
        self.paint(Role::Good, text)
    }

    fn paint(&self, role: Role, text: impl Display) -> String {
        Style { color: self.color }.paint(role, &text.to_string())
    }
}

/// A progress bar; it goes when this is dropped.
#[derive(Debug)]
pub struct Progress<'o>(&'o Output);

impl Progress<'_> {
    /// One more is done.
    pub fn step(&self) {
        self.0.bar.borrow().inc(1);
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.0.bar.replace(ProgressBar::hidden()).finish_and_clear();
    }
}

/// Tells an error on standard error.
pub fn complain(error: &impl Display) {
    // Where standard error is gone as well, the exit status must do.
    let _ = writeln!(io::stderr(), "error: {error}");
}
