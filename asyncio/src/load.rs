//! A program started once more as a server, and a load for it.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

const ROUNDS: u32 = 5;
/// Far longer than any answer takes.
const LONG: Duration = Duration::from_secs(5);

/// What a server took under a load.
pub struct Cost {
    /// The threads it had more of.
    pub threads: u64,
    /// The memory it took more of, in kB.
    pub memory: u64,
    /// The answers that it gave in a second.
    pub rate: f64,
}

/// Starts this program once more, with `kind 0` as its arguments, and has it
/// answer each of so many connections, round after round. All are open at
/// once, and each has its answer before the next round begins.
///
/// # Errors
///
/// If it does not start, answer rightly, or end well.
pub fn put(kind: &str, connections: u32) -> Result<Cost, Box<dyn Error>> {
    let server = ServerProcess::start(kind)?;
    let (threads_before, memory_before) = server.usage()?;
    let start = Instant::now();
    let clients: io::Result<Vec<TcpStream>> =
        (0..connections).map(|_| connect(server.addr)).collect();
    let mut clients = clients?;
    for round in 0..ROUNDS {
        let question = format!("hello {round}").into_bytes();
        for client in &mut clients {
            client.write_all(&question)?;
        }
        for client in &mut clients {
            let mut answer = vec![0; question.len()];
            client.read_exact(&mut answer)?;
            if answer != question {
                return Err("another answer than what was sent".into());
            }
        }
    }
    let time = start.elapsed().as_secs_f64();
    let (threads, memory) = server.usage()?;
    drop(clients);
    server.end()?;
    Ok(Cost {
        threads: threads - threads_before,
        memory: memory.saturating_sub(memory_before),
        rate: f64::from(ROUNDS * connections) / time,
    })
}

fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let client = TcpStream::connect(addr)?;
    client.set_read_timeout(Some(LONG))?;
    client.set_write_timeout(Some(LONG))?;
    Ok(client)
}

/// A server in a process of its own, with its own limits. It is killed when
/// this is dropped.
pub struct ServerProcess {
    process: Child,
    stdout: BufReader<ChildStdout>,
    /// Where it listens.
    pub addr: SocketAddr,
}

impl ServerProcess {
    /// Starts this program once more, with `option 0` as its arguments.
    ///
    /// # Errors
    ///
    /// If it does not start, or listens nowhere.
    pub fn start(option: &str) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(env::current_exe()?)
            .args([option, "0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no pipe")?;
        let mut server = Self {
            process,
            stdout: BufReader::new(stdout),
            addr: ([127, 0, 0, 1], 0).into(),
        };
        let mut line = String::new();
        server.stdout.read_line(&mut line)?;
        let addr = line.split_whitespace().last().ok_or("no address")?;
        server.addr = addr.parse()?;
        Ok(server)
    }

    /// Its threads, and its memory in kB.
    fn usage(&self) -> Result<(u64, u64), Box<dyn Error>> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(path)?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next());
            Ok::<u64, Box<dyn Error>>(number.ok_or("no such line")?.parse()?)
        };
        Ok((number("Threads:")?, number("VmRSS:")?))
    }

    /// Asks it to end, and sees that it does so in its own way.
    ///
    /// # Errors
    ///
    /// If it ends in another.
    pub fn end(mut self) -> Result<(), Box<dyn Error>> {
        kill(Pid::from_raw(self.process.id().try_into()?), Signal::SIGTERM)?;
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest)?;
        let status = self.process.wait()?;
        if status.success() && rest == "server: stopped\n" {
            Ok(())
        } else {
            Err(format!("the server ended with {status}: {rest}").into())
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // After `end` the status is known, and nothing happens here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
