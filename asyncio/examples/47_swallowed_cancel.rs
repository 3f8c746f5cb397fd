//! Swallowed cancel: asked to stop, it takes that for one more error.
//!
//! Python: `task.cancel()` and `except asyncio.CancelledError`, in
//! `47_swallowed_cancel.py`.
//! Reported: ronf/asyncssh#634, miguelgrinberg/python-engineio#95.
//! Symptom: it hangs: the task goes on after `cancel`, the program never ends.
//!
//! A loop that must not die from one bad message catches every error and goes
//! on. In Python a cancellation is an exception too: `cancel` is a request, and
//! a task that catches `CancelledError` has refused it. The cure is to catch
//! `Exception`, which has not included it since 3.8, and where it is caught, to
//! clean up and raise it again. `task.cancelling()` (3.11) tells how often a
//! task was asked; `TaskGroup` and `timeout` count on its being raised.
//!
//! In Rust `abort` drops the future at its next await that is not ready. That
//! is no error, so no code can catch it, and clean-up is `Drop`. The mistake
//! comes back where stopping is polite, with a token or a message: a loop that
//! treats "stopped" as an error like any other ignores it just as well. Then
//! `abort` still works, while in Python only a flag of its own ends the task.
//! The clock is paused, so that a wait ends at once when all tasks are idle.
//!
//! ```text,expect
//! @tasks
//! stubborn: an error: asked to stop, tries again
//! stubborn: an error: asked to stop, tries again
//! stubborn: an error: asked to stop, tries again
//! main: stubborn, times asked: 3, has ended: false
//! main: stubborn is made to end: true
//! polite: an error: bad message, tries again
//! polite: cleans up
//! main: polite, times asked: 1, has ended: true
//! ```
//!
//! Break it: `Err(Failure::Stopped) => return cleans_up(),` =>
//! `Err(error @ Failure::Stopped) => tries_again("polite", &error),`
//! Break it: `stubborn.abort();` => `();`
//! Break it (Python): `except BadMessage as error:  # no more` =>
//! `except BaseException as error:`

use std::error::Error;
use std::fmt;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What a worker is sent; nothing comes here but trouble.
#[derive(Debug)]
enum Failure {
    BadMessage,
    Stopped,
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), Box<dyn Error>> {
    let (inbox, messages) = mpsc::channel(1);
    let mut stubborn = tokio::spawn(be_stubborn(messages));
    let (mut asked, mut ended) = (0, false);
    while asked < 3 && !ended {
        inbox.send(Failure::Stopped).await?;
        asked += 1;
        ended = has_ended(&mut stubborn).await;
    }
    println!("main: stubborn, times asked: {asked}, has ended: {ended}");
    stubborn.abort();
    let ended = has_ended(&mut stubborn).await;
    println!("main: stubborn is made to end: {ended}");

    let (inbox, messages) = mpsc::channel(1);
    let mut polite = tokio::spawn(be_polite(messages));
    inbox.send(Failure::BadMessage).await?;
    let (mut asked, mut ended) = (0, false);
    while asked < 3 && !ended {
        inbox.send(Failure::Stopped).await?;
        asked += 1;
        ended = has_ended(&mut polite).await;
    }
    println!("main: polite, times asked: {asked}, has ended: {ended}");
    Ok(())
}

/// The clock is paused: this waits until nobody has anything left to do.
async fn has_ended(worker: &mut JoinHandle<()>) -> bool {
    timeout(Duration::from_millis(20), worker).await.is_ok()
}

async fn be_stubborn(mut messages: mpsc::Receiver<Failure>) {
    loop {
        match next(&mut messages).await {
            Ok(()) => return,
            Err(error) => tries_again("stubborn", &error),
        }
    }
}

async fn be_polite(mut messages: mpsc::Receiver<Failure>) {
    loop {
        match next(&mut messages).await {
            Ok(()) => return,
            Err(Failure::Stopped) => return cleans_up(),
            Err(error) => tries_again("polite", &error),
        }
    }
}

/// The next message; nobody is left to send one when it is ready with `Ok`.
async fn next(messages: &mut mpsc::Receiver<Failure>) -> Result<(), Failure> {
    match messages.recv().await {
        Some(failure) => Err(failure),
        None => Ok(()),
    }
}

fn tries_again(who: &str, error: &Failure) {
    println!("{who}: an error: {error}, tries again");
}

fn cleans_up() {
    println!("polite: cleans up");
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::BadMessage => "bad message",
            Self::Stopped => "asked to stop",
        })
    }
}
