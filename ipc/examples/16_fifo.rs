//! FIFO: a pipe with a path.
//!
//! Python: `os.mkfifo`, in `16_fifo.py`.
//! Notes: N0:905.
//!
//! A named pipe is one that processes find by its path: they need no common
//! ancestor to make it for them. What is written goes from process to process,
//! the disk holds just the name. Writer and reader here are programs that know
//! the path and nothing else. Reach for it to plug together programs that can
//! only read and write files.
//!
//! To open it is to meet: who reads waits for one who writes, and the other way
//! round, for ever if nobody comes; with O_NONBLOCK a writer is told at once
//! that nobody reads. End of file is the last writer's leaving. The file stays
//! until it is removed. (A little longer than a screen: three programs are in
//! it.)
//!
//! ```text,expect
//! main: made a fifo: true, nobody reads it: true
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
//! main: removed it, there: false
//! ```
//!
//! Break it: `mkfifo(&fifo.0, rights)?` => `drop(File::create(&fifo.0)?)`
//! Break it: `drop(fifo)` => `let _kept = &fifo`

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use ipc::Result;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

/// The FIFO's path, removed at the latest when this is dropped.
struct Fifo(PathBuf);

impl Drop for Fifo {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().collect();
    match arguments.as_slice() {
        [_, role, path] if role == "writer" => write(Path::new(path)),
        [_, role, path] if role == "reader" => read(Path::new(path)),
        _ => start_both(),
    }
}

fn start_both() -> Result<()> {
    let path = env::temp_dir().join(format!("ipc-{}.fifo", process::id()));
    let _ = fs::remove_file(&path); // left by a dead namesake, if at all
    let fifo = Fifo(path.clone());
    let rights = Mode::S_IRUSR | Mode::S_IWUSR;
    mkfifo(&fifo.0, rights)?;
    let made = fs::metadata(&path)?.file_type().is_fifo();
    let mut at_once = OpenOptions::new();
    at_once.write(true).custom_flags(OFlag::O_NONBLOCK.bits());
    let nobody = at_once
        .open(&path)
        .is_err_and(|error| error.raw_os_error() == Some(Errno::ENXIO as i32));
    println!("main: made a fifo: {made}, nobody reads it: {nobody}");

    let program = env::current_exe()?;
    let start =
        |role: &str| ipc::spawn(Command::new(&program).arg(role).arg(&path));
    ipc::wait_all([start("writer")?, start("reader")?])?;
    drop(fifo);
    println!("main: removed it, there: {}", path.exists());
    Ok(())
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
