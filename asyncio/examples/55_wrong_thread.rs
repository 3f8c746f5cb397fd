//! The wrong thread: a queue is filled, and the loop sleeps on.
//!
//! Python: `asyncio.Queue.put_nowait` from a thread, in `55_wrong_thread.py`.
//! Reported: python/cpython#97970, nolar/kopf#1303.
//! Symptom: it hangs: `queue.get` waits, though the queue is not empty.
//!
//! A task waits at a queue that is not empty. It goes on late, when something
//! else happens to wake the loop, or never. `asyncio.Queue`, `Event` and
//! `Future` are not safe to use from another thread: the item is there, but the
//! loop sleeps in its selector and is not woken. `loop.call_soon_threadsafe`
//! wakes it, as does `run_coroutine_threadsafe`; debug mode raises an error at
//! the wrong call. Between threads alone take `queue.Queue`.
//!
//! In Rust a task is woken by a `Waker`, which is `Send` and wakes the loop from
//! any thread. tokio's channels call it, so `send` is right wherever it stands.
//! The compiler keeps a value for one thread alone, such as an `Rc`, in its
//! thread (see `src/lib.rs`). Only a hand-made queue that forgets its waker has
//! the bug, as the first one here does.
//!
//! The thread puts only when the loop sleeps: the runtime's park hook says so,
//! in the sibling a selector. A bounded wait that can only run out shows that
//! the reader was not woken.
//!
//! ```text,expect
//! @tasks
//! @threads thread
//! @peak 1..2 threads
//! @timeout 5s
//! reader: waits
//! thread: puts ann, in the queue: 1, reader woken: false
//! thread: wakes the loop
//! reader: got ann
//! reader: waits
//! thread: puts bob, the loop is woken
//! reader: got bob
//! main: both have ended
//! ```
//!
//! Break it: `queue.push("ann");` => `queue.push("ann"); queue.wake();`
//! Break it: `post.blocking_send("bob")?;` => `queue.push("bob");`
//!
//! Break it (Python): `letters.put_nowait("ann")` =>
//! `loop.call_soon_threadsafe(letters.put_nowait, "ann")`
//! Break it (Python): `loop.call_soon_threadsafe(letters.put_nowait, "bob")` =>
//! `letters.put_nowait("bob")`

use std::collections::VecDeque;
use std::error::Error;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::mpsc;

type Anything = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Anything> {
    let (sleeps, idle) = std_mpsc::channel();
    let event_loop = Builder::new_current_thread()
        .on_thread_park(move || sleeps.send(()).unwrap_or_default())
        .build()?;
    let queue = Arc::new(HandMade::default());
    let (post, letters) = mpsc::channel(1);
    let (tell, got) = std_mpsc::channel();

    event_loop.block_on(async {
        let reader = tokio::spawn(read(queue.clone(), letters, tell));
        let thread = tokio::task::spawn_blocking(move || {
            put(&queue, &post, &idle, &got)
        });
        thread.await??;
        reader.await?
    })?;
    println!("main: both have ended");
    Ok(())
}

async fn read(
    queue: Arc<HandMade>,
    mut letters: mpsc::Receiver<&'static str>,
    tell: std_mpsc::Sender<()>,
) -> Result<(), Anything> {
    println!("reader: waits");
    println!("reader: got {}", queue.pop().await);
    println!("reader: waits");
    tell.send(())?;
    let letter = letters.recv().await.ok_or("nobody writes")?;
    println!("reader: got {letter}");
    Ok(tell.send(())?)
}

fn put(
    queue: &HandMade,
    post: &mpsc::Sender<&'static str>,
    idle: &std_mpsc::Receiver<()>,
    got: &std_mpsc::Receiver<()>,
) -> Result<(), Anything> {
    idle.recv()?; // the loop sleeps
    queue.push("ann");
    let woken = got.recv_timeout(Duration::from_millis(50)).is_ok();
    let length = queue.len();
    println!("thread: puts ann, in the queue: {length}, reader woken: {woken}");
    println!("thread: wakes the loop");
    queue.wake();
    got.recv()?;

    idle.recv()?; // the loop sleeps
    println!("thread: puts bob, the loop is woken");
    post.blocking_send("bob")?;
    Ok(got.recv()?)
}

/// A queue whose `push` does not wake who waits.
#[derive(Default)]
struct HandMade {
    letters: Mutex<VecDeque<&'static str>>,
    reader: Mutex<Option<Waker>>,
}

impl HandMade {
    fn push(&self, letter: &'static str) {
        lock(&self.letters).push_back(letter);
    }

    async fn pop(&self) -> &'static str {
        poll_fn(|context| {
            *lock(&self.reader) = Some(context.waker().clone());
            let letter = lock(&self.letters).pop_front();
            letter.map_or(Poll::Pending, Poll::Ready)
        })
        .await
    }

    fn wake(&self) {
        if let Some(reader) = lock(&self.reader).take() {
            reader.wake();
        }
    }

    fn len(&self) -> usize {
        lock(&self.letters).len()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
