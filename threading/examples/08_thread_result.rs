//! Thread result: a value, an error or a panic comes back through the handle.
//!
//! Python: `concurrent.futures.Future.result`, in `08_thread_result.py`.
//! Notes: N4:441, N4:459, N0:447.
//!
//! What a thread's closure returns is what `join` gives, as `Ok(value)`: no
//! shared variable, no lock. (The notes call `return` in a thread useless; that
//! is so for `threading.Thread`, which throws the value away, and there a
//! `Future` carries it.) A failure that is to be expected is a value too:
//! return a `Result`. A panic is a bug: it unwinds its own thread only, its
//! message goes to standard error, and `join` gives `Err(payload)`; for a panic
//! with a fixed message the payload is a `&str`, for a formatted one a
//! `String`. Other threads do not notice, unless they share a lock that the
//! panic poisoned, or the program is built with `panic = "abort"`.
//!
//! ```text,expect
//! @stderr any
//! main: adder returned 5050
//! main: reader returned an error: "12 apples" is not a number
//! main: finder panicked: no such shelf
//! main: bystander returned: still here after no such shelf
//! ```
//!
//! Break it: `finder.join();` => `Ok(finder.join().unwrap_or(0));`
//! Break it: `panic!("no such shelf")` => `std::process::abort()`

use std::error::Error;
use std::sync::mpsc;
use std::{panic, thread};

fn read_number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

fn find_shelf() -> u32 {
    panic!("no such shelf")
}

fn main() -> Result<(), Box<dyn Error>> {
    // The message alone on standard error, no backtrace.
    panic::set_hook(Box::new(|info| eprintln!("{info}")));

    let (tell, heard) = mpsc::channel::<String>();
    let adder = thread::spawn(|| (1..=100).sum::<u32>());
    let reader = thread::spawn(|| read_number("12 apples"));
    let finder = thread::spawn(find_shelf);
    let bystander = thread::spawn(move || heard.recv());

    let sum = adder.join().map_err(|_| "adder panicked")?;
    println!("main: adder returned {sum}");

    match reader.join().map_err(|_| "reader panicked")? {
        Ok(number) => println!("main: reader returned {number}"),
        Err(error) => println!("main: reader returned an error: {error}"),
    }

    let outcome: thread::Result<u32> = finder.join();
    let news = match outcome {
        Ok(shelf) => format!("shelf {shelf}"),
        Err(payload) => match payload.downcast_ref::<&str>() {
            Some(message) => message.to_string(),
            None => return Err("a payload of another type".into()),
        },
    };
    println!("main: finder panicked: {news}");

    tell.send(news)?;
    let heard = bystander.join().map_err(|_| "bystander panicked")??;
    println!("main: bystander returned: still here after {heard}");
    Ok(())
}
