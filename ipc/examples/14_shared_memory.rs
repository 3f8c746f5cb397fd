//! Shared memory: one segment, two processes, no copy.
//!
//! Python: `multiprocessing.shared_memory`, in `14_shared_memory.py`.
//! Notes: N0:911, N2:228.
//!
//! A segment is memory with a name. A process that inherited nothing, here this
//! program started once more, maps it by that name, and both use the same
//! pages: nothing is sent or copied. Reach for it for large arrays of plain
//! numbers; a pointer means nothing to another process. A mapping does not say
//! when to look: here main waits for the other's end. In Rust it is `unsafe`,
//! as nobody can check the other side. Touching a page past the segment's end
//! is death by SIGBUS, so ask for the length before you map.
//!
//! The name stays until it is unlinked, even when all processes are dead. Here
//! a destructor unlinks it. In Python the resource tracker does, a process of
//! its own, and it does so even when a process that only attached has ended,
//! unless that one said `track=False` (3.13). If you need no name, use `memfd`.
//!
//! ```text,expect
//! @processes
//! main: an empty segment is refused
//! main: made a segment and put 5, 10, 13 there
//! other: opened it by its name, found 5, 10, 13
//! other: doubled them where they are
//! main: the other ended with 0, here are 10, 20, 26
//! main: there by name: true
//! main: unlinked it, there by name: false
//! main: and still mapped: 10, 20, 26
//! ```
//!
//! Break it: `MAP_SHARED` => `MAP_PRIVATE`
//! Break it: `return Err("the segment is too short".into());` => ``
//! Break it: `drop(name)` => `let _kept = &name`
//! Break it (Python): `segment = SharedMemory(name)`
//! => `segment = SharedMemory(create=True, size=12)`
//! Break it (Python): `segment.unlink()` => `pass`

#![allow(unsafe_code)]

use std::env;
use std::num::NonZeroUsize;
use std::os::fd::OwnedFd;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use ipc::Result;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::mman::{MapFlags, ProtFlags, mmap, shm_open, shm_unlink};
use nix::sys::stat::{Mode, fstat};
use nix::unistd::ftruncate;

type Numbers = [AtomicU32; 3];

fn main() -> Result<()> {
    if let Some(name) = env::args().nth(1) {
        return other(&name);
    }
    let (name, segment) = create()?;
    let empty = if map(&segment).is_ok() { "mapped" } else { "refused" };
    println!("main: an empty segment is {empty}");
    ftruncate(&segment, size_of::<Numbers>() as i64)?;
    let numbers = map(&segment)?;
    for (number, value) in numbers.iter().zip([5, 10, 13]) {
        number.store(value, Relaxed);
    }
    println!("main: made a segment and put {} there", list(numbers));

    let mut program = Command::new(env::current_exe()?);
    let code = ipc::spawn(program.arg(&name.0))?.exit_code()?;
    println!("main: the other ended with {code}, here are {}", list(numbers));
    println!("main: there by name: {}", is_there(&name.0)?);
    let path = name.0.clone();
    drop(name);
    println!("main: unlinked it, there by name: {}", is_there(&path)?);
    println!("main: and still mapped: {}", list(numbers));
    Ok(())
}

fn other(name: &str) -> Result<()> {
    let numbers = map(&open(name)?)?;
    println!("other: opened it by its name, found {}", list(numbers));
    for number in numbers {
        number.store(number.load(Relaxed) * 2, Relaxed);
    }
    println!("other: doubled them where they are");
    Ok(())
}

/// A segment's name, unlinked at the latest when this is dropped.
struct Name(String);

impl Drop for Name {
    fn drop(&mut self) {
        let _ = shm_unlink(self.0.as_str());
    }
}

fn create() -> nix::Result<(Name, OwnedFd)> {
    let name = ipc::random_name();
    let new = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_RDWR;
    let segment = shm_open(name.as_str(), new, Mode::S_IRUSR | Mode::S_IWUSR)?;
    Ok((Name(name), segment)) // only what was made here is unlinked
}

fn open(name: &str) -> nix::Result<OwnedFd> {
    shm_open(name, OFlag::O_RDWR, Mode::empty())
}

fn is_there(name: &str) -> nix::Result<bool> {
    match open(name) {
        Err(Errno::ENOENT) => Ok(false),
        opened => opened.map(|_| true),
    }
}

/// Maps the segment until the process ends.
fn map(segment: &OwnedFd) -> Result<&'static Numbers> {
    let size = NonZeroUsize::new(size_of::<Numbers>()).ok_or("no numbers")?;
    if fstat(segment)?.st_size < size.get() as i64 {
        return Err("the segment is too short".into());
    }
    let rights = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
    // SAFETY: a new mapping, where the kernel likes, replaces none.
    let place =
        unsafe { mmap(None, size, rights, MapFlags::MAP_SHARED, segment, 0) }?;
    // SAFETY: the segment is as long as `Numbers`, and neither program cuts it;
    // a page is aligned for it, nobody unmaps it, and both processes go by
    // atomic operations.
    Ok(unsafe { place.cast().as_ref() })
}

fn list(numbers: &Numbers) -> String {
    numbers.each_ref().map(|n| n.load(Relaxed).to_string()).join(", ")
}
