//! What is done to the program of the example.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::wait;
use nix::unistd::Pid;
use tokio::time::sleep;

use crate::process::start;
use crate::store::{Result, Store};
use crate::{TASKS, TICK};

/// Kills a worker in its task, then the program, and starts it again.
pub(crate) async fn tell(mut store: impl Store) -> Result<()> {
    store.prepare().await?;
    adopt_orphans()?;
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
    wait_for_orphans()?;

    start("program", &store, None)?.end()?;
    println!("main: the program has ended well");
    Ok(())
}

/// Has the workers of a killed program become children of this process.
#[cfg(target_os = "linux")]
fn adopt_orphans() -> Result<()> {
    Ok(nix::sys::prctl::set_child_subreaper(true)?)
}

/// Elsewhere init adopts them.
#[cfg(not(target_os = "linux"))]
fn adopt_orphans() -> Result<()> {
    Ok(())
}

/// Waits for all children: those that were adopted, as there are no others.
fn wait_for_orphans() -> Result<()> {
    loop {
        match wait() {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(Errno::ECHILD) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
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
