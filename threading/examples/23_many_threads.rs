//! Many threads: what two thousand blocked ones cost.
//!
//! Python: `threading.stack_size` and `/proc/self/status`, in
//! `23_many_threads.py`.
//! Notes: N2:40, N2:45, N2:5, N2:707.
//!
//! A blocked thread takes no time of any core, but it keeps a stack. The stack
//! is reserved in the address space at once: 2 MiB each in Rust unless you say
//! otherwise, in Python what the C library takes (glibc: 8 MiB, from `ulimit
//! -s`; musl: 128 KiB). It becomes memory page by page where it is touched: a
//! few KiB for a thread that only waits. The kernel keeps some more for each,
//! and starting one takes tens of microseconds. So a few thousand threads do no
//! harm by themselves; for a hundred thousand connections use tasks, which cost
//! a few hundred bytes each.
//!
//! The figures come from the kernel, and are taken when all have begun. A part
//! of the address space beyond the 64 KiB of stack asked for here goes to the C
//! library's arenas for threads (glibc: 64 MiB each, up to 8 a core). On 64-bit
//! systems addresses are plenty: of the usual 48 bits 47 are a program's, 128
//! TiB. Linux only; elsewhere the program says so and ends.
//!
//! In the notes: threads share their registers. Each has its own; they are what
//! a switch saves and loads.
//!
//! ```text,expect
//! @threads
//! @peak 1000.. threads
//! main: 2000 threads have begun, the kernel lists 2001
//! main: each reserves {:int 64..} KiB, has touched {:int 4..63} KiB
//! main: each took {:float 0..} us to start
//! main: 2000 have ended
//! ```
//!
//! Break it: `gate.recv()` => `gate.try_recv()`
//! Break it (Python): `thread.join()` => `pass`
//! Break it (Python): `gate.wait()` => `pass`

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;
use std::{fs, thread};

use crossbeam_channel::{bounded, unbounded};

const THREADS: usize = 2000;
const STACK: usize = 64 << 10;

/// A figure of this process, as the kernel knows it.
fn status(field: &str) -> Result<usize, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(field));
    let figure = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(figure.ok_or("no such field")?.parse()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    if cfg!(not(target_os = "linux")) {
        println!("main: skipped, /proc is Linux's own");
        return Ok(());
    }
    let (begin, begun) = unbounded();
    let (open, gate) = bounded::<()>(0);
    let ended = AtomicUsize::new(0);
    let wait_at_gate = || {
        begin.send(()).expect("main listens");
        gate.recv().expect_err("main opens the gate by a drop");
        ended.fetch_add(1, Relaxed);
    };
    let (reserved, touched) = (status("VmSize:")?, status("VmRSS:")?);
    thread::scope(|s| -> Result<(), Box<dyn Error>> {
        let open = open; // dropped when this block ends, however it ends
        let start = Instant::now();
        for _ in 0..THREADS {
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(s, wait_at_gate)?;
        }
        let waiting = begun.iter().take(THREADS).count();
        let each = start.elapsed().div_f64(waiting as f64);
        let listed = status("Threads:")?;
        println!(
            "main: {waiting} threads have begun, the kernel lists {listed}"
        );
        let reserved = (status("VmSize:")? - reserved) / waiting;
        let touched = (status("VmRSS:")? - touched) / waiting;
        println!(
            "main: each reserves {reserved} KiB, has touched {touched} KiB"
        );
        println!("main: each took {:.1} us to start", each.as_secs_f64() * 1e6);
        drop(open);
        Ok(())
    })?;
    println!("main: {} have ended", ended.into_inner());
    Ok(())
}
