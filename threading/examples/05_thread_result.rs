//! Thread result: a value, an error or a panic comes back through the handle.
//!
//! Python: `concurrent.futures.Future.result`, in `05_thread_result.py`.
//! Notes: N4:441, N4:459, N0:447.
//!
//! What a thread's closure returns is what `join` gives, as `Ok(value)`: no
//! shared variable, no lock. An expected failure is a value too: return a
//! `Result`. A panic is a bug. It unwinds its own thread only, its message goes
//! to standard error, and `join` gives `Err(payload)`: a `&str` for a fixed
//! message, a `String` for a formatted one. Tell it, or pass it on with
//! `resume_unwind`; a handle that is dropped hides it (see `silent_failure`).
//! Other threads do not notice, unless they share a lock that the panic
//! poisoned, or the program is built with `panic = "abort"`. Here the finder
//! panics when the bystander, already running, asks it; the bystander goes on.
//!
//! In the notes: `return` in a thread is useless. `threading.Thread` does throw
//! the value away; a `Future` carries it, and the error too.
//!
//! ```text,expect
//! @threads
//! @peak 2..4 threads
//! @stderr any
//! main: adder returned 5050
//! main: reader returned an error: "12 apples" is not a number
//! main: finder panicked: no shelf for bystander
//! main: bystander returned: still here after no shelf for bystander
//! ```
//!
//! Break it: `finder.join() {` =>
//! `thread::Result::Ok(finder.join().unwrap_or(0)) {`
//! Break it: `panic!("no shelf for {}", asked.recv().unwrap_or("nobody"))` =>
//! `std::process::abort()`
//! Break it (Python): `raise LookupError(f"no shelf for {asked.get()}")` =>
//! `return 7`

use std::any::Any;
use std::error::Error;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, RecvError};
use std::{panic, thread};

fn read_number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

fn find_shelf(asked: &Receiver<&str>) -> u32 {
    panic!("no shelf for {}", asked.recv().unwrap_or("nobody"))
}

fn message(payload: &(dyn Any + Send)) -> &str {
    match payload.downcast_ref::<&str>() {
        Some(fixed) => fixed,
        None => payload.downcast_ref::<String>().map_or("no text", |s| s),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // The message alone on standard error, no backtrace.
    panic::set_hook(Box::new(|info| eprintln!("{info}")));

    let (tell, news) = mpsc::channel::<String>();
    let adder = thread::spawn(|| (1..=100).sum::<u32>());
    let reader = thread::spawn(|| read_number("12 apples"));
    let (ask, asked) = mpsc::channel();
    let finder = thread::spawn(move || find_shelf(&asked));
    let bystander = thread::spawn(move || -> Result<String, RecvError> {
        // The finder has nothing to do, or to panic at, before this.
        ask.send("bystander").ok();
        Ok(format!("still here after {}", news.recv()?))
    });

    let sum = adder.join().unwrap_or_else(|panic| resume_unwind(panic));
    println!("main: adder returned {sum}");

    match reader.join().unwrap_or_else(|panic| resume_unwind(panic)) {
        Ok(number) => println!("main: reader returned {number}"),
        Err(error) => println!("main: reader returned an error: {error}"),
    }

    match finder.join() {
        Ok(shelf) => println!("main: finder returned {shelf}"),
        Err(payload) => {
            let why = message(&*payload);
            println!("main: finder panicked: {why}");
            tell.send(why.to_string())?;
        }
    }
    drop(tell);

    let said = bystander.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("main: bystander returned: {said}");
    Ok(())
}
