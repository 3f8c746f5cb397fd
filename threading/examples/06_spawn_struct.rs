//! Spawn a struct: a type that owns its thread's data, and a `run` method.
//!
//! Python: a subclass of `threading.Thread`, in `06_spawn_struct.py`.
//! Notes: N0:306, N4:478, N2:504.
//!
//! When a thread has much state, put the state into a struct and the work into
//! a method. Rust has no `Thread` class to inherit from: the closure calls
//! `self.run()`. Because `run` takes `self` by value, the thread owns its data
//! while it runs, can run only once, and gives the struct back through `join`.
//! In Python the object stays within everybody's reach. Nothing stops you from
//! reading its fields before `join`, or from calling `run()` instead of
//! `start()`, which does the work in the calling thread; a second `start()`
//! raises `RuntimeError`.
//!
//! In the notes: neither class runs. One has two statements on one line, the
//! other `print` without parentheses (Python 2).
//!
//! ```text,expect
//! @threads
//! @peak 2 threads
//! main: 2 counters, 0 words counted
//! @lanes
//! first: counting "the quick brown fox"
//! first: 4 words  #done1
//! second: counting "jumps over"
//! second: 2 words  #done2
//! main: first counted 4  #joined1
//! main: second counted 2  #joined2
//! @end
//! @before done1 joined1
//! @before done2 joined2
//! main: the counters met 1 time
//! ```
//!
//! Break it: `.spawn(move || self.run())` =>
//! `.spawn({ BOTH.wait(); let done = self.run(); move || done })`,
//! `Barrier::new(2)` => `Barrier::new(1)`
//! Break it: `Barrier::new(2)` => `Barrier::new(1)`
//! Break it: `self.words = ` => `let _lost = `
//! Break it (Python): `counter.start()` => `counter.run()`,
//! `counter.join()` => `pass`, `Barrier(2)` => `Barrier(1)`
//! Break it (Python): `self.words = len` => `self.lost = len`

use std::io;
use std::panic::resume_unwind;
use std::sync::Barrier;
use std::thread::{self, JoinHandle};

/// Both counters are at work before either of them is done.
static BOTH: Barrier = Barrier::new(2);

struct WordCounter {
    name: String,
    text: &'static str,
    words: usize,
    led: bool,
}

impl WordCounter {
    fn new(name: &str, text: &'static str) -> Self {
        WordCounter { name: name.to_string(), text, words: 0, led: false }
    }

    fn start(self) -> io::Result<JoinHandle<Self>> {
        let builder = thread::Builder::new().name(self.name.clone());
        builder.spawn(move || self.run())
    }

    fn run(mut self) -> Self {
        let me = thread::current();
        let name = me.name().unwrap_or("unnamed");
        println!("{name}: counting {:?}", self.text);
        self.led = BOTH.wait().is_leader();
        self.words = self.text.split_whitespace().count();
        println!("{name}: {} words", self.words);
        self
    }
}

fn main() -> io::Result<()> {
    let counters = [
        WordCounter::new("first", "the quick brown fox"),
        WordCounter::new("second", "jumps over"),
    ];
    let words: usize = counters.iter().map(|counter| counter.words).sum();
    println!("main: {} counters, {words} words counted", counters.len());

    let mut running = Vec::new();
    for counter in counters {
        running.push(counter.start()?);
    }
    let mut met = 0;
    for thread in running {
        let counter =
            thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        println!("main: {} counted {}", counter.name, counter.words);
        met += u32::from(counter.led);
    }
    println!("main: the counters met {met} time");
    Ok(())
}
