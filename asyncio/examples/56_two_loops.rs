//! Two loops: a lock and a connection that belong to the first.
//!
//! Python: `asyncio.Lock` and streams under two `asyncio.run`, in
//! `56_two_loops.py`.
//! Reported: python/cpython#91987, sanic-org/sanic#1388.
//! Symptom: it dies: "is bound to a different event loop", "attached to a
//! different loop", "context was found, but it is being shutdown".
//!
//! A program keeps a lock or a connection in a global, and runs a second loop:
//! `asyncio.run` twice, one loop a test, one a thread. A waiter is woken by
//! the loop that it first waited in, and that one is gone. In asyncio this is
//! true of locks, queues and events too, but only once somebody really waits,
//! so the mistake shows first under load. The cure is to make such things in
//! the loop that uses them, and to keep between loops only what is no loop's
//! own: an address, a plain socket.
//!
//! In Rust a waker carries its task's executor, so tokio's locks and channels
//! work in any of them, and between two. Sockets and timers are registered with
//! the runtime that made them: they fail once it is gone, and never wake while
//! nobody runs it. The compiler sees none of this. `into_std` and `from_std`
//! take a socket over to another runtime.
//!
//! ```text,expect
//! @tasks
//! first loop: ann has the lock
//! first loop: bob has the lock
//! first loop: the connection says one
//! second loop: ann has the lock
//! second loop: bob {:text}
//! second loop: the connection fails: {:text}
//! second loop: ann has the lock
//! second loop: bob has the lock
//! second loop: the connection says two
//! ```
//!
//! Break it: `UnixStream::from_std(connection.into_std()?)` => `Ok(connection)`
//! Break it (Python): `lock = asyncio.Lock()  # of this loop` => `pass`
//! Break it (Python): `await asyncio.open_connection(sock=plain.dup())  # here` =>
//! `streams`

use std::error::Error;
use std::io::{self, Write};
use std::os::unix::net::UnixStream as PlainStream;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::join;
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;
use tokio::task::yield_now;
use tokio::time::timeout;

fn main() -> Result<(), Box<dyn Error>> {
    let lock = Mutex::new(());
    let (plain, mut other_end) = PlainStream::pair()?;
    plain.set_nonblocking(true)?;

    let first = new_loop()?;
    let mut connection = first.block_on(async {
        two_tasks("first", &lock).await;
        UnixStream::from_std(plain)
    })?;
    other_end.write_all(b"one")?;
    let text = first.block_on(read(&mut connection))?;
    println!("first loop: the connection says {text}");
    drop(first);

    let second = new_loop()?;
    second.block_on(two_tasks("second", &lock));
    other_end.write_all(b"two")?;
    match second.block_on(read(&mut connection)) {
        Ok(text) => println!("second loop: the connection says {text}"),
        Err(error) => println!("second loop: the connection fails: {error}"),
    }

    second.block_on(async {
        let lock = Mutex::new(());
        two_tasks("second", &lock).await;
        let mut connection = move_here(connection)?;
        let text = read(&mut connection).await?;
        println!("second loop: the connection says {text}");
        Ok(())
    })
}

fn move_here(connection: UnixStream) -> io::Result<UnixStream> {
    UnixStream::from_std(connection.into_std()?)
}

fn new_loop() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Bob has to wait, as ann keeps the lock over an await.
async fn two_tasks(which: &str, lock: &Mutex<()>) {
    let hold = async |name: &str| {
        let _held = lock.lock().await;
        println!("{which} loop: {name} has the lock");
        yield_now().await;
    };
    join!(hold("ann"), hold("bob"));
}

async fn read(connection: &mut UnixStream) -> io::Result<String> {
    let mut text = [0; 3];
    let reading = connection.read_exact(&mut text);
    timeout(Duration::from_secs(5), reading).await??;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
