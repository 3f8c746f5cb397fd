//! A timed-out thread: the limit ends the wait, not the work.
//!
//! Python: `wait_for` around `run_in_executor`, in `49_timed_out_thread.py`.
//! Reported: python/cpython#107505.
//! Symptom: it loses data: the call timed out, and the work was done all
//! the same, or twice.
//!
//! A call times out, the customer is told that it failed and tries again, and
//! in the end the card is charged twice. A blocking call runs in a thread of
//! the pool, and no thread can be stopped from outside. `timeout` drops the
//! handle, `wait_for` cancels the future, and the thread goes on to the end.
//! Neither language prevents it. Such threads also fill the pool: tokio waits
//! for them when the runtime closes, Python's pool when the program ends.
//!
//! Give the thread a flag (a `CancellationToken`, a `threading.Event`) and look
//! at it before each step that cannot be taken back. A flag does not stop what
//! has passed that point either, so give each order a key: the second
//! request finds that it is done. And give the call its own limit where it has
//! one, as sockets do.
//!
//! A gate keeps the thread busy until the limit has passed.
//!
//! ```text,expect
//! @tasks main
//! @peak 1.. threads
//! payment: order 1, asks the bank
//! main: order 1 timed out
//! main: order 1 was charged
//! payment: order 1, asks the bank
//! main: order 1 was paid already
//! payment: order 2, asks the bank
//! main: order 2 timed out
//! main: order 2 was given up
//! main: cards charged: 1
//! ```
//!
//! Break it: `if given_up.is_cancelled() {` => `if false {`
//! Break it: `if !paid.insert(order) {` => `if !paid.insert(order) && false {`
//! Break it: `gate.recv().ok(); // until main lets go` => ``
//!
//! Break it (Python): `if given_up.is_set():` => `if False:`
//! Break it (Python): `if order in self.paid:` => `if False:`
//! Break it (Python): `gate.wait()  # until main lets go` => `pass`

use std::collections::HashSet;
use std::error::Error;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const LIMIT: Duration = Duration::from_millis(20);

#[derive(Default)]
struct Bank {
    paid: Mutex<HashSet<u32>>,
    charges: Mutex<Vec<u32>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let bank = Arc::new(Bank::default());
    let no_flag = CancellationToken::new();
    let (mut payment, open) = pay(&bank, 1, &no_flag).await?;
    if timeout(LIMIT, &mut payment).await.is_err() {
        println!("main: order 1 timed out");
    }
    drop(open);
    // A server would have gone on; the thread does.
    println!("main: order 1 was {}", payment.await?);

    let (again, open) = pay(&bank, 1, &no_flag).await?;
    drop(open);
    println!("main: order 1 was {}", again.await?);

    let given_up = CancellationToken::new();
    let (mut payment, open) = pay(&bank, 2, &given_up).await?;
    if timeout(LIMIT, &mut payment).await.is_err() {
        println!("main: order 2 timed out");
        given_up.cancel();
    }
    drop(open);
    println!("main: order 2 was {}", payment.await?);
    let charged = bank.charges.lock().expect("no panic").len();
    println!("main: cards charged: {charged}");
    Ok(())
}

type Gate = mpsc::Sender<()>;

async fn pay(
    bank: &Arc<Bank>,
    order: u32,
    given_up: &CancellationToken,
) -> Result<(JoinHandle<&'static str>, Gate), oneshot::error::RecvError> {
    let (open, gate) = mpsc::channel();
    let (asks, asked) = oneshot::channel();
    let (bank, given_up) = (bank.clone(), given_up.clone());
    let payment = spawn_blocking(move || {
        println!("payment: order {order}, asks the bank");
        asks.send(()).expect("main waits for it");
        gate.recv().ok(); // until main lets go
        bank.charge(order, &given_up)
    });
    asked.await?;
    Ok((payment, open))
}

impl Bank {
    fn charge(&self, order: u32, given_up: &CancellationToken) -> &'static str {
        if given_up.is_cancelled() {
            return "given up";
        }
        let mut paid = self.paid.lock().expect("no panic");
        if !paid.insert(order) {
            return "paid already";
        }
        self.charges.lock().expect("no panic").push(order);
        "charged"
    }
}
