//! Actor: one task owns the state, and answers by a channel in each request.
//!
//! Python: a task with an `asyncio.Queue` of requests and futures, in
//! `32_actor.py`.
//! Notes: none.
//!
//! An account must not be overdrawn, and each withdrawal is first written to a
//! log, which takes an await. Shared between tasks, the balance can change over
//! that await: both ann and bob check it, then both take. A lock held over the
//! await cures it (`async_lock`). An actor needs no lock: one task owns the
//! account, requests wait in its mailbox, and it finishes each before it looks
//! at the next. In Rust nobody else can even reach the state.
//!
//! A request carries the sending end of a `oneshot` for its answer, in Python a
//! future. Three cases belong to it. The asker may have left: then the answer
//! goes nowhere, and the actor goes on. The actor may have ended: then the
//! request fails, and the asker is told. And when all who could ask are gone,
//! the mailbox ends, and with it the actor, which gives its state back. (In
//! Python a last message says so; `Queue.shutdown` is there since 3.13.) A
//! mailbox is bounded; actors that ask each other need care: `full_mailboxes`.
//! Longer than a screen: the mistake, its cure, and the three cases.
//!
//! ```text,expect
//! @tasks
//! main: shared, both checked: true, 100 - 80 - 80 = -60
//! @lanes
//! ann: takes 80, 20 left
//! bob: refused, 20 left
//! @end
//! main: cid leaves without his answer
//! actor: nobody waits for the answer to cid
//! main: the actor ended after 3 requests with 15
//! dan: no actor is there
//! ```
//!
//! Break it: `if self.balance < amount {` => `if self.balance == 0 {`
//! Break it: `log.write().await; // shared` => `();`
//! Break it: `cid.abort();` => `();`
//! Break it (Python): `if self.balance < amount:` => `if self.balance == 0:`
//! Break it (Python): `await log.acquire()  # shared` => `pass`

use std::cell::Cell;
use std::error::Error;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::yield_now;
use tokio::{join, spawn};

struct Withdrawal {
    name: &'static str,
    amount: i32,
    answer: oneshot::Sender<Answer>,
}

enum Answer {
    Taken { left: i32 },
    Refused { left: i32 },
}

struct Account {
    balance: i32,
    handled: u32,
    log: Log,
}

impl Account {
    /// The actor: handles one request after the other, and ends when nobody
    /// is left to send one.
    async fn run(mut self, mut mailbox: mpsc::Receiver<Withdrawal>) -> Self {
        while let Some(request) = mailbox.recv().await {
            let answer = self.withdraw(request.amount).await;
            self.handled += 1;
            if request.answer.send(answer).is_err() {
                let name = request.name;
                println!("actor: nobody waits for the answer to {name}");
            }
        }
        self
    }

    async fn withdraw(&mut self, amount: i32) -> Answer {
        if self.balance < amount {
            return Answer::Refused { left: self.balance };
        }
        self.log.write().await;
        self.balance -= amount;
        Answer::Taken { left: self.balance }
    }
}

/// What others have of the actor; clone it for each.
#[derive(Clone)]
struct Handle(mpsc::Sender<Withdrawal>);

impl Handle {
    /// An error when the actor has ended.
    async fn withdraw(
        &self,
        name: &'static str,
        amount: i32,
    ) -> Result<Answer, Box<dyn Error + Send + Sync>> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Withdrawal { name, amount, answer }).await?;
        Ok(answered.await?)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    shared().await;

    let (requests, mailbox) = mpsc::channel(8);
    let log = Log::default();
    let account = Account { balance: 100, handled: 0, log: log.clone() };
    let actor = spawn(account.run(mailbox));
    let handle = Handle(requests);
    log.let_write(1);
    join!(take("ann", &handle, 80), take("bob", &handle, 80));

    let leaving = handle.clone();
    let cid = spawn(async move { take("cid", &leaving, 5).await });
    yield_now().await; // he has asked
    cid.abort();
    println!("main: cid leaves without his answer");
    log.let_write(1);
    let late = handle.0.downgrade(); // does not keep it alive
    drop(handle);
    let Account { balance, handled, .. } = actor.await?;
    println!("main: the actor ended after {handled} requests with {balance}");
    if late.upgrade().is_none() {
        println!("dan: no actor is there");
    }
    Ok(())
}

async fn take(name: &'static str, handle: &Handle, amount: i32) {
    match handle.withdraw(name, amount).await {
        Ok(Answer::Taken { left }) => {
            println!("{name}: takes {amount}, {left} left");
        }
        Ok(Answer::Refused { left }) => {
            println!("{name}: refused, {left} left")
        }
        Err(_) => println!("{name}: no actor is there"),
    }
}

/// Without an actor: two tasks, and one balance.
async fn shared() {
    let log = Log::default();
    let (balance, checked) = (Cell::new(100), Cell::new(0));
    let take = async || {
        if balance.get() >= 80 {
            checked.update(|tasks| tasks + 1);
            log.write().await; // shared
            balance.update(|balance| balance - 80);
        }
    };
    join!(take(), take(), async { log.let_write(2) });
    let both = checked.get() == 2;
    let left = balance.get();
    println!("main: shared, both checked: {both}, 100 - 80 - 80 = {left}");
}

/// Slow: it writes when it is let.
#[derive(Clone)]
struct Log(Arc<Semaphore>);

impl Default for Log {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(0)))
    }
}

impl Log {
    fn let_write(&self, lines: usize) {
        self.0.add_permits(lines);
    }

    async fn write(&self) {
        let permit = self.0.acquire().await;
        permit.expect("it is never closed").forget();
    }
}
