//! Task group: one failure stops the siblings, every error is reported.
//!
//! Python: `asyncio.TaskGroup`, in `11_task_group.py`.
//! Notes: N3:110.
//!
//! A group owns its tasks: the block is left when all have ended, with no
//! `await` for each, and one failure ends the rest early. Reach for it before
//! bare tasks: nothing outlives it. A `JoinSet` owns its tasks too (a bare
//! `tokio::spawn` detaches), but stops none by itself: the loop that collects
//! does. `abort_all`, or dropping the set, drops each task at its await:
//! nothing can be awaited after that, and no error comes of it. In Python
//! cancellation is an exception, so the clean-up may await, and may fail. A
//! Rust task that needs as much listens for a `CancellationToken`.
//!
//! ```text,expect
//! download: started
//! upload: started
//! heartbeat: started
//! download: fails
//! @any
//! upload: cancelled, says goodbye
//! heartbeat: cancelled, stops
//! @end
//! main: 0 tasks alive
//! main: error in download: disk full
//! main: error in upload: goodbye refused
//! ```
//!
//! Break it: `stop.cancel();` => ``
//! Break it: `errors.push(error);` => `errors.push(error); break;`

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), JoinError> {
    let stop = CancellationToken::new();
    let mut group = JoinSet::new();
    group.spawn(download());
    group.spawn(upload(stop.clone()));
    group.spawn(heartbeat(stop.clone()));
    let mut errors = Vec::new();
    while let Some(outcome) = group.join_next().await {
        if let Err(error) = outcome? {
            errors.push(error);
            stop.cancel();
        }
    }
    println!(
        "main: {} tasks alive",
        Handle::current().metrics().num_alive_tasks()
    );
    for error in errors {
        println!("main: error in {error}");
    }
    Ok(())
}

async fn download() -> Result<(), &'static str> {
    println!("download: started");
    sleep(Duration::from_millis(10)).await;
    println!("download: fails");
    Err("download: disk full")
}

async fn upload(stop: CancellationToken) -> Result<(), &'static str> {
    println!("upload: started");
    if stop.run_until_cancelled(sleep(HOUR)).await.is_some() {
        println!("upload: an hour later");
        return Ok(());
    }
    println!("upload: cancelled, says goodbye");
    sleep(Duration::from_millis(10)).await;
    Err("upload: goodbye refused")
}

async fn heartbeat(stop: CancellationToken) -> Result<(), &'static str> {
    println!("heartbeat: started");
    if stop.run_until_cancelled(sleep(HOUR)).await.is_some() {
        println!("heartbeat: an hour later");
    } else {
        println!("heartbeat: cancelled, stops");
    }
    Ok(())
}
