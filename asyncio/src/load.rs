//! A load for the servers of `thread_per_connection`, and what it costs them.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
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
    let server = Server::start(kind)?;
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

struct Server {
    process: Child,
    stdout: BufReader<std::process::ChildStdout>,
    addr: SocketAddr,
}

impl Server {
    fn start(kind: &str) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(env::current_exe()?)
            .args([kind, "0"])
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
    fn end(mut self) -> Result<(), Box<dyn Error>> {
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

impl Drop for Server {
    fn drop(&mut self) {
        // After `end` the status is known, and nothing happens here.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
