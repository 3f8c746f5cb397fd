//! Process as a type: the data, and a `run` that works on it elsewhere.
//!
//! Python: a subclass of `multiprocessing.Process`, in `02_process_struct.py`.
//! Notes: N0:946.
//!
//! Python inherits from `Process` and overrides `run`. Rust has no class to
//! inherit from and needs none: a type holds the data, and `start` forks and calls
//! `run` in the child. Write such a type where a process has a state of its own
//! and more than one method.
//!
//! `run` works on the child's copy: what it changes in `self` stays in the child,
//! and here the counts in main are 0 at the end. Start all before you join the
//! first, or they run one after the other. Both meet at a barrier between their
//! greetings, which they could not pass alone.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! main: pid {main:pid}
//! @lanes
//! ann: greeting 1, from {ann:pid}
//! ann: greeting 2, from {ann:pid}, 2 have met
//! bob: greeting 1, from {bob:pid}
//! bob: greeting 2, from {bob:pid}, 2 have met
//! @end
//! main: ann has ended well, greetings here: 0
//! main: bob has ended well, greetings here: 0
//! ```
//!
//! Break it: `ipc::fork(|| self.run(all_here))` => `{ self.greetings += 1; ipc::fork(|| self.run(all_here)) }`
//! Break it: `all_here.wait()?` => `1`
//! Break it (Python): `greeter.start()` => `greeter.greetings += 1; greeter.start()`
//! Break it (Python): `context.Barrier(2)` => `context.Barrier(1)`

use std::io;
use std::process::id;

use ipc::{Child, Result};
use multiprocessing::Barrier;

struct Greeter {
    name: &'static str,
    greetings: u32,
}

impl Greeter {
    fn new(name: &'static str) -> Self {
        Greeter { name, greetings: 0 }
    }

    fn start(&mut self, all_here: &Barrier) -> io::Result<Child> {
        ipc::fork(|| self.run(all_here))
    }

    fn run(&mut self, all_here: &Barrier) -> Result<()> {
        self.greetings += 1;
        let Greeter { name, greetings } = self;
        println!("{name}: greeting {greetings}, from {}", id());
        let met = all_here.wait()?;
        *greetings += 1;
        println!("{name}: greeting {greetings}, from {}, {met} have met", id());
        Ok(())
    }
}

fn main() -> Result<()> {
    println!("main: pid {}", id());
    let all_here = Barrier::new(2)?;
    let mut greeters = [Greeter::new("ann"), Greeter::new("bob")];
    let mut children = Vec::new();
    for greeter in &mut greeters {
        children.push(greeter.start(&all_here)?);
    }
    ipc::wait_all(children)?;
    for Greeter { name, greetings } in &greeters {
        println!("main: {name} has ended well, greetings here: {greetings}");
    }
    Ok(())
}
