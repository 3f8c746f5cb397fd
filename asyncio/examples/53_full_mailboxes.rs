//! Full mailboxes: two actors send to each other, and neither receives.
//!
//! Python: `asyncio.Queue(4)`, in `53_full_mailboxes.py`.
//! Reported: build-trust/ockam#1947, tqwewe/kameo#84.
//! Symptom: it hangs: under load two actors stop, and nothing fails.
//!
//! An actor has a mailbox of bounded length and handles one message after the
//! other. While it handles one it does not receive. If it sends from there, and
//! the other one's mailbox is full, it waits for room; if the other does the
//! same, both wait forever. With little to do the mailboxes are never full, so
//! tests pass. Any cycle of actors can do it, also one actor that sends to
//! itself.
//!
//! An unbounded mailbox only trades the deadlock for memory. The cures: receive
//! while you send, as here; or do not wait (`try_send`, `put_nowait`) and decide
//! what a full mailbox means; or let messages go in one direction only, and
//! answers by a channel of their own, as in `actor`. No compiler sees the
//! cycle. The clock is paused, in Python by a selector of one's own: a wait is
//! over as soon as all tasks are stuck.
//!
//! ```text,expect
//! @tasks
//! @lanes
//! ann: sent 4 of 10, received 0, and waits for room in vain  #stuck
//! bob: sent 4 of 10, received 0, and waits for room in vain  #stuck
//! ann: sent 10 of 10, received 10  #cured
//! bob: sent 10 of 10, received 10  #cured
//! @end
//! @before stuck cured
//! ```
//!
//! Break it: `join!(send(&other), receive(&mut mailbox)); // both` =>
//! `(send(&other).await, receive(&mut mailbox).await);`
//! Break it (Python): `await asyncio.gather(send(other), receive(mailbox))` =>
//! `(await send(other), await receive(mailbox))`

use std::time::Duration;
use tokio::join;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;

const ROOM: usize = 4;
const MESSAGES: u32 = 10;
const LIMIT: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let ((to_ann, anns), (to_bob, bobs)) = (channel(ROOM), channel(ROOM));
    join!(first_send("ann", to_bob, anns), first_send("bob", to_ann, bobs));
    let ((to_ann, anns), (to_bob, bobs)) = (channel(ROOM), channel(ROOM));
    join!(do_both("ann", to_bob, anns), do_both("bob", to_ann, bobs));
}

/// Sends all that it has to before it receives again.
async fn first_send(
    name: &str,
    other: Sender<u32>,
    mut mailbox: Receiver<u32>,
) {
    let sent = send(&other).await;
    let received =
        if sent == MESSAGES { receive(&mut mailbox).await } else { 0 };
    report(name, sent, received);
}

async fn do_both(name: &str, other: Sender<u32>, mut mailbox: Receiver<u32>) {
    let (sent, received) = join!(send(&other), receive(&mut mailbox)); // both
    report(name, sent, received);
}

/// How many it sent before there was no room in time.
async fn send(other: &Sender<u32>) -> u32 {
    for number in 0..MESSAGES {
        match timeout(LIMIT, other.send(number)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return number, // gone, or full
        }
    }
    MESSAGES
}

/// How many came, of those that there should be.
async fn receive(mailbox: &mut Receiver<u32>) -> u32 {
    for number in 0..MESSAGES {
        match timeout(LIMIT, mailbox.recv()).await {
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return number, // the end, or nothing in time
        }
    }
    MESSAGES
}

fn report(name: &str, sent: u32, received: u32) {
    print!("{name}: sent {sent} of {MESSAGES}, received {received}");
    if sent < MESSAGES {
        print!(", and waits for room in vain");
    }
    println!();
}
