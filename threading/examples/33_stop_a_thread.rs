//! Stop a thread: it has to look; nothing ends it from outside.
//!
//! Python: `threading.Event`, a sentinel, in `33_stop_a_thread.py`.
//! Notes: none.
//!
//! Neither Rust nor Python can end a thread from outside, and for a reason: it
//! would leave locks held and data half changed. A thread is asked to stop. A
//! loop looks at a flag (an `AtomicBool`, an `Event`) in each turn. A thread
//! that is blocked in a receive looks at nothing; close its channel, or send a
//! sentinel, and the receive returns. A blocking call without such an end needs
//! a time limit of its own, or a second descriptor to poll. Then `join`, to
//! know that it has ended and how. (tokio's `abort` and asyncio's `cancel` end
//! tasks at an await, because there they look.)
//!
//! The third thread does not look: it has been asked, and goes on until its own
//! work ends. Work that must be ended by force belongs in a process.
//!
//! ```text,expect
//! @threads
//! @peak 1.. threads
//! looper: at work
//! looper: saw the flag, tidied up
//! main: the looper has ended, after {:int 2..} turns
//! receiver: received 1
//! main: the receiver has ended after {:int 20..} ms: false
//! receiver: the channel is closed, tidied up
//! main: the receiver has ended, sum 1
//! stubborn: at work
//! main: the stubborn one has ended after {:int 20..} ms: false
//! stubborn: its work is done
//! main: the stubborn one has ended, it had been asked: true
//! ```
//!
//! Break it: `while !stop.load(Relaxed) {` => `if !stop.load(Relaxed) {`
//! Break it: `for number in inbox {` => `if let Ok(number) = inbox.recv() {`,
//! `from_millis(20)` => `from_secs(1)`
//! Break it: `gate.recv().ok();` => ``, `from_millis(20)` => `from_secs(1)`
//! Break it (Python): `while not flag.is_set():` => `if not flag.is_set():`
//! Break it (Python): `while (number := inbox.get()) is not None:` =>
//! `for number in [inbox.get()]:`, `LIMIT = 0.02` => `LIMIT = 1`
//! Break it (Python): `gate.get()` => `pass`, `LIMIT = 0.02` => `LIMIT = 1`

use std::error::Error;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_millis(20);

fn join<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// Gives it some time to end, and says whether it has.
fn report<T>(name: &str, thread: &JoinHandle<T>) {
    let start = Instant::now();
    thread::sleep(LIMIT);
    let (ended, ms) = (thread.is_finished(), start.elapsed().as_millis());
    println!("main: the {name} has ended after {ms} ms: {ended}");
}

fn main() -> Result<(), Box<dyn Error>> {
    let (begun, heard) = mpsc::channel();
    let flag = Arc::new(AtomicBool::new(false));

    let stop = Arc::clone(&flag);
    let begin = begun.clone();
    let looper = thread::spawn(move || {
        println!("looper: at work");
        let mut turns = 0;
        while !stop.load(Relaxed) {
            turns += 1;
            if turns == 2 {
                begin.send(()).expect("main listens");
            }
            thread::yield_now();
        }
        println!("looper: saw the flag, tidied up");
        turns
    });
    heard.recv()?;
    flag.store(true, Relaxed);
    println!("main: the looper has ended, after {} turns", join(looper));

    let (sender, inbox) = mpsc::channel();
    let begin = begun.clone();
    let receiver = thread::spawn(move || {
        let mut sum = 0;
        for number in inbox {
            println!("receiver: received {number}");
            begin.send(()).expect("main listens");
            sum += number;
        }
        println!("receiver: the channel is closed, tidied up");
        sum
    });
    sender.send(1)?;
    heard.recv()?;
    report("receiver", &receiver);
    drop(sender); // closes the channel
    println!("main: the receiver has ended, sum {}", join(receiver));

    let (open, gate) = mpsc::channel::<()>();
    let asked = Arc::clone(&flag); // set already
    let stubborn = thread::spawn(move || {
        println!("stubborn: at work");
        begun.send(()).expect("main listens");
        gate.recv().ok(); // its work, which ends when main drops `open`
        println!("stubborn: its work is done");
        asked.load(Relaxed)
    });
    heard.recv()?;
    report("stubborn one", &stubborn);
    drop(open);
    let asked = join(stubborn);
    println!("main: the stubborn one has ended, it had been asked: {asked}");
    Ok(())
}
