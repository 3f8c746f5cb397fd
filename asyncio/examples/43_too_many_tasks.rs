//! Too many tasks: 200 connections, and files for 64.
//!
//! Python: `resource.setrlimit` and `asyncio.Semaphore`, in
//! `43_too_many_tasks.py`.
//! Notes: N3:114.
//!
//! Tasks cost so little that another limit is met first: every connection is
//! an open file, and a process may have only so many (`ulimit -n`, often 1024;
//! here 64). A loop that starts a task for each of its URLs gets `EMFILE`, "too
//! many open files", for all above the limit, or brings down the server at the
//! other end. A semaphore that is held while the connection is open bounds
//! them: the tasks are all there, but only so many are connected. (`aiojobs`
//! bounds the tasks themselves; so does spawning only with a permit in hand.)
//! Here those with a permit wait for each other, so that the number is exact.
//!
//! The server is this program once more, in a process with a limit of its own.
//! Longer than a screen: both ways, and the server.
//!
//! ```text,expect
//! @peak 1 processes
//! main: 64 files may be open
//! main: unbounded: {:int 1..63} of 200 connect, {:int 137..199} get EMFILE
//! main: 20 at a time: 200 of 200 connect, 0 get EMFILE
//! main: most open at once: 20
//! ```
//!
//! Break it: `Semaphore::new(AT_ONCE)` => `Semaphore::new(TASKS)`
//! Break it: `let _permit = permits.acquire().await?;` => `let _ = permits;`
//! Break it (Python): `asyncio.Semaphore(AT_ONCE)` =>
//! `asyncio.Semaphore(TASKS)`

use asyncio::by_hand;
use asyncio::load::ServerProcess;
use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Failure = Box<dyn Error + Send + Sync>;

const TASKS: usize = 200;
const AT_ONCE: usize = 20;
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if let [Some(port)] = by_hand::options(["--port"])? {
        return serve(port).await;
    }
    let server = ServerProcess::start("--port")?;
    let addr = server.addr;
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, 64, hard)?;
    let (files, _) = getrlimit(Resource::RLIMIT_NOFILE)?;
    println!("main: {files} files may be open");

    let all_tried = Arc::new(Barrier::new(TASKS));
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(hold_until_all_tried(addr, Arc::clone(&all_tried)));
    }
    report("unbounded", tasks.join_all().await)?;

    let bound = Arc::new(Bound {
        permits: Semaphore::new(AT_ONCE),
        together: Barrier::new(AT_ONCE),
        open: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
    });
    let at_once = bound.permits.available_permits();
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(hold_a_permit(addr, Arc::clone(&bound)));
    }
    let outcomes = tasks.join_all().await;
    report(&format!("{at_once} at a time"), outcomes)?;
    println!("main: most open at once: {}", bound.most.load(Relaxed));
    server.end()
}

async fn hold_until_all_tried(
    addr: SocketAddr,
    all_tried: Arc<Barrier>,
) -> Result<(), Failure> {
    let connection = TcpStream::connect(addr).await;
    all_tried.wait().await;
    Ok(connection.map(drop)?)
}

struct Bound {
    permits: Semaphore,
    together: Barrier,
    open: AtomicUsize,
    most: AtomicUsize,
}

async fn hold_a_permit(
    addr: SocketAddr,
    bound: Arc<Bound>,
) -> Result<(), Failure> {
    let Bound { permits, together, open, most } = &*bound;
    let _permit = permits.acquire().await?;
    let mut connection = TcpStream::connect(addr).await?;
    most.fetch_max(open.fetch_add(1, Relaxed) + 1, Relaxed);
    let mut greeting = String::new();
    let reading = async {
        together.wait().await;
        connection.read_to_string(&mut greeting).await
    };
    timeout(PATIENCE, reading).await??;
    open.fetch_sub(1, Relaxed);
    Ok(())
}

fn report(
    how: &str,
    outcomes: Vec<Result<(), Failure>>,
) -> Result<(), Box<dyn Error>> {
    let (mut connected, mut refused) = (0, 0);
    for outcome in outcomes {
        match outcome {
            Ok(()) => connected += 1,
            Err(error) if is_emfile(&error) => refused += 1,
            Err(error) => return Err(error),
        }
    }
    println!(
        "main: {how}: {connected} of {TASKS} connect, {refused} get EMFILE"
    );
    Ok(())
}

fn is_emfile(error: &Failure) -> bool {
    let number = error.downcast_ref().and_then(io::Error::raw_os_error);
    number == Some(Errno::EMFILE as i32)
}

/// Greets whoever connects.
async fn serve(port: u64) -> Result<(), Box<dyn Error>> {
    let listener = by_hand::listen(Some(port))?;
    println!("server: listening on {}", listener.local_addr()?);
    let greet = |mut socket: TcpStream, _| async move {
        timeout(PATIENCE, socket.write_all(b"hello\n")).await?
    };
    let end = by_hand::until(Some(port), async { Ok::<_, io::Error>(()) });
    by_hand::serve(listener, greet, end).await?;
    println!("server: stopped");
    Ok(())
}
