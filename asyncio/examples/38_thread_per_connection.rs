//! A thread for each connection, or a task: the same server, the same load.
//!
//! Python: `threading` and `asyncio.start_server`, in
//! `38_thread_per_connection.py`.
//! Notes: N2:689.
//!
//! The two echo servers below differ in little but `async` and `await`. A
//! thread for each connection is the simpler design, and for tens of them a
//! good one: the kernel switches, and anything may block. For hundreds it
//! begins to cost, for many thousands it ends: each thread holds a stack, and
//! another in the kernel, which is not counted here. All connections are open
//! at once, and each has its answer before the next round begins. The servers
//! run in processes of their own, so that what is measured is theirs; what they
//! take is what they have more of than before the load.
//!
//! The notes fear for the caches and the GIL with 500 threads. Memory is the
//! firmer ground: in time the two differ less, while all connections are busy.
//! Longer than a screen: two servers, and the load for them. Linux only, for
//! `/proc`; elsewhere the program says so and ends.
//!
//! By hand: `cargo run -p asyncio --example thread_per_connection --
//! --threads 7000`, or `--tasks 7000`; then `nc 127.0.0.1 7000`, and Ctrl-C to
//! end.
//!
//! ```text,expect
//! main: 10 by threads: 10 threads, {:int} kB, {:float} ms
//! main: 10 by tasks: 0 threads, {:int} kB, {:float} ms
//! main: 500 by threads: 500 threads, {:int 2000..} kB, {:float} ms
//! main: 500 by tasks: 0 threads, {:int} kB, {:float} ms
//! main: 500 threads take {:float 1.2..} times the memory of 500 tasks
//! ```
//!
//! Break it: `if threads.is_some() {` => `if threads.or(tasks).is_some() {`

use asyncio::by_hand;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use std::{env, fs, io, thread};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::signal;

const ROUNDS: u32 = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [threads, tasks] = by_hand::options(["--threads", "--tasks"])?;
    if threads.or(tasks).is_none() {
        return compare();
    }
    let listener = by_hand::listen(threads.or(tasks))?;
    let addr = listener.local_addr()?;
    if threads.is_some() {
        let listener = listener.into_std()?;
        listener.set_nonblocking(false)?;
        thread::spawn(move || serve_by_threads(&listener));
    } else {
        tokio::spawn(serve_by_tasks(listener));
    }
    println!("server: listening on {addr}");
    signal::ctrl_c().await?;
    println!("server: stopped");
    Ok(())
}

fn serve_by_threads(listener: &TcpListener) {
    for socket in listener.incoming().flatten() {
        thread::spawn(move || echo_by_thread(socket));
    }
}

fn echo_by_thread(mut socket: TcpStream) -> io::Result<()> {
    let mut piece = vec![0; 1024];
    loop {
        match socket.read(&mut piece)? {
            0 => return Ok(()),
            count => socket.write_all(&piece[..count])?,
        }
    }
}

async fn serve_by_tasks(listener: tokio::net::TcpListener) {
    while let Ok((socket, _)) = listener.accept().await {
        tokio::spawn(echo_by_task(socket));
    }
}

async fn echo_by_task(mut socket: tokio::net::TcpStream) -> io::Result<()> {
    let mut piece = vec![0; 1024];
    loop {
        match socket.read(&mut piece).await? {
            0 => return Ok(()),
            count => socket.write_all(&piece[..count]).await?,
        }
    }
}

fn compare() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    // A connection is an open file on either side: take all that are allowed.
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    load(Server::start("threads")?, 10)?;
    load(Server::start("tasks")?, 10)?;
    let threads = load(Server::start("threads")?, 500)?;
    let tasks = load(Server::start("tasks")?, 500)?;
    let times = threads as f64 / tasks as f64;
    println!("main: 500 threads take {times:.1} times the memory of 500 tasks");
    Ok(())
}

/// Puts a server under load, and returns the memory that it took, in kB.
fn load(server: Server, connections: u32) -> Result<u64, Box<dyn Error>> {
    let (threads_before, memory_before) = server.usage()?;
    let start = Instant::now();
    let clients: io::Result<Vec<TcpStream>> =
        (0..connections).map(|_| TcpStream::connect(server.addr)).collect();
    let mut clients = clients?;
    for _ in 0..ROUNDS {
        for client in &mut clients {
            client.write_all(b"hello")?;
        }
        for client in &mut clients {
            client.read_exact(&mut [0; 5])?;
        }
    }
    let time = start.elapsed().as_secs_f64() * 1000.0;
    let (threads, memory) = server.usage()?;
    let threads = threads - threads_before;
    let memory = memory.saturating_sub(memory_before);
    let kind = server.kind;
    print!("main: {connections} by {kind}: {threads} threads, ");
    println!("{memory} kB, {time:.1} ms");
    Ok(memory)
}

/// This program once more, as a server.
struct Server {
    kind: &'static str,
    process: Child,
    addr: SocketAddr,
}

impl Server {
    fn start(kind: &'static str) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(env::current_exe()?)
            .args([&format!("--{kind}"), "0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no pipe")?;
        let mut server =
            Self { kind, process, addr: ([127, 0, 0, 1], 0).into() };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
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
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
