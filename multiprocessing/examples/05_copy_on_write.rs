//! Copy on write: a fork copies no page before somebody writes to it.
//!
//! Python: `os.fork` and a private `mmap`, in `05_copy_on_write.py`.
//! Notes: N2:674, N4:834.
//!
//! The notes (N4:834) load a copy of the whole program into each new process.
//! What a fork copies is the table of pages: parent and child then share every
//! page, read-only. The first to write to a page makes the kernel copy that one
//! page. So the child's change is its own, and the price is paid for what is
//! written alone. CPython writes to nearly all it looks at, because a reference
//! count stands in each object; so its children soon own much of what they only
//! read.
//!
//! Linux only: for each page `/proc/self/pagemap` has a bit that says whether
//! this process alone has it mapped. Elsewhere the program says so and ends.
//!
//! ```text,expect
//! main: 64 pages, mine alone: 64, changed: 0
//! child: 64 pages, mine alone: 0, changed: 0
//! child: 64 pages, mine alone: 16, changed: 16
//! main: 64 pages, mine alone: 64, changed: 0
//! ```
//!
//! Break it: `MAP_PRIVATE` => `MAP_SHARED`

#![allow(unsafe_code)]

use std::error::Error;
use std::fs::File;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::exit;
use std::slice;

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous};
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, SysconfVar, fork, sysconf};

const PAGEMAP: &str = "/proc/self/pagemap";
const PAGES: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
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
    // SAFETY: this process has one thread.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => waitpid(child, None)?,
        ForkResult::Child => {
            report("child", memory)?;
            for page in memory.chunks_mut(size.get() / PAGES).take(16) {
                page[0] = 2;
            }
            report("child", memory)?;
            exit(0)
        }
    };
    report("main", memory)
}

fn report(name: &str, memory: &[u8]) -> Result<(), Box<dyn Error>> {
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
