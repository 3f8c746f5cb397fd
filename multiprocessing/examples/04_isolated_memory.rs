//! Isolated memory: a thread's write is seen by all, a process's by itself.
//!
//! Python: a global, `Thread` and `Process`, in `04_isolated_memory.py`.
//! Notes: N0:133, N0:144, N0:864, N4:825.
//!
//! All threads of a process have one address space: a global is the same for all
//! of them. The others see what one writes, so it needs a lock or an atomic. A
//! process has memory of its own: nobody else sees what it writes. That makes
//! processes safe beside each other, and it makes every exchange a message (a
//! pipe, a queue) or memory that is shared on purpose. Rust and Python agree
//! here. An atomic changes nothing about it: it orders writes to one memory, and
//! here there are two.
//!
//! The fork stands behind the join of the thread. A forked child has only the
//! thread that forked, so the other threads' locks would stay locked in it. A
//! scope's end is not enough: the closure has returned then, but the kernel may
//! still count its thread. `ipc::fork` refuses while a second thread exists.
//!
//! ```text,expect
//! @threads thread
//! @processes process
//! @peak 1 threads
//! @peak 1 processes
//! main: counter 0
//! thread: counter 1
//! main: after the thread, counter 1
//! process: counter 2
//! main: after the process, counter 1
//! ```
//!
//! Break it: `in_process()?` => `in_thread()`
//! Break it: `in_thread();` => `in_process()?;`
//! Break it (Python): `process.start()` => `process.run()`
//! Break it (Python): `thread.start()` => `thread.run()`

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use ipc::Result;

static COUNTER: AtomicU32 = AtomicU32::new(0);

fn main() -> Result<()> {
    println!("main: counter {}", COUNTER.load(Relaxed));
    in_thread();
    println!("main: after the thread, counter {}", COUNTER.load(Relaxed));
    in_process()?;
    println!("main: after the process, counter {}", COUNTER.load(Relaxed));
    Ok(())
}

fn increase(name: &str) {
    let before = COUNTER.fetch_add(1, Relaxed);
    println!("{name}: counter {}", before + 1);
}

fn in_thread() {
    let thread = thread::spawn(|| increase("thread"));
    thread.join().unwrap_or_else(|panic| resume_unwind(panic));
}

fn in_process() -> Result<()> {
    let process = ipc::fork(|| {
        increase("process");
        Ok(())
    })?;
    process.join()
}
