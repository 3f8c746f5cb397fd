//! Cancellation: a task stops at an await, and its clean-up runs.
//!
//! Python: `task.cancel()`, in `12_cancellation.py`.
//! Notes: N3:110, N4:1511.
//!
//! A task can only be stopped where it waits. One that waits already is stopped
//! there; one that is running goes on up to its next await; one that has not
//! started never does. In Python the await raises `CancelledError`, and
//! `finally` cleans up; the task may also catch it and stay. In Rust the
//! future is dropped where it stands: whatever it holds is dropped with it,
//! which is the clean-up, and it cannot refuse. But `drop` cannot await: a
//! task with a longer goodbye is told by a token instead, as in `task_group`.
//!
//! On tokio's paused clock an hour is over as soon as all wait: a task that
//! was not stopped would show it.
//!
//! ```text,expect
//! waiting: waits an hour
//! main: cancels it
//! waiting: clean-up
//! main: waiting was cancelled
//! running: cancels itself
//! running: still runs, up to its next await
//! running: clean-up
//! main: running was cancelled
//! main: cancels one that has not started
//! main: unstarted was cancelled
//! ```
//!
//! Break it: `task.abort();` => ``
//! Break it: `me.abort();` => ``
//! Break it: `let _clean_up = CleanUp("waiting");` => ``
//! Break it: `unstarted.abort();` => `tokio::task::yield_now().await;`

use std::error::Error;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::sleep;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let (reached, at_await) = oneshot::channel();
    let task = tokio::spawn(waiting(reached));
    at_await.await?;
    println!("main: cancels it");
    task.abort();
    report("waiting", task).await;

    let (own_handle, own) = oneshot::channel();
    let task = tokio::spawn(running(own));
    own_handle.send(task.abort_handle()).map_err(|_| "running is gone")?;
    report("running", task).await;

    let unstarted = tokio::spawn(unstarted());
    println!("main: cancels one that has not started");
    unstarted.abort();
    report("unstarted", unstarted).await;
    Ok(())
}

async fn waiting(reached: oneshot::Sender<()>) {
    let _clean_up = CleanUp("waiting");
    println!("waiting: waits an hour");
    reached.send(()).expect("main waits for it");
    sleep(HOUR).await;
    println!("waiting: an hour later");
}

async fn running(own: oneshot::Receiver<AbortHandle>) {
    let _clean_up = CleanUp("running");
    let me = own.await.expect("main sends it");
    println!("running: cancels itself");
    me.abort();
    println!("running: still runs, up to its next await");
    sleep(HOUR).await;
    println!("running: an hour later");
}

async fn unstarted() {
    println!("unstarted: started");
}

struct CleanUp(&'static str);

impl Drop for CleanUp {
    fn drop(&mut self) {
        println!("{}: clean-up", self.0);
    }
}

async fn report(name: &str, task: JoinHandle<()>) {
    let cancelled = task.await.is_err_and(|error| error.is_cancelled());
    let fate = if cancelled { "was cancelled" } else { "ended" };
    println!("main: {name} {fate}");
}
