//! FIFO: a pipe with a path.
//!
//! Python: `os.mkfifo`, in `03_fifo.py`.
//! Notes: N0:910.
//!
//! Processes find a named pipe by its path, so they need no common ancestor to
//! make it for them. The bytes go from process to process; the disk holds
//! only the name. Here writer and reader are programs that know the path
//! and nothing else. Reach for it to connect programs that can only read and
//! write files.
//!
//! Opening it is a meeting: a reader waits for a writer, and a writer for a
//! reader, for as long as nobody comes. With O_NONBLOCK a writer is refused at
//! once if nobody reads. End of file comes when the last writer leaves. The
//! file stays until it is removed, so it stands in a temporary folder of its
//! own.
//!
//! ```text,expect
//! @processes
//! @peak 2 processes
//! main: made a fifo: true, it has a reader: false
//! main: opened it to read, it has a reader: true
//! @lanes
//! writer: opens it  #comes1
//! writer: the reader has come, sends 5, 10, 13  #meets1
//! reader: opens it  #comes2
//! reader: the writer has come  #meets2
//! reader: got 5, 10, 13, then end of file  #end
//! @end
//! @before comes1 meets2
//! @before comes2 meets1
//! @before meets1 end
//! main: both have ended, there by path: true
//! main: removed it, there by path: false
//! ```
//!
//! Break it: `mkfifo(&path, rights)?` => `drop(File::create(&path)?)`
//! Break it: `fs::remove_file(&path)?` => `()`
//! Break it (Python): `os.mkfifo(path, 0o600)` => `open(path, "w").close()`
//! Break it (Python): `os.unlink(path)` => `pass`

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::process::Command;

use ipc::Result;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().collect();
    match arguments.as_slice() {
        [_, role, path] if role == "writer" => write(Path::new(path)),
        [_, role, path] if role == "reader" => read(Path::new(path)),
        _ => start_both(),
    }
}

fn start_both() -> Result<()> {
    let folder = tempfile::tempdir()?; // removed when it is dropped
    let path = folder.path().join("fifo");
    let rights = Mode::S_IRUSR | Mode::S_IWUSR;
    mkfifo(&path, rights)?;
    let made = fs::metadata(&path)?.file_type().is_fifo();
    println!("main: made a fifo: {made}, it has a reader: {}", is_read(&path)?);
    let reader = at_once().read(true).open(&path)?;
    println!("main: opened it to read, it has a reader: {}", is_read(&path)?);
    drop(reader);

    let program = env::current_exe()?;
    let start =
        |role: &str| ipc::spawn(Command::new(&program).arg(role).arg(&path));
    ipc::wait_all([start("writer")?, start("reader")?])?;
    println!("main: both have ended, there by path: {}", path.exists());
    fs::remove_file(&path)?;
    println!("main: removed it, there by path: {}", path.exists());
    Ok(())
}

fn at_once() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.custom_flags(OFlag::O_NONBLOCK.bits());
    options
}

fn is_read(path: &Path) -> Result<bool> {
    match at_once().write(true).open(path) {
        Err(error) if error.raw_os_error() == Some(Errno::ENXIO as i32) => {
            Ok(false)
        }
        opened => Ok(opened.map(|_| true)?),
    }
}

fn write(path: &Path) -> Result<()> {
    println!("writer: opens it");
    let mut fifo = OpenOptions::new().write(true).open(path)?;
    println!("writer: the reader has come, sends 5, 10, 13");
    fifo.write_all(b"5, 10, 13")?;
    Ok(())
}

fn read(path: &Path) -> Result<()> {
    println!("reader: opens it");
    let mut fifo = File::open(path)?;
    println!("reader: the writer has come");
    let mut text = String::new();
    fifo.read_to_string(&mut text)?;
    println!("reader: got {text}, then end of file");
    Ok(())
}
