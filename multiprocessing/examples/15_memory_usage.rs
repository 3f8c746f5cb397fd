//! Memory usage: what a process has been promised, and what it has.
//!
//! Python: `mmap.mmap(-1, size)` and `/proc`, in `15_memory_usage.py`.
//! Notes: N1:60.
//!
//! VMS is the address space that a process has reserved; RSS is the memory
//! behind it, page by page, and a page gets its memory when it is first written
//! to. So 64 MiB of zeroes cost nothing but addresses, until they are touched.
//! Ask RSS how much a process uses and VMS hardly ever. RSS counts a page
//! shared by two processes in both: after a fork the sum of their RSS is too
//! high.
//!
//! Linux only, for `/proc/self/statm`; elsewhere the program says so and ends.
//! After the first line the figures are the differences from the start, in MiB.
//!
//! ```text,expect
//! main: at the start VMS {:int 1..}, RSS {:int 1..}
//! main: 64 MiB reserved, VMS {:int 64..66}, RSS {:int ..8}
//! main: 32 MiB touched, VMS {:int 64..66}, RSS {:int 30..40}
//! main: 64 MiB touched, VMS {:int 64..66}, RSS {:int 62..72}
//! main: 64 MiB given back, VMS {:int 0..2}, RSS {:int ..8}
//! ```
//!
//! Break it: `vec![0_u8; SIZE]` => `vec![1_u8; SIZE]`
//! Break it: `touch(first)` => `touch(&mut [])`
//! Break it: `drop(memory)` => `std::mem::forget(memory)`

use std::error::Error;
use std::fs;
use std::path::Path;

use nix::unistd::{SysconfVar, sysconf};

const STATM: &str = "/proc/self/statm";
const MIB: i64 = 1024 * 1024;
const SIZE: usize = 64 * MIB as usize;

fn main() -> Result<(), Box<dyn Error>> {
    if !Path::new(STATM).exists() {
        println!("main: skipped, there is no {STATM} here");
        return Ok(());
    }
    let start = usage()?;
    let [vms, rss] = start.map(|bytes| bytes / MIB);
    println!("main: at the start VMS {vms}, RSS {rss}");
    let report = |what| -> Result<(), Box<dyn Error>> {
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
fn usage() -> Result<[i64; 2], Box<dyn Error>> {
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")?;
    let statm = fs::read_to_string(STATM)?;
    let mut pages = statm.split(' ').map(str::parse::<i64>);
    let mut next = || pages.next().ok_or("too short");
    Ok([next()?? * page, next()?? * page])
}
