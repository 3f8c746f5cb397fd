//! Memory file: shared memory without a name.
//!
//! Python: `os.memfd_create`, in `15_memfd.py`.
//! Notes: none.
//!
//! `memfd_create` makes a file that exists in memory only. Outside `/proc` no
//! path leads to it, so nothing can collide with it, and nothing is left when
//! the last descriptor is closed. Another process gets it by inheritance, here
//! as its standard input, or over a Unix socket (`fd_passing`). Reach for it
//! when `shared_memory` would need a name only to pass it on.
//!
//! It can be sealed, and nobody, not even its maker, can take a seal off.
//! Sealed against shrinking, a mapping cannot lose its pages: a process that
//! you do not trust cannot give you a SIGBUS. Sealed against writing as well,
//! it is a value that all may read. That seal is refused as long as somebody
//! has the file mapped for writing. Linux only. (Longer than a screen: three
//! programs are in it.)
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: a file of 12 bytes with 0 names, holds 5, 10, 13
//! main: makes it 16 bytes long: done
//! main: seals its size
//! main: makes it 12 bytes long: not permitted
//! other: finds 5, 10, 13, doubles them
//! other: makes it 0 bytes long: not permitted
//! main: finds 10, 20, 26
//! main: seals it against writing while it is mapped: busy
//! main: writes 99 over the first: done
//! main: unmaps it, seals it against writing: done
//! main: writes 7 over the first: not permitted
//! reader: maps it for writing: not permitted
//! reader: reads 99, 20, 26
//! ```
//!
//! Break it: `SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW`
//! => `SealFlag::empty()`
//! Break it: `drop(numbers);` => ``
//! Break it: `number.store(number.load(Relaxed) * 2, Relaxed)` => `()`
//! Break it (Python): `fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW` => `0`
//! Break it (Python): `segment.close()` => `pass`

#![allow(unsafe_code)]

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, there are no memory files here");
}

#[cfg(target_os = "linux")]
fn main() -> ipc::Result<()> {
    linux::run()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::env;
    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::os::fd::AsFd;
    use std::os::unix::fs::{FileExt, MetadataExt};
    use std::process::Command;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use ipc::{Result, Shared};
    use nix::fcntl::{FcntlArg, SealFlag, fcntl};
    use nix::sys::memfd::{MFdFlags, memfd_create};

    type Numbers = [AtomicU32; 3];

    pub(super) fn run() -> Result<()> {
        match env::args().nth(1).as_deref() {
            Some("other") => return double(&inherited()?),
            Some(_) => return read(&inherited()?),
            None => {}
        }
        let flags = MFdFlags::MFD_ALLOW_SEALING | MFdFlags::MFD_CLOEXEC;
        let file = File::from(memfd_create("numbers", flags)?);
        file.set_len(size_of::<Numbers>() as u64)?;
        let numbers = map(&file)?;
        for (number, value) in numbers.iter().zip([5, 10, 13]) {
            number.store(value, Relaxed);
        }
        let (size, names) = (file.metadata()?.len(), file.metadata()?.nlink());
        let list = show(&numbers);
        println!(
            "main: a file of {size} bytes with {names} names, holds {list}"
        );
        resize("main", &file, 16)?;
        seal(&file, SealFlag::F_SEAL_SHRINK | SealFlag::F_SEAL_GROW)?;
        println!("main: seals its size");
        resize("main", &file, 12)?;

        start("other", &file)?;
        println!("main: finds {}", show(&numbers));

        let done = outcome(seal(&file, SealFlag::F_SEAL_WRITE))?;
        println!("main: seals it against writing while it is mapped: {done}");
        write_first(&file, 99)?;
        drop(numbers);
        let done = outcome(seal(&file, SealFlag::F_SEAL_WRITE))?;
        println!("main: unmaps it, seals it against writing: {done}");
        write_first(&file, 7)?;
        start("reader", &file)
    }

    /// Runs this program once more, with the file as its standard input.
    fn start(role: &str, file: &File) -> Result<()> {
        let mut program = Command::new(env::current_exe()?);
        ipc::spawn(program.arg(role).stdin(file.try_clone()?))?.join()
    }

    fn inherited() -> io::Result<File> {
        Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
    }

    fn double(file: &File) -> Result<()> {
        let numbers = map(file)?;
        println!("other: finds {}, doubles them", show(&numbers));
        for number in &*numbers {
            number.store(number.load(Relaxed) * 2, Relaxed);
        }
        resize("other", file, 0)
    }

    fn read(file: &File) -> Result<()> {
        println!("reader: maps it for writing: {}", outcome(map(file))?);
        let mut bytes = [0; 12];
        file.read_exact_at(&mut bytes, 0)?;
        let number = |four: &[u8]| {
            u32::from_ne_bytes([four[0], four[1], four[2], four[3]])
        };
        let list: Vec<_> =
            bytes.chunks(4).map(|four| number(four).to_string()).collect();
        println!("reader: reads {}", list.join(", "));
        Ok(())
    }

    fn resize(name: &str, file: &File, size: u64) -> Result<()> {
        let done = outcome(file.set_len(size))?;
        println!("{name}: makes it {size} bytes long: {done}");
        Ok(())
    }

    fn write_first(file: &File, number: u32) -> Result<()> {
        let done = outcome(file.write_at(&number.to_ne_bytes(), 0))?;
        println!("main: writes {number} over the first: {done}");
        Ok(())
    }

    fn map(file: &File) -> io::Result<Shared<Numbers>> {
        // SAFETY: any bytes are numbers, all change them atomically, and the
        // seals keep the file as long as it is: main, which has it to itself
        // before it seals it, does not make it shorter.
        unsafe { Shared::from_file(file) }
    }

    fn seal(file: &File, seals: SealFlag) -> io::Result<()> {
        Ok(fcntl(file, FcntlArg::F_ADD_SEALS(seals)).map(drop)?)
    }

    fn outcome<T>(result: io::Result<T>) -> io::Result<&'static str> {
        match result {
            Ok(_) => Ok("done"),
            Err(error) => match error.kind() {
                ErrorKind::PermissionDenied => Ok("not permitted"),
                ErrorKind::ResourceBusy => Ok("busy"),
                _ => Err(error),
            },
        }
    }

    fn show(numbers: &Numbers) -> String {
        numbers.each_ref().map(|n| n.load(Relaxed).to_string()).join(", ")
    }
}
