//! Copy on write: a fork copies no page before somebody writes to it.
//!
//! Python: `os.fork` and a private `mmap`, in `10_copy_on_write.py`.
//! Notes: N2:675, N4:825.
//!
//! A fork copies the table of pages, not the pages. Parent and child share
//! every page, read-only. The first write to one makes the kernel copy
//! that page. So the child's change is its own, and only pages that are written
//! to are copied: below 16 of 64. A large table that is only read costs a
//! forked worker nothing.
//!
//! CPython gains less: reading an object changes its reference count, and so
//! writes to its page. `gc.freeze` before the fork keeps at least the collector
//! away, and `None`, small integers and the like have had a fixed count since
//! 3.12.
//!
//! Linux only, for `/proc/self/pagemap`, which says of each page whether this
//! process alone has it; elsewhere the program says so and ends.
//!
//! In the notes: a copy of the interpreter and of all the program's resources
//! is loaded into each new process (N4:825). A fork loads and copies nothing;
//! `spawn` loads the interpreter anew and copies what it is sent.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: 64 pages, mine alone: 64, changed: 0
//! child: 64 pages, mine alone: 0, changed: 0
//! child: 64 pages, mine alone: 16, changed: 16
//! main: 64 pages, mine alone: 64, changed: 0
//! ```
//!
//! Break it: `MAP_PRIVATE` => `MAP_SHARED`
//! Break it: `ipc::fork(|| write_to(memory))?.join()?` => `write_to(memory)?`
//! Break it (Python): `mmap.MAP_PRIVATE` => `mmap.MAP_SHARED`
//! Break it (Python): `child = os.fork()` => `child = 0`

#![allow(unsafe_code)]

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::slice;

use ipc::Result;
use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::unistd::{SysconfVar, sysconf};

const PAGEMAP: &str = "/proc/self/pagemap";
const PAGES: usize = 64;

fn main() -> Result<()> {
    if !Path::new(PAGEMAP).exists() {
        println!("main: skipped, there is no {PAGEMAP} here");
        return Ok(());
    }
    let page = sysconf(SysconfVar::PAGE_SIZE)?.ok_or("no page size")?;
    let size = NonZeroUsize::new(PAGES * page as usize).ok_or("no pages")?;
    let access = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: the kernel chooses a free place; nothing else refers to it, and
    // it stays mapped until the process ends.
    let memory = unsafe {
        let start = mmap_anonymous(None, size, access, MapFlags::MAP_PRIVATE)?;
        slice::from_raw_parts_mut(start.cast::<u8>().as_ptr(), size.get())
    };
    memory.fill(1);
    report("main", memory)?;
    ipc::fork(|| write_to(memory))?.join()?;
    report("main", memory)
}

fn write_to(memory: &mut [u8]) -> Result<()> {
    report("child", memory)?;
    let page = memory.len() / PAGES;
    for page in memory.chunks_mut(page).take(16) {
        page[0] = 2;
    }
    report("child", memory)
}

fn report(name: &str, memory: &[u8]) -> Result<()> {
    let pagemap = File::open(PAGEMAP)?;
    let (mut alone, mut changed) = (0, 0);
    for page in memory.chunks(memory.len() / PAGES) {
        let mut entry = [0; 8];
        let number = page.as_ptr() as usize / page.len();
        pagemap.read_exact_at(&mut entry, number as u64 * 8)?;
        alone += u64::from_ne_bytes(entry) >> 56 & 1;
        changed += u32::from(page[0] == 2);
    }
    println!("{name}: {PAGES} pages, mine alone: {alone}, changed: {changed}");
    Ok(())
}
