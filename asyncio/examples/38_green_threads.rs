//! Green threads: stacks of their own, switched without the kernel.
//!
//! Python: none, its coroutines and generators have no stack of their own; the
//! greenlet package, under gevent, adds one.
//! Notes: N2:645.
//!
//! A green thread has a whole stack, as a thread has, but the program itself
//! switches from one to the next, and the kernel knows of none of them. So a
//! plain function may pause, however deep in its calls, and go on later. An
//! `async fn` can pause only if each of its callers is `async` as well. The
//! price is the stack: at least a page or two for each, where a future takes a
//! few hundred bytes. A blocking call blocks them all, as it does with tasks.
//!
//! Lua's coroutines are of this kind. Go's goroutines and Erlang's processes
//! are too, but they are spread over several kernel threads and preempted by
//! their runtime. Rust had green threads before 1.0 and gave them up;
//! `corosensei` is the crate that switches stacks today. Linux only, for
//! `/proc`; elsewhere the program says so and ends.
//!
//! ```text,expect
//! @tasks
//! @peak 3 threads
//! ann: goes down to 1
//! bob: goes down to 1
//! cid: goes down to 1
//! ann: goes down to 2
//! bob: goes down to 2
//! cid: goes down to 2
//! ann: is back from 2
//! ann: is back from 1
//! bob: is back from 2
//! bob: is back from 1
//! cid: is back from 2
//! cid: is back from 1
//! main: 1000 green threads paused, the kernel sees 1 thread
//! main: 1000 green threads ended
//! main: 3 threads wait, the kernel sees 4 threads
//! ```
//!
//! Break it: `pause.suspend(()); // goes back to resume` => `();`
//! Break it: `.map(|_| Coroutine::new(|pause, ()| pause.suspend(())))` =>
//! `.map(|_| Coroutine::new(|_: &Yielder<(), ()>, ()| ()))`
//! Break it: `s.spawn(|| meeting.wait());` => `();`,
//! `Barrier::new(THREADS + 1)` => `Barrier::new(1)`

use corosensei::{Coroutine, Yielder};
use std::collections::VecDeque;
use std::sync::Barrier;
use std::{fs, io, thread};

const THREADS: usize = 3;

type GreenThread = Coroutine<(), (), ()>;

fn main() -> io::Result<()> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let mut ready: VecDeque<GreenThread> = ["ann", "bob", "cid"]
        .map(|name| Coroutine::new(move |pause, ()| descend(name, 1, pause)))
        .into();
    while let Some(mut next) = ready.pop_front() {
        if next.resume(()).as_yield().is_some() {
            ready.push_back(next);
        }
    }

    let mut crowd: Vec<GreenThread> = (0..1000)
        .map(|_| Coroutine::new(|pause, ()| pause.suspend(())))
        .collect();
    let paused = crowd.iter_mut().filter_map(|one| one.resume(()).as_yield());
    let paused = paused.count();
    let seen = threads_seen_by_the_kernel()?;
    println!(
        "main: {paused} green threads paused, the kernel sees {seen} thread"
    );
    let ended = crowd.iter_mut().filter_map(|one| one.resume(()).as_return());
    println!("main: {} green threads ended", ended.count());

    let meeting = Barrier::new(THREADS + 1);
    thread::scope(|s| {
        for _ in 0..THREADS {
            s.spawn(|| meeting.wait());
        }
        let seen = threads_seen_by_the_kernel();
        meeting.wait();
        println!(
            "main: {THREADS} threads wait, the kernel sees {} threads",
            seen?
        );
        Ok(())
    })
}

/// A plain function: no `async`, and it pauses in the middle of its recursion.
fn descend(name: &str, depth: u32, pause: &Yielder<(), ()>) {
    if depth > 2 {
        return;
    }
    println!("{name}: goes down to {depth}");
    pause.suspend(()); // goes back to resume
    descend(name, depth + 1, pause);
    println!("{name}: is back from {depth}");
}

fn threads_seen_by_the_kernel() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}
