//! Hold `n` that wait, until the end.

use std::thread;

use super::raw::{Bare, fork_and_hold};
use super::{Worker, one_thread};
use crate::Error;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    Ok(Some(match form {
        "clone" => hold(Bare::park),
        "thread" => hold(|n| {
            for _ in 0..n {
                thread::Builder::new().spawn(|| {
                    loop {
                        thread::park();
                    }
                })?;
            }
            Ok(())
        }),
        "tokio" => {
            let runtime = one_thread()?;
            Worker::new(move |n| {
                runtime.block_on(async {
                    for _ in 0..n {
                        tokio::spawn(std::future::pending::<()>());
                    }
                    // Each has been polled once.
                    tokio::task::yield_now().await;
                });
                n
            })
        }
        "fork" => hold(|n| (0..n).try_for_each(|_| fork_and_hold())),
        _ => return Ok(None),
    }))
}

fn hold(start: impl Fn(u64) -> Result<(), Error> + 'static) -> Worker {
    Worker::new(move |n| {
        start(n).expect("they start");
        // The last ones touch their stacks.
        thread::sleep(std::time::Duration::from_millis(50));
        n
    })
}
