use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;

use ipc::{Child, Result};
use nix::sys::wait::WaitStatus;

/// No request is longer than that.
const LONGEST: u64 = 4096;

/// A process that forks others on request: Python's fork server.
///
/// Start it first thing in `main`. It has what the program had then, and one
/// thread, whatever the program does later; so it may fork when the program, with
/// threads, must not. It does one request at a time.
#[derive(Debug)]
pub struct Zygote {
    child: Child,
    server: BufReader<UnixStream>,
}

impl Zygote {
    /// Forks the server. `work` is what its children do with a request.
    pub fn start(work: impl Fn(&str) -> Result<()>) -> io::Result<Zygote> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut ours = Some(ours);
        let child = ipc::fork(|| {
            ours = None; // else the server would wait for its own requests
            serve(&theirs, work)
        })?;
        drop(theirs);
        let server = BufReader::new(ours.ok_or(io::ErrorKind::NotConnected)?);
        Ok(Zygote { child, server })
    }

    /// Has a child forked for the request, a line, and waits until it has ended.
    ///
    /// # Errors
    ///
    /// If the child has failed, or the server.
    pub fn run(&mut self, request: &str) -> Result<()> {
        if request.contains('\n') || request.len() as u64 >= LONGEST {
            return Err("a request is one line".into());
        }
        writeln!(self.server.get_mut(), "{request}")?;
        let mut answer = String::new();
        self.server.by_ref().take(LONGEST).read_line(&mut answer)?;
        match answer.trim_end() {
            "0" => Ok(()),
            "" => Err("the server has ended".into()),
            code => Err(format!("the child ended with {code}").into()),
        }
    }

    /// Tells the server that there is no more to do, and waits for it.
    ///
    /// # Errors
    ///
    /// If the server has failed.
    pub fn end(self) -> Result<()> {
        drop(self.server);
        self.child.join()
    }
}

fn serve(
    requests: &UnixStream,
    work: impl Fn(&str) -> Result<()>,
) -> Result<()> {
    let mut lines = BufReader::new(requests);
    loop {
        let mut request = String::new();
        if lines.by_ref().take(LONGEST).read_line(&mut request)? == 0 {
            return Ok(());
        }
        let child = ipc::fork(|| work(request.trim_end()))?;
        let code = match child.wait()? {
            WaitStatus::Exited(_, code) => code.to_string(),
            other => format!("{other:?}"),
        };
        let mut answer = requests;
        writeln!(answer, "{code}")?;
    }
}
