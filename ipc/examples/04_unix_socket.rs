//! Unix socket: a server that is found by a path.
//!
//! Python: `socket.AF_UNIX`, in `04_unix_socket.py`.
//! Notes: N0:912.
//!
//! A server listens at a path. Any process of this machine that may write to
//! the file can connect, and each connection is a conversation of its own, in
//! both directions. Reach for it between programs on one machine: no port is
//! taken, and the file's rights say who may come. The server listens before a
//! client starts, so no client comes too early.
//!
//! A server must outlive a bad client: a wrong request is answered by an error,
//! and reads and writes have limits on size and time. The file is only a name
//! that nobody removes. When the server is gone the file stays: connecting is
//! refused, and a new server cannot bind the path. So the socket stands in a
//! temporary folder of its own. A path may have about 100 bytes.
//!
//! ```text,expect
//! @processes
//! main: listens, asks for 6 7
//! server: connection 1 asks for 6 7
//! main: the answer is 42
//! main: asks for six 7
//! server: connection 2 asks for six 7
//! main: the answer is error: invalid digit
//! main: asks for 1000 digits
//! server: connection 3: no whole line came
//! main: got no answer
//! main: asks for 25 30
//! server: connection 4 asks for 25 30
//! main: the answer is 750
//! main: asks it to quit
//! server: connection 5 asks for quit
//! server: quits
//! main: the server ended with 0
//! main: a client is refused: true, a new server may bind: false
//! main: removed the file, a new server may bind: true
//! ```
//!
//! Break it: `fs::remove_file(&path)?` => `()`
//! Break it: `stream.take(MOST_BYTES)` => `stream`
//! Break it: `Err(_) => "error: invalid digit".into(),`
//! => `Err(error) => return Err(error.into()),`
//! Break it (Python): `os.unlink(path)` => `pass`
//! Break it (Python): `answer = "error: invalid digit"` => `raise`

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::num::ParseIntError;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::Duration;

use ipc::Result;

/// Of a request or an answer.
const MOST_BYTES: u64 = 100;
const PATIENCE: Option<Duration> = Some(Duration::from_secs(5));

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?; // removed when it is dropped
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path)?;
    // The child owns the listener, the parent keeps no copy of it.
    let server = ipc::fork(move || serve(&listener))?;

    println!("main: listens, asks for 6 7");
    println!("main: the answer is {}", ask(&path, "6 7")?);
    println!("main: asks for six 7");
    println!("main: the answer is {}", ask(&path, "six 7")?);
    println!("main: asks for 1000 digits");
    if ask(&path, &"9".repeat(1000)).is_err() {
        println!("main: got no answer");
    }
    println!("main: asks for 25 30");
    println!("main: the answer is {}", ask(&path, "25 30")?);

    println!("main: asks it to quit");
    writeln!(UnixStream::connect(&path)?, "quit")?;
    println!("main: the server ended with {}", server.exit_code()?);
    let refused = UnixStream::connect(&path)
        .is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
    let free = is_free(&path)?;
    println!(
        "main: a client is refused: {refused}, a new server may bind: {free}"
    );
    fs::remove_file(&path)?;
    let free = is_free(&path)?;
    println!("main: removed the file, a new server may bind: {free}");
    Ok(())
}

fn is_free(path: &Path) -> Result<bool> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(false),
        bound => Ok(bound.map(|_| true)?),
    }
}

fn ask(path: &Path, request: &str) -> Result<String> {
    let stream = UnixStream::connect(path)?;
    writeln!(&stream, "{request}")?;
    read_line(&stream)
}

fn serve(listener: &UnixListener) -> Result<()> {
    for (number, stream) in (1..).zip(listener.incoming()) {
        let stream = match stream {
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {
                continue; // it has left the queue
            }
            stream => stream?,
        };
        match answer(number, &stream) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => println!("server: connection {number}: {error}"),
        }
    }
    println!("server: quits");
    Ok(())
}

/// Whether to go on. An error is this client's affair.
fn answer(number: u32, mut stream: &UnixStream) -> Result<bool> {
    let request = read_line(stream)?;
    println!("server: connection {number} asks for {request}");
    if request == "quit" {
        return Ok(false);
    }
    let answer = match product(&request) {
        Ok(product) => product.to_string(),
        Err(_) => "error: invalid digit".into(),
    };
    writeln!(stream, "{answer}")?;
    Ok(true)
}

fn product(request: &str) -> std::result::Result<u64, ParseIntError> {
    let numbers = request.split(' ').map(|number| number.parse::<u32>());
    numbers.map(|number| number.map(u64::from)).product()
}

fn read_line(stream: &UnixStream) -> Result<String> {
    stream.set_read_timeout(PATIENCE)?;
    stream.set_write_timeout(PATIENCE)?;
    let mut line = String::new();
    BufReader::new(stream.take(MOST_BYTES)).read_line(&mut line)?;
    Ok(line.strip_suffix('\n').ok_or("no whole line came")?.to_owned())
}
