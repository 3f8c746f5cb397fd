//! Process as a type: the data, and a `run` that works on it elsewhere.
//!
//! Python: a subclass of `multiprocessing.Process`, in `02_process_struct.py`.
//! Notes: N0:946.
//!
//! Python overrides `run`; Rust has no class to inherit from and needs none.
//! The type holds what its process works on and the pid of the child. `start`
//! forks, and the child calls `run` on its own copy: what `run` changes in
//! `self` stays in the child. The type is also the guard: dropping it waits for
//! its process.
//!
//! ```text,expect
//! main: pid {main:pid}
//! @lanes
//! ann: greeting 1, from {ann:pid}
//! ann: greeting 2, from {ann:pid}
//! bob: greeting 1, from {bob:pid}
//! bob: greeting 2, from {bob:pid}
//! @end
//! main: ann has ended, greetings here: 0
//! main: bob has ended, greetings here: 0
//! ```
//!
//! Break it: `unsafe { fork() }?` => `ForkResult::Child`
//! Break it: `exit(0)` => `self.child = None`

#![allow(unsafe_code)]

use std::process::{exit, id};

use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

struct Greeter {
    name: &'static str,
    greetings: u32,
    child: Option<Pid>,
}

impl Greeter {
    fn new(name: &'static str) -> Self {
        Greeter { name, greetings: 0, child: None }
    }

    fn start(&mut self) -> nix::Result<()> {
        // SAFETY: this process has one thread.
        match unsafe { fork() }? {
            ForkResult::Parent { child } => self.child = Some(child),
            ForkResult::Child => {
                self.run();
                exit(0);
            }
        }
        Ok(())
    }

    fn run(&mut self) {
        for _ in 0..2 {
            self.greetings += 1;
            let (name, number) = (self.name, self.greetings);
            println!("{name}: greeting {number}, from {}", id());
        }
    }

    fn join(&mut self) -> nix::Result<()> {
        if let Some(child) = self.child.take() {
            waitpid(child, None)?;
        }
        Ok(())
    }
}

impl Drop for Greeter {
    fn drop(&mut self) {
        let _ = self.join();
    }
}

fn main() -> nix::Result<()> {
    println!("main: pid {}", id());
    let mut greeters = [Greeter::new("ann"), Greeter::new("bob")];
    for greeter in &mut greeters {
        greeter.start()?;
    }
    for greeter in &mut greeters {
        greeter.join()?;
    }
    for Greeter { name, greetings, .. } in &greeters {
        println!("main: {name} has ended, greetings here: {greetings}");
    }
    Ok(())
}
