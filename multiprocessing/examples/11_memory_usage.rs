//! Memory usage: what a process has been promised, and what it has.
//!
//! Python: `mmap.mmap(-1, size)`, `/proc`, in `11_memory_usage.py`.
//! Notes: N1:60, N4:823.
//!
//! VMS is the address space that a process has reserved. RSS is the memory
//! behind it, and a page gets its memory when it is first written to. So 64 MiB
//! of zeroes cost nothing but addresses until they are touched. Ask for RSS,
//! hardly ever for VMS.
//!
//! RSS counts a page that two processes share in both. PSS divides each page by
//! the number of its users, so its sum over all processes is what they take
//! together. A forked child below has an RSS of 64 MiB and a PSS of half that.
//! A program started anew takes a few MiB in Rust and about ten in Python: that
//! is the price of a spawned process.
//!
//! Linux only, for `/proc/self/smaps_rollup`; elsewhere the program says so and
//! ends. Figures are in MiB; main's are the differences from its first line.
//!
//! In the notes: each process has a copy of the interpreter and of all
//! resources (N4:823, N4:836); forked ones share them until somebody writes.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: at the start VMS {:int 1..}, RSS {:int 1..}
//! main: 64 MiB reserved, VMS {:int 64..66}, RSS {:int ..8}
//! main: 32 MiB touched, VMS {:int 64..66}, RSS {:int 30..40}
//! main: 64 MiB touched, VMS {:int 64..66}, RSS {:int 62..72}
//! forked: RSS {:int 62..90}, PSS {:int 30..50}
//! new program: RSS {:int 1..40}, PSS {:int 0..30}
//! main: 64 MiB given back, VMS {:int 0..2}, RSS {:int ..8}
//! ```
//!
//! Break it: `vec![0_u8; SIZE]` => `vec![1_u8; SIZE]`
//! Break it: `touch(first)` => `touch(&mut [])`
//! Break it: `drop(memory)` => `std::mem::forget(memory)`
//! Break it: `"Pss:"` => `"Rss:"`
//! Break it (Python): `touch(memory, 0, SIZE // 2)` => `touch(memory, 0, 0)`
//! Break it (Python): `memory.close()` => `pass`

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use ipc::Result;
use nix::unistd::{SysconfVar, sysconf};

const STATM: &str = "/proc/self/statm";
const SMAPS: &str = "/proc/self/smaps_rollup";
const MIB: i64 = 1024 * 1024;
const SIZE: usize = 64 * MIB as usize;

fn main() -> Result<()> {
    if !Path::new(SMAPS).exists() {
        println!("main: skipped, there is no {SMAPS} here");
        return Ok(());
    }
    if let Some(name) = env::args().nth(1) {
        return report_share(&name); // this program, started anew by itself
    }
    let start = usage()?;
    let [vms, rss] = start.map(|bytes| bytes / MIB);
    println!("main: at the start VMS {vms}, RSS {rss}");
    let report = |what| -> Result<()> {
        let now = usage()?;
        let [vms, rss] = [0, 1].map(|n| (now[n] - start[n]) / MIB);
        println!("main: {what}, VMS {vms}, RSS {rss}");
        Ok(())
    };
    // Zeroes on request are the kernel's own zeroes, not written by anybody.
    let mut memory = vec![0_u8; SIZE];
    let (first, second) = memory.split_at_mut(SIZE / 2);
    report("64 MiB reserved")?;
    touch(first);
    report("32 MiB touched")?;
    touch(second);
    report("64 MiB touched")?;
    ipc::fork(|| report_share("forked"))?.join()?;
    let program = env::current_exe()?;
    let ended = Command::new(program).arg("new program").status()?;
    if !ended.success() {
        return Err(format!("the new program: {ended}").into());
    }
    drop(memory);
    report("64 MiB given back")
}

/// Writes to every page; none is smaller than 4096 bytes.
fn touch(memory: &mut [u8]) {
    for byte in memory.iter_mut().step_by(4096) {
        *byte = 1;
    }
}

/// VMS and RSS in bytes: the first two fields of the file, which are in pages.
fn usage() -> Result<[i64; 2]> {
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")?;
    let statm = fs::read_to_string(STATM)?;
    let mut pages = statm.split(' ').map(str::parse::<i64>);
    let mut next = || pages.next().ok_or("too short");
    Ok([next()?? * page, next()?? * page])
}

fn report_share(name: &str) -> Result<()> {
    let smaps = fs::read_to_string(SMAPS)?;
    let mib = |field| -> Result<u64> {
        let line = smaps.lines().find_map(|line| line.strip_prefix(field));
        let words = line.and_then(|line| line.split_whitespace().next());
        Ok(words.ok_or("no such field")?.parse::<u64>()? / 1024)
    };
    println!("{name}: RSS {}, PSS {}", mib("Rss:")?, mib("Pss:")?);
    Ok(())
}
