//! Backpressure: what a full queue does to its producer.
//!
//! Python: `asyncio.Queue(maxsize=2)`, in `31_backpressure.py`.
//! Notes: none.
//!
//! A producer that is faster than its consumer must be told so, or memory pays.
//! Four answers. Unbounded: nobody waits and the queue grows, so it is right
//! only where something else limits the producer. Bounded: `send` waits for
//! room, and the producer slows down to the consumer's pace; take this one
//! unless you know better. Refusing: `try_send` fails at once, the caller sheds
//! load (an HTTP server answers 503). Dropping: a `broadcast` channel keeps the
//! newest and tells a slow receiver how many it has lost (`Lagged`); right for
//! prices and positions, wrong for payments. `watch` keeps the last one alone.
//!
//! asyncio has the first three in its `Queue`; for the last one a deque with
//! `maxlen` for each receiver does it. A channel's bound counts messages, not
//! bytes: bound their size too.
//!
//! The producer makes all it can before the consumer takes the next one.
//!
//! ```text,expect
//! @tasks
//! main: unbounded, most in the queue: 10 of 10
//! main: bounded, most in the queue: 2 of 10
//! main: refusing, 2 taken in, 8 refused
//! fast: got 10, lost 0
//! slow: got 2, lost 8
//! ```
//!
//! Break it: `mpsc::channel(2); // waits` => `mpsc::channel(3);`
//! Break it: `mpsc::channel(2); // refuses` => `mpsc::channel(3);`
//! Break it: `broadcast::channel(2)` => `broadcast::channel(16)`
//! Break it: `Err(RecvError::Lagged(n)) => lost += n,` =>
//! `Err(RecvError::Lagged(_)) => {}`
//! Break it: `yield_now().await; // fast takes it` => ``
//!
//! Break it (Python): `maxsize=2))  # waits` => `maxsize=3))`
//! Break it (Python): `maxsize=2)  # refuses` => `maxsize=3)`
//! Break it (Python): `Receiver(maxlen=2), Receiver(maxlen=2)` =>
//! `Receiver(maxlen=2), Receiver(maxlen=9)`
//! Break it (Python): `await asyncio.sleep(0)  # fast takes it` => `pass`

use std::cell::Cell;
use std::error::Error;
use std::future::ready;

use futures::stream::{self, Stream, StreamExt};
use futures::{join, try_join};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc::{self, error::SendError, error::TrySendError};
use tokio::task::yield_now;

const ITEMS: u32 = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let (queue, mut items) = mpsc::unbounded_channel();
    let items = stream::poll_fn(move |context| items.poll_recv(context));
    let most = most_in_queue(async move |n| queue.send(n), items).await?;
    println!("main: unbounded, most in the queue: {most} of {ITEMS}");

    let (queue, mut items) = mpsc::channel(2); // waits
    let items = stream::poll_fn(move |context| items.poll_recv(context));
    let most = most_in_queue(async move |n| queue.send(n).await, items).await?;
    println!("main: bounded, most in the queue: {most} of {ITEMS}");

    let (queue, _items) = mpsc::channel(2); // refuses
    let (mut taken_in, mut refused) = (0, 0);
    for n in 1..=ITEMS {
        match queue.try_send(n) {
            Ok(()) => taken_in += 1,
            Err(TrySendError::Full(_n)) => refused += 1,
            Err(closed) => return Err(closed.into()),
        }
    }
    println!("main: refusing, {taken_in} taken in, {refused} refused");

    let (news, fast) = broadcast::channel(2);
    let slow = news.subscribe();
    join!(publish(news), receive("fast", fast));
    receive("slow", slow).await;
    Ok(())
}

/// How many items were made and not taken, at most.
async fn most_in_queue(
    send: impl AsyncFn(u32) -> Result<(), SendError<u32>>,
    items: impl Stream<Item = u32>,
) -> Result<u32, SendError<u32>> {
    let taken = Cell::new(0);
    let produce = async {
        let (send, mut most) = (send, 0);
        for made in 1..=ITEMS {
            send(made).await?;
            most = most.max(made - taken.get());
        }
        Ok(most)
    };
    let consume = async {
        let count = |_item| {
            taken.update(|taken| taken + 1);
            ready(())
        };
        items.for_each(count).await;
        Ok(())
    };
    let (most, ()) = try_join!(produce, consume)?;
    Ok(most)
}

async fn publish(news: broadcast::Sender<u32>) {
    for n in 1..=ITEMS {
        news.send(n).expect("fast and slow receive");
        yield_now().await; // fast takes it
    }
}

async fn receive(name: &str, mut news: broadcast::Receiver<u32>) {
    let (mut got, mut lost) = (0, 0);
    loop {
        match news.recv().await {
            Ok(_) => got += 1,
            Err(RecvError::Lagged(n)) => lost += n,
            Err(RecvError::Closed) => break,
        }
    }
    println!("{name}: got {got}, lost {lost}");
}
