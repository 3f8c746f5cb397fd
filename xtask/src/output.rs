//! What the commands print, and how.

use std::fmt::Display;
use std::io::{self, IsTerminal, Write};

/// Whether to use colour.
#[derive(Clone, Copy, Debug)]
pub struct Color {
    /// It is wanted.
    pub on: bool,
}

impl Color {
    /// Colour as told.
    pub fn new(on: bool) -> Color {
        Color { on }
    }

    /// Colour on a terminal, where NO_COLOR is not set.
    pub fn auto() -> Color {
        let refused =
            std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        Color { on: !refused && io::stdout().is_terminal() }
    }

    /// `text` in bold.
    pub fn bold(self, text: impl Display) -> String {
        self.paint("1", text)
    }

    /// `text` as bad news.
    pub fn red(self, text: impl Display) -> String {
        self.paint("31", text)
    }

    /// `text` as good news.
    pub fn green(self, text: impl Display) -> String {
        self.paint("32", text)
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_string()
        }
    }
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// As they should.
    pub passed: usize,
    /// Not so.
    pub failed: usize,
    /// Not at all, since this system lacks what they are about.
    pub skipped: usize,
}

impl Counts {
    /// A command's last line.
    pub fn line(self, color: Color) -> String {
        let Counts { passed, failed, skipped } = self;
        let mut line = format!("{passed} passed, {failed} failed");
        if skipped > 0 {
            line += &format!(", {skipped} skipped");
        }
        let line =
            if failed == 0 { color.green(line) } else { color.red(line) };
        line + "\n"
    }
}

/// Prints to standard output. A reader that has gone away (`| head`) ends the
/// process quietly.
pub fn print(text: impl Display) {
    let mut stdout = io::stdout().lock();
    if write!(stdout, "{text}").and_then(|()| stdout.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Tells an error on standard error.
pub fn complain(error: &impl Display) {
    // Where standard error is gone as well, the exit status must do.
    let _ = writeln!(io::stderr(), "error: {error}");
}
