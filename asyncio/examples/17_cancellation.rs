//! Cancellation: a task stops where it waits, and its clean-up runs.
//!
//! Python: `task.cancel()`, in `17_cancellation.py`.
//! Notes: N3:111, N4:1511.
//!
//! `abort` and `cancel` are requests. A task that waits is stopped there; one
//! that has not started never starts; one that is running goes on to the next
//! await that has to wait. An await that is ready at once does not count: the
//! task passes it. So a task may end after `abort` and give its value: ask the
//! handle, do not assume.
//!
//! In Rust the future is dropped where it stands. What it holds is dropped with
//! it, and that is the clean-up; code behind the await never runs. But `drop`
//! cannot await: a task with a longer goodbye is told by a token instead (see
//! `task_group`). In Python the await raises `CancelledError` and `finally`
//! cleans up. The task may catch it and go on (see `swallowed_cancel`), which
//! is how the sibling's last one keeps its value: a cancelled task that returns
//! before it waits is cancelled all the same, its value lost.
//!
//! On tokio's paused clock an hour is over as soon as all wait: a task that was
//! not stopped would say so.
//!
//! ```text,expect
//! @tasks
//! waiting: waits an hour
//! main: cancels it
//! waiting: clean-up
//! main: waiting was cancelled
//! main: cancels one that has not started
//! main: unstarted was cancelled
//! running: cancels itself
//! running: passes 2 awaits that are ready
//! running: clean-up
//! main: running was cancelled
//! stubborn: cancels itself
//! stubborn: ends all the same
//! stubborn: clean-up
//! main: stubborn gave 7
//! ```
//!
//! Break it: `task.abort();` => ``
//! Break it: `let _clean_up = CleanUp("waiting");` => ``
//! Break it: `unstarted.abort();` => `tokio::task::yield_now().await;`
//! Break it: `abort_myself("running", own).await;` => `own.await.ok();`
//! Break it: `ready(()).await; // no wait` => `sleep(HOUR).await;`
//! Break it: `println!("stubborn: ends all the same");` =>
//! `sleep(HOUR).await; println!("stubborn: ends all the same");`
//!
//! Break it (Python): `task.cancel()  # it waits` => `pass`
//! Break it (Python): `await ready()  # no wait` => `await asyncio.sleep(0)`
//! Break it (Python): `pass  # caught, not raised again` => `raise`

use std::future::ready;
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::sleep;

const HOUR: Duration = Duration::from_secs(3600);

type Own = oneshot::Receiver<AbortHandle>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), oneshot::error::RecvError> {
    let (reached, at_await) = oneshot::channel();
    let task = tokio::spawn(waiting(reached));
    at_await.await?;
    println!("main: cancels it");
    task.abort();
    report("waiting", task).await;

    let unstarted = tokio::spawn(unstarted());
    println!("main: cancels one that has not started");
    unstarted.abort();
    report("unstarted", unstarted).await;

    report("running", with_own_handle(running)).await;
    report("stubborn", with_own_handle(stubborn)).await;
    Ok(())
}

async fn waiting(reached: oneshot::Sender<()>) -> u32 {
    let _clean_up = CleanUp("waiting");
    println!("waiting: waits an hour");
    reached.send(()).expect("main waits for it");
    sleep(HOUR).await;
    println!("waiting: an hour later");
    7
}

async fn unstarted() -> u32 {
    println!("unstarted: started");
    7
}

async fn running(own: Own) -> u32 {
    let _clean_up = CleanUp("running");
    abort_myself("running", own).await;
    let mut passed = 0;
    for _ in 0..2 {
        ready(()).await; // no wait
        passed += 1;
    }
    println!("running: passes {passed} awaits that are ready");
    sleep(HOUR).await;
    println!("running: an hour later");
    7
}

async fn stubborn(own: Own) -> u32 {
    let _clean_up = CleanUp("stubborn");
    abort_myself("stubborn", own).await;
    println!("stubborn: ends all the same");
    7
}

async fn report(name: &str, task: JoinHandle<u32>) {
    match task.await {
        Ok(value) => println!("main: {name} gave {value}"),
        Err(error) if error.is_cancelled() => {
            println!("main: {name} was cancelled");
        }
        Err(error) => resume_unwind(error.into_panic()),
    }
}

fn with_own_handle<F>(task: fn(Own) -> F) -> JoinHandle<u32>
where
    F: Future<Output = u32> + Send + 'static,
{
    let (give, own) = oneshot::channel();
    let task = tokio::spawn(task(own));
    give.send(task.abort_handle()).expect("it has not started");
    task
}

async fn abort_myself(name: &str, own: Own) {
    let me = own.await.expect("it was sent");
    println!("{name}: cancels itself");
    me.abort();
}

struct CleanUp(&'static str);

impl Drop for CleanUp {
    fn drop(&mut self) {
        println!("{}: clean-up", self.0);
    }
}
