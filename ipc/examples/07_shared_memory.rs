//! Shared memory: one segment, two processes, no copy.
//!
//! Python: `multiprocessing.shared_memory`, in `07_shared_memory.py`.
//! Notes: N0:906, N2:224.
//!
//! A segment is memory with a name. A process that inherited nothing, this
//! program started anew, maps it by that name, and both use the same pages:
//! nothing is sent or copied. Nothing tells when to look either; here main
//! waits for the other's end. Reach for it for large data of plain numbers, as
//! a pointer means nothing to another process. In Rust it is `unsafe`: nobody
//! can check the other side.
//!
//! The name stays until it is unlinked, even when all are dead. So it carries
//! the pid, and a destructor unlinks it. A trap: in a forked child that left
//! through this `main`, that destructor would run too, and unlink what the
//! parent still uses; `ipc::fork` lets no child come back. (A little longer
//! than a screen: both programs are in it.)
//!
//! ```text,expect
//! main: made a segment and put 5, 10, 13 there
//! other: opened it by its name, found 5, 10, 13
//! other: doubled them where they are
//! main: sees 10, 20, 26
//! main: unlinked it, still there by name: false
//! main: and still mapped: 10, 20, 26
//! ```
//!
//! Break it: `MAP_SHARED` => `MAP_PRIVATE`
//! Break it: `drop(name)` => `let _kept = &name`

#![allow(unsafe_code)]

use std::env;
use std::num::NonZeroUsize;
use std::os::fd::OwnedFd;
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Result;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open, shm_unlink};
use nix::sys::stat::Mode;
use nix::unistd::ftruncate;

type Numbers = [AtomicU32; 3];

/// The segment's name, unlinked at the latest when this is dropped.
struct Name(String);

impl Drop for Name {
    fn drop(&mut self) {
        let _ = shm_unlink(self.0.as_str());
    }
}

fn main() -> Result<()> {
    if let Some(name) = env::args().nth(1) {
        return other(&name);
    }
    let name = Name(format!("/ipc-{}", process::id()));
    let _ = shm_unlink(name.0.as_str()); // left by a dead namesake, if at all
    let new = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let segment =
        shm_open(name.0.as_str(), new, Mode::S_IRUSR | Mode::S_IWUSR)?;
    ftruncate(&segment, size_of::<Numbers>() as i64)?;
    let numbers = map(&segment)?;
    for (number, value) in numbers.iter().zip([5, 10, 13]) {
        number.store(value, Relaxed);
    }
    println!("main: made a segment and put {} there", list(numbers));

    let mut program = Command::new(env::current_exe()?);
    ipc::spawn(program.arg(&name.0))?.join()?;
    println!("main: sees {}", list(numbers));
    let path = name.0.clone();
    drop(name);
    let there = shm_open(path.as_str(), OFlag::O_RDWR, Mode::empty()).is_ok();
    println!("main: unlinked it, still there by name: {there}");
    println!("main: and still mapped: {}", list(numbers));
    Ok(())
}

fn other(name: &str) -> Result<()> {
    let numbers = map(&shm_open(name, OFlag::O_RDWR, Mode::empty())?)?;
    println!("other: opened it by its name, found {}", list(numbers));
    for number in numbers {
        number.store(number.load(Relaxed) * 2, Relaxed);
    }
    println!("other: doubled them where they are");
    Ok(())
}

/// Maps the segment until the process ends.
fn map(segment: &OwnedFd) -> Result<&'static Numbers> {
    let size = NonZeroUsize::new(size_of::<Numbers>()).ok_or("no numbers")?;
    let rights = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, where the kernel likes, replaces none.
    let place =
        unsafe { mmap(None, size, rights, MapFlags::MAP_SHARED, segment, 0) }?;
    // SAFETY: the segment is as long as `Numbers`, a page is aligned for it,
    // nobody unmaps it, and both processes go by atomic operations.
    Ok(unsafe { place.cast().as_ref() })
}

fn list(numbers: &Numbers) -> String {
    numbers.each_ref().map(|n| n.load(Relaxed).to_string()).join(", ")
}
