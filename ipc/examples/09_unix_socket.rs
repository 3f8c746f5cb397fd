//! Unix socket: a server that is found by a path.
//!
//! Python: `socket.AF_UNIX`, in `09_unix_socket.py`.
//! Notes: N0:908.
//!
//! A server listens at a path, any process of this machine that may write to
//! the file connects, and each connection is a conversation of its own, both
//! ways. Reach for it between programs on one machine: no port is taken, and
//! the file's rights say who may come. The server listens before a client is
//! started, so nobody comes too early.
//!
//! The file is only a name, and nobody removes it: when the server is gone it
//! stays, connecting is refused, and a new server may not bind it. So it is
//! removed here, also when something fails. The path may have about 100 bytes.
//!
//! ```text,expect
//! main: listens, socket file there: true
//! main: asks for 6 x 7
//! server: connection 1, 6 x 7
//! main: the answer is 42
//! main: asks for 25 x 30
//! server: connection 2, 25 x 30
//! main: the answer is 750
//! main: the server has ended, connecting is refused: true
//! main: socket file there: true
//! main: removed it, there: false
//! ```
//!
//! Break it: `drop(file)` => `let _kept = &file`
//! Break it: `.take(2)` => `.take(1)`

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process;

use ipc::Result;

/// The socket's file, removed at the latest when this is dropped.
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn main() -> Result<()> {
    let path = env::temp_dir().join(format!("ipc-{}.sock", process::id()));
    let _ = fs::remove_file(&path); // left by a dead namesake, if at all
    let listener = UnixListener::bind(&path)?;
    let file = SocketFile(path.clone());
    println!("main: listens, socket file there: {}", path.exists());
    // The child owns the listener, the parent keeps no copy of it.
    let server = ipc::fork(move || serve(&listener))?;

    println!("main: asks for 6 x 7");
    println!("main: the answer is {}", ask(&path, "6 7")?);
    println!("main: asks for 25 x 30");
    println!("main: the answer is {}", ask(&path, "25 30")?);

    server.join()?;
    let refused = UnixStream::connect(&path)
        .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
    println!("main: the server has ended, connecting is refused: {refused}");
    println!("main: socket file there: {}", path.exists());
    drop(file);
    println!("main: removed it, there: {}", path.exists());
    Ok(())
}

fn ask(path: &Path, request: &str) -> Result<String> {
    let mut stream = UnixStream::connect(path)?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    Ok(BufReader::new(stream).lines().next().ok_or("no answer")??)
}

fn serve(listener: &UnixListener) -> Result<()> {
    for (number, stream) in (1..).zip(listener.incoming().take(2)) {
        let mut stream = stream?;
        let mut request = String::new();
        BufReader::new(&stream).read_line(&mut request)?;
        let (a, b) = request.trim().split_once(' ').ok_or("not two numbers")?;
        println!("server: connection {number}, {a} x {b}");
        let answer = a.parse::<u32>()? * b.parse::<u32>()?;
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
    Ok(())
}
