//! Retry: back off with jitter, on a budget, and only what may be repeated.
//!
//! Python: the same loop, in `33_retry.py`.
//! Notes: none.
//!
//! A call over a network fails now and then, and repeating it mostly helps.
//! Four rules keep that from doing harm. Back off: wait longer after each
//! failure, up to a limit. Add jitter: take a random part of the wait, so that
//! the clients of a server that was down do not all come back at one moment.
//! Keep a budget: when everything fails, four attempts a call are four times
//! the load for a server that is down already; so retries are bounded to a
//! tenth of the calls, and a few saved up. And repeat only what may be
//! repeated. A bad request stays bad. After a time-out nobody knows whether the
//! call was done: to read again is harmless, to pay again is not, unless the
//! request has a key by which the server recognises it.
//!
//! In programs tower's `Retry` with its budget, `backon`, or Python's
//! `tenacity` do this; check which errors they repeat. The clock is paused, in
//! Python by a selector of one's own, so the times are exact. The jitter comes
//! from a seed, so it is the same in both languages; in programs it must not be.
//! Longer than a screen: four rules, and a server to see each of them.
//!
//! ```text,expect
//! @tasks
//! read: busy, again in 77 ms of at most 100
//! read: busy, again in 30 ms of at most 200
//! read: busy, again in 58 ms of at most 300
//! read: done, 4 attempts in 165 ms
//! wrong: bad request, not repeated
//! pay: no answer, not repeated, charged 1 times
//! pay by key: no answer, again in 87 ms of at most 100
//! pay by key: done, 2 attempts in 87 ms, charged 1 times
//! outage: 20 calls failed in 26 attempts
//! ```
//!
//! Break it: `backoff = (2 * backoff).min(MOST);` => `backoff *= 2;`
//! Break it: `let wait = backoff * self.random() / 1000;` =>
//! `let wait = backoff;`
//! Break it: `Failure::NoAnswer => harmless_twice,` => `Failure::NoAnswer => true,`
//! Break it: `saved < RETRY` => `saved < 0`
//! Break it: `self.knows.insert(key)` => `key > 0`
//! Break it (Python): `backoff = min(2 * backoff, MOST)` => `backoff *= 2`
//! Break it (Python): `Failure.NO_ANSWER: harmless_twice,` =>
//! `Failure.NO_ANSWER: True,`
//! Break it (Python): `self.saved < RETRY` => `False`
//! Break it (Python): `key not in self.knows` => `True`

use futures::future::join_all;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;
use tokio::time::{Instant, sleep};

const ATTEMPTS: u32 = 4;
/// The back-off, at first and at most, in milliseconds.
const FIRST: u64 = 100;
const MOST: u64 = 300;
/// What a call brings into the budget, what a retry takes, and the most in it.
const CALL: i32 = 1;
const RETRY: i32 = 10;
const SAVED: i32 = 50;

#[derive(Clone, Copy)]
enum Failure {
    Busy,
    BadRequest,
    NoAnswer,
}

/// One for all calls to one server.
struct Client {
    saved: Cell<i32>,
    seed: Cell<u64>,
    attempts: Cell<u32>,
}

impl Client {
    /// Calls until it works, or there is no sense in it; says how it ended.
    async fn call(
        &self,
        name: &str,
        harmless_twice: bool,
        mut call: impl AsyncFnMut() -> Result<(), Failure>,
    ) -> Result<String, String> {
        let (start, mut backoff) = (Instant::now(), FIRST);
        self.saved.update(|saved| (saved + CALL).min(SAVED));
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.attempts.update(|attempts| attempts + 1);
            let Err(failure) = call().await else {
                let ms = start.elapsed().as_millis();
                return Ok(format!("done, {attempt} attempts in {ms} ms"));
            };
            let may_repeat = match failure {
                Failure::Busy => true,
                Failure::BadRequest => false,
                Failure::NoAnswer => harmless_twice,
            };
            if !may_repeat {
                return Err(format!("{failure}, not repeated"));
            }
            if attempt == ATTEMPTS || !self.budget_allows() {
                return Err(format!("{failure}, given up"));
            }
            let wait = backoff * self.random() / 1000;
            if name != "outage" {
                print!("{name}: {failure}, again in {wait} ms ");
                println!("of at most {backoff}");
            }
            sleep(Duration::from_millis(wait)).await;
            backoff = (2 * backoff).min(MOST);
        }
    }

    fn budget_allows(&self) -> bool {
        let saved = self.saved.get();
        if saved < RETRY {
            return false;
        }
        self.saved.set(saved - RETRY);
        true
    }

    /// From 0 to 999.
    fn random(&self) -> u64 {
        let seed = self.seed.get().wrapping_mul(6_364_136_223_846_793_005);
        self.seed.set(seed.wrapping_add(1_442_695_040_888_963_407));
        (self.seed.get() >> 33) % 1000
    }
}

#[derive(Default)]
struct Server {
    charged: u32,
    knows: BTreeSet<u32>,
}

impl Server {
    /// Charges, but its first answer is lost.
    fn charge(&mut self, key: Option<u32>) -> Result<(), Failure> {
        let is_first = self.charged == 0;
        if key.is_none_or(|key| self.knows.insert(key)) {
            self.charged += 1;
        }
        if is_first { Err(Failure::NoAnswer) } else { Ok(()) }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let client = Client {
        saved: Cell::new(SAVED),
        seed: Cell::new(1),
        attempts: Cell::new(0),
    };
    let mut failures = [Failure::Busy; 3].into_iter();
    let read = client.call("read", true, async || match failures.next() {
        Some(failure) => Err(failure),
        None => Ok(()),
    });
    println!("read: {}", told(read.await));
    let wrong = client.call("wrong", true, async || Err(Failure::BadRequest));
    println!("wrong: {}", told(wrong.await));

    for (name, key) in [("pay", None), ("pay by key", Some(7))] {
        let server = RefCell::new(Server::default());
        let pay = async || server.borrow_mut().charge(key);
        let told = told(client.call(name, key.is_some(), pay).await);
        let charged = server.borrow().charged;
        println!("{name}: {told}, charged {charged} times");
    }

    let client = Client { attempts: Cell::new(0), ..client };
    client.saved.set(SAVED);
    let down = async || Err(Failure::Busy);
    let calls = (0..20).map(|_| client.call("outage", true, down));
    let failed =
        join_all(calls).await.iter().filter(|end| end.is_err()).count();
    let attempts = client.attempts.get();
    println!("outage: {failed} calls failed in {attempts} attempts");
}

fn told(outcome: Result<String, String>) -> String {
    outcome.unwrap_or_else(|why| why)
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "busy",
            Self::BadRequest => "bad request",
            Self::NoAnswer => "no answer",
        })
    }
}
