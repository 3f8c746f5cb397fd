//! A thread for each connection, or a task: the same server, the same load.
//!
//! Python: `threading` and `asyncio.start_server`, in
//! `44_thread_per_connection.py`.
//! Notes: N2:689, N2:691.
//!
//! The two echo servers below differ in little but `async` and `await`. A
//! thread for each connection is the simpler design, and for tens of them a
//! good one: anything may block, and the kernel switches. For hundreds it
//! begins to cost, for many thousands it ends: each thread holds a stack, and
//! another in the kernel, which is not counted here.
//!
//! Both stand behind the accept loop of `src/by_hand.rs`, so a small task also
//! waits for each thread's end. A thread that blocks in `read` cannot be told
//! to end; the server shuts the socket down under it, which ends the read. The
//! servers run in processes of their own, so that what is measured is theirs:
//! what they have more of under the load than before it. Linux only, for
//! `/proc`; elsewhere the program says so and ends.
//!
//! By hand: `cargo run -p asyncio --example thread_per_connection --
//! --threads 7000`, or `--tasks 7000`; then `nc 127.0.0.1 7000`, and Ctrl-C to
//! end. A little longer than a screen: two servers.
//!
//! In the notes: 500 threads spoil the caches and fight for the GIL, and 5000
//! requests a second are a good load. In answers a second threads and tasks
//! differ by less than a factor of two here, and both give several times 5000.
//! Memory is the firmer ground.
//!
//! ```text,expect
//! @peak 500 threads
//! @peak 1 processes
//! main: 10 by threads: 10 threads, {:int} kB, {:int 1..} answers a second
//! main: 10 by tasks: 0 threads, {:int} kB, {:int 1..} answers a second
//! main: 500 by threads: 500 threads, {:int 2000..} kB, {:int 1..} answers a second
//! main: 500 by tasks: 0 threads, {:int} kB, {:int 1..} answers a second
//! main: 500 threads take {:float 1.2..} times the memory of 500 tasks
//! ```
//!
//! Break it: `if threads.is_some() {` => `if threads.or(tasks).is_some() {`
//! Break it: `socket.write_all(&piece[..count])?;` =>
//! `socket.write_all(&vec![0; count])?;`
//! Break it: `socket.write_all(&piece[..count])).await??;` =>
//! `socket.write_all(&vec![0; count])).await??;`
//! Break it (Python): `daemon=True).start()` => `daemon=True).run()`
//! Break it (Python): `writer.write(piece)` => `writer.write(bytes(len(piece)))`

use asyncio::{by_hand, load};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = ["--threads", "--tasks", "--patience"];
    let [threads, tasks, patience] = by_hand::options(options)?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    let port = threads.or(tasks);
    if port.is_none() {
        return compare();
    }
    let listener = by_hand::listen(port)?;
    println!("server: listening on {}", listener.local_addr()?);
    let end = by_hand::until(port, async { Ok::<_, io::Error>(()) });
    if threads.is_some() {
        let by_thread = |socket, ending| by_thread(socket, patience, ending);
        by_hand::serve(listener, by_thread, end).await?;
    } else {
        let by_task = |socket, ending| by_task(socket, patience, ending);
        by_hand::serve(listener, by_task, end).await?;
    }
    println!("server: stopped");
    Ok(())
}

fn echo(mut socket: &std::net::TcpStream) -> io::Result<()> {
    let mut piece = [0; 1024];
    loop {
        let count = match socket.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        socket.write_all(&piece[..count])?;
    }
}

async fn by_thread(
    socket: TcpStream,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    let socket = Arc::new(socket.into_std()?);
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(patience))?;
    socket.set_write_timeout(Some(patience))?;
    let (to_tell, mut ended) = oneshot::channel::<()>();
    let the_same = Arc::clone(&socket);
    let thread = thread::Builder::new().spawn(move || {
        let _to_tell = to_tell; // dropped at the end, also of a panic
        echo(&the_same)
    })?;
    select! {
        _ = &mut ended => {}
        () = ending.cancelled() => {
            let _ = socket.shutdown(Shutdown::Read); // it may just have ended
            let _ = ended.await;
        }
    }
    match thread.join() {
        // So a socket tells that the time is over.
        Ok(Err(error)) if error.kind() == ErrorKind::WouldBlock => {
            Err(ErrorKind::TimedOut.into())
        }
        Ok(ended) => ended,
        Err(panic) => resume_unwind(panic),
    }
}

async fn by_task(
    mut socket: TcpStream,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    let mut piece = vec![0; 1024];
    loop {
        let count = select! {
            count = timeout(patience, socket.read(&mut piece)) => count??,
            () = ending.cancelled() => 0,
        };
        if count == 0 {
            return Ok(());
        }
        timeout(patience, socket.write_all(&piece[..count])).await??;
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
    let mut memory = Vec::new();
    for (connections, kind) in
        [(10, "threads"), (10, "tasks"), (500, "threads"), (500, "tasks")]
    {
        let cost = load::put(&format!("--{kind}"), connections)?;
        let load::Cost { threads, memory: kilobytes, rate } = cost;
        print!("main: {connections} by {kind}: {threads} threads, ");
        println!("{kilobytes} kB, {rate:.0} answers a second");
        memory.push(kilobytes as f64);
    }
    let times = memory[2] / memory[3];
    println!("main: 500 threads take {times:.1} times the memory of 500 tasks");
    Ok(())
}
