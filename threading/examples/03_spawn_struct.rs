//! Spawn a struct: a type that owns its thread's data, and a `run` method.
//!
//! Python: a subclass of `threading.Thread`, in `03_spawn_struct.py`.
//! Notes: N0:306, N4:478, N2:504.
//!
//! When a thread has much state, put the state into a struct and the work into
//! a method. Rust has no `Thread` to inherit from: the closure calls
//! `self.run()`, and because `run` takes `self` by value, the thread owns its
//! data while it runs, can run only once, and gives the struct back through
//! `join`. In Python the object stays in everybody's reach, so reading its
//! fields before `join` is a mistake that nothing stops; so is calling `run()`
//! for `start()`, which does the work in the calling thread (the first sabotage
//! below), and a second `start()`, which raises `RuntimeError`.
//!
//! ```text,expect
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
//! ```
//!
//! Break it: `.spawn(move || self.run())` =>
//! `.spawn({ let done = self.run(); move || done })`
//! Break it: `self.words = ` => `let _lost = `

use std::error::Error;
use std::io;
use std::thread::{self, JoinHandle};

struct WordCounter {
    name: String,
    text: &'static str,
    words: usize,
}

impl WordCounter {
    fn new(name: &str, text: &'static str) -> Self {
        WordCounter { name: name.to_string(), text, words: 0 }
    }

    fn start(self) -> io::Result<JoinHandle<Self>> {
        let builder = thread::Builder::new().name(self.name.clone());
        builder.spawn(move || self.run())
    }

    fn run(mut self) -> Self {
        let me = thread::current();
        let name = me.name().unwrap_or("unnamed");
        println!("{name}: counting {:?}", self.text);
        self.words = self.text.split_whitespace().count();
        println!("{name}: {} words", self.words);
        self
    }
}

fn main() -> Result<(), Box<dyn Error>> {
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
    for thread in running {
        let counter = thread.join().map_err(|_| "a counter panicked")?;
        println!("main: {} counted {}", counter.name, counter.words);
    }
    Ok(())
}
