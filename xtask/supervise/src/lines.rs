//! A program's output, cut into lines as it arrives.

use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::OwnedFd;
use std::time::Duration;

use nix::fcntl::{FcntlArg, OFlag, fcntl};

use expect::{OutputLine, Stream};

/// The most that is read of one stream; beyond it the program is killed.
const CAP: usize = 16 << 20;

/// The most lines of one stream.
const LINES: usize = 1 << 17;

/// The most that is noted about one stream: all may be wrong in the same way.
const NOTES: usize = 8;

/// One stream of a program, cut into lines as it arrives.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) pipe: Option<File>,
    stream: Stream,
    pending: Vec<u8>,
    at: Duration,
    total: usize,
    count: usize,
    /// Of standard output, all bytes: it is to be found out who wrote them.
    pub(crate) bytes: Vec<u8>,
    pub(crate) notes: Vec<String>,
}

impl Lines {
    pub(crate) fn new(pipe: PipeReader, stream: Stream) -> io::Result<Lines> {
        let pipe = OwnedFd::from(pipe);
        fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        Ok(Lines {
            pipe: Some(File::from(pipe)),
            stream,
            pending: Vec::new(),
            at: Duration::ZERO,
            total: 0,
            count: 0,
            bytes: Vec::new(),
            notes: Vec::new(),
        })
    }

    /// Reads what is there; false once there is more than may be.
    pub(crate) fn read(
        &mut self,
        at: Duration,
        lines: &mut Vec<OutputLine>,
    ) -> io::Result<bool> {
        let mut buffer = [0; 16 << 10];
        while let Some(pipe) = &mut self.pipe {
            match pipe.read(&mut buffer) {
                Ok(0) => self.pipe = None,
                Ok(n) => {
                    self.total += n;
                    self.at = at;
                    if self.stream == Stream::Stdout {
                        self.bytes.extend_from_slice(&buffer[..n]);
                    }
                    self.split(&buffer[..n], lines);
                }
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => break,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
            let after = if self.total > CAP {
                format!("{} MB", CAP >> 20)
            } else if self.count >= LINES {
                format!("{LINES} lines")
            } else {
                continue;
            };
            self.pipe = None;
            let name = self.name();
            self.notes.push(format!(
                "{name} was cut, and the program killed, after {after}"
            ));
            return Ok(false);
        }
        Ok(true)
    }

    fn split(&mut self, mut bytes: &[u8], lines: &mut Vec<OutputLine>) {
        while let Some(end) = bytes.iter().position(|b| *b == b'\n') {
            self.pending.extend_from_slice(&bytes[..end]);
            self.push(lines);
            bytes = &bytes[end + 1..];
        }
        self.pending.extend_from_slice(bytes);
    }

    fn push(&mut self, lines: &mut Vec<OutputLine>) {
        let bytes = std::mem::take(&mut self.pending);
        let text = String::from_utf8(bytes).unwrap_or_else(|e| {
            if self.notes.len() < NOTES {
                self.notes.push(format!(
                    "{} is not UTF-8: {:?}",
                    self.name(),
                    String::from_utf8_lossy(e.as_bytes())
                ));
            }
            String::from_utf8_lossy(e.as_bytes()).into_owned()
        });
        let (stream, at) = (self.stream, self.at);
        self.count += 1;
        lines.push(OutputLine { stream, at, text, spoken: None });
    }

    pub(crate) fn close(&mut self, lines: &mut Vec<OutputLine>) {
        self.pipe = None;
        if !self.pending.is_empty() {
            if self.stream == Stream::Stdout {
                let line = String::from_utf8_lossy(&self.pending);
                let line: String = line.chars().take(80).collect();
                self.notes
                    .push(format!("the last line has no newline: {line:?}"));
            }
            self.push(lines);
        }
    }

    fn name(&self) -> &'static str {
        match self.stream {
            Stream::Stdout => "stdout",
            Stream::Stderr => "stderr",
        }
    }
}
