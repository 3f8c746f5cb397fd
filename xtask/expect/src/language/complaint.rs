//! What is wrong with a source, and the way out.

use std::fmt;

/// What is wrong with a line of a source, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The number of the line in its file; 0 if there is no line at all.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// The way out.
    pub help: String,
}

impl Complaint {
    /// A complaint of no line yet.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Complaint { line: 0, message: message.into(), help: help.into() }
    }

    /// The same about this line.
    #[must_use]
    pub fn at(mut self, line: usize) -> Self {
        self.line = line;
        self
    }

    /// The whole of it, with its place: `FILE:LINE: …`.
    pub fn in_file(&self, file: &str) -> String {
        format!("{file}:{}: {}; {}", self.line, self.message, self.help)
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}; {}", self.line, self.message, self.help)
    }
}

impl std::error::Error for Complaint {}
