//! Too many tasks: 200 connections, and files for 64.
//!
//! Python: `resource.setrlimit` and `asyncio.Semaphore`, in
//! `34_too_many_tasks.py`.
//! Notes: N3:114.
//!
//! Tasks cost so little that the next limit is met first: every connection is
//! an open file, and a process has only so many (`ulimit -n`, often 1024; here
//! 64). A loop that starts a task for each of its URLs gets `EMFILE`, "too
//! many open files", for all above the limit, or brings down the server at the
//! other end. A semaphore held while the connection is open bounds it: the
//! tasks are all there, but only so many are connected. The server is this
//! program once more, in a process with a limit of its own; that makes it a
//! little longer than a screen.
//!
//! ```text,expect
//! main: 64 files may be open
//! main: unbounded: {:int 1..63} of 200 connect, {:int 137..199} get EMFILE
//! main: 16 at a time: 200 of 200 connect, 0 get EMFILE
//! main: open at once: {:int 1..16}
//! ```
//!
//! Break it: `Semaphore::new(16)` => `Semaphore::new(200)`

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, thread};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

const TASKS: usize = 200;
static OPEN: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some("serve") {
        return Ok(serve()?);
    }
    let mut server = Command::new(env::current_exe()?)
        .arg("serve")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = server.stdout.take().ok_or("no pipe")?;
    let mut addr = String::new();
    BufReader::new(stdout).read_line(&mut addr)?;
    let addr: SocketAddr = addr.trim_end().parse()?;

    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, 64, hard)?;
    println!("main: 64 files may be open");

    let all_tried = Arc::new(Barrier::new(TASKS));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(hold_until_all_tried(addr, Arc::clone(&all_tried)));
    }
    report("unbounded", tasks.join_all().await)?;

    let permits = Arc::new(Semaphore::new(16));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(hold_a_permit(addr, Arc::clone(&permits)));
    }
    report("16 at a time", tasks.join_all().await)?;
    println!("main: open at once: {}", MOST.load(Relaxed));

    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

async fn hold_until_all_tried(
    addr: SocketAddr,
    all_tried: Arc<Barrier>,
) -> io::Result<()> {
    let connection = TcpStream::connect(addr).await;
    all_tried.wait().await;
    connection.map(drop)
}

async fn hold_a_permit(
    addr: SocketAddr,
    permits: Arc<Semaphore>,
) -> io::Result<()> {
    let _permit = permits.acquire().await.map_err(io::Error::other)?;
    let mut connection = TcpStream::connect(addr).await?;
    MOST.fetch_max(OPEN.fetch_add(1, Relaxed) + 1, Relaxed);
    let mut greeting = String::new();
    connection.read_to_string(&mut greeting).await?;
    OPEN.fetch_sub(1, Relaxed);
    Ok(())
}

fn report(how: &str, outcomes: Vec<io::Result<()>>) -> io::Result<()> {
    let (mut connected, mut refused) = (0, 0);
    for outcome in outcomes {
        match outcome {
            Ok(()) => connected += 1,
            Err(e) if e.raw_os_error() == Some(Errno::EMFILE as i32) => {
                refused += 1
            }
            Err(e) => return Err(e),
        }
    }
    println!(
        "main: {how}: {connected} of {TASKS} connect, {refused} get EMFILE"
    );
    Ok(())
}

/// Greets whoever connects, until standard input is closed.
fn serve() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // One that has gone again does not matter.
            let _ = (&client).write_all(b"hello\n");
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}
