//! What is done to the program of the example.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::sleep;

use crate::process::start;
use crate::store::{Result, Store};
use crate::{TASKS, TICK};

/// Kills a worker in its task, then the program, and starts it again.
pub(crate) async fn tell(mut store: impl Store) -> Result<()> {
    store.prepare().await?;
    let mut first = start("program", &store, Some("30000"))?;
    let (one, task) = until_begun(&mut store, &[30_000], &[]).await?;
    let (two, _) = until_begun(&mut store, &[40_000], &[]).await?;
    let done = store.results(&TASKS).await?.len();
    println!("main: {done} are done, worker {one} is killed in {task}");
    kill(Pid::from_raw(one as i32), Signal::SIGKILL)?;
    let (other, task) = until_begun(&mut store, &TASKS, &[one, two]).await?;
    println!("main: worker {other} has begun {task}, the program is killed");
    first.0.kill()?;
    first.0.wait()?;

    start("program", &store, None)?.end()?;
    println!("main: the program has ended well");
    Ok(())
}

/// Waits until a worker that is none of `but` is in the middle of a task that is
/// one of `tasks`.
async fn until_begun(
    store: &mut impl Store,
    tasks: &[u64],
    but: &[u32],
) -> Result<(u32, u64)> {
    loop {
        for task in tasks {
            match store.holder(*task).await? {
                Some(worker) if !but.contains(&worker) => {
                    return Ok((worker, *task));
                }
                _ => {}
            }
        }
        sleep(TICK).await;
    }
}
