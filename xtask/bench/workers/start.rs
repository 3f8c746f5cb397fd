//! Start one, have it answer its number, wait for its end.

use std::process::Command;
use std::thread;

use super::raw::{Bare, fork_and_wait};
use super::{Worker, one_thread};
use crate::Error;

/// A number that an exit status can carry.
fn number(i: u64) -> u8 {
    (i % 100) as u8
}

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    Ok(Some(match form {
        "clone" => {
            let mut bare = Bare::new();
            each(move |i| Ok(bare.run(number(i).into())?.into()))
        }
        "thread" => each(|i| {
            let thread = thread::spawn(move || number(i));
            thread.join().map(u64::from).map_err(|_| "it panicked".into())
        }),
        "scope" => each(|i| {
            let number =
                thread::scope(|scope| scope.spawn(|| number(i)).join());
            number.map(u64::from).map_err(|_| "it panicked".into())
        }),
        "tokio" => {
            let runtime = one_thread()?;
            Worker::new(move |n| {
                runtime.block_on(async {
                    let mut sum = 0;
                    for i in 0..n {
                        let task = tokio::spawn(async move { number(i) });
                        sum += u64::from(task.await.expect("it panicked"));
                    }
                    sum
                })
            })
        }
        "fork" => {
            each(|i| Ok(fork_and_wait(number(i).into())?.unsigned_abs().into()))
        }
        "command" => {
            let program = std::env::current_exe()?;
            each(move |i| {
                let number = number(i).to_string();
                let status =
                    Command::new(&program).args(["exit", &number]).status()?;
                Ok(status.code().ok_or("killed")?.unsigned_abs().into())
            })
        }
        _ => return Ok(None),
    }))
}

fn each(mut one: impl FnMut(u64) -> Result<u64, Error> + 'static) -> Worker {
    Worker::new(move |n| (0..n).map(|i| one(i).expect("it starts")).sum())
}
