//! TCP socket: a server that is found by a port.
//!
//! Python: `socket.create_server`, in `05_tcp_socket.py`.
//! Notes: N0:912.
//!
//! The same as over a Unix socket, but the other process may run on another
//! machine. Nothing has to be removed afterwards; a port is taken instead. Port
//! 0 asks the kernel for a free one, and `local_addr` tells which: a fixed
//! number collides with whatever else runs (`port_in_use`). Listen on 127.0.0.1
//! unless the network is meant to reach you.
//!
//! A stream has no messages. Two requests may come in one piece, or one in two
//! pieces, so each needs a visible end, here a newline. The reader goes by
//! that, and not by what one `read` gave. Each side closes its direction when
//! it has finished, and the other reads end of file.
//!
//! ```text,expect
//! @processes
//! main: listens on port {port:int 1..65535}
//! main: sends "6 7\n25 "
//! server: port {port:int}, 6 x 7
//! main: the answer is 42
//! main: sends "30\n"
//! server: port {port:int}, 25 x 30
//! main: the answer is 750
//! main: closes its direction
//! server: end of requests, answered 2
//! main: end of answers, the server ended with 0
//! ```
//!
//! Break it: `while requests.read_line(&mut request)? > 0 {`
//! => `loop { let piece = requests.fill_buf()?.to_vec(); requests.consume(
//! piece.len()); request.push_str(&String::from_utf8(piece)?);`
//! Break it: `answered += 1;` => ``
//! Break it (Python): `for request in requests:`
//! => `while request := stream.recv(100).decode():`
//! Break it (Python): `answered += 1` => `pass`

use std::io::BufReader;
use std::io::prelude::*;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use ipc::Result;

const MOST_BYTES: u64 = 1000; // of all requests, or of all answers
const PATIENCE: Option<Duration> = Some(Duration::from_secs(5));

fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    println!("main: listens on port {}", address.port());
    // The child owns the listener, the parent keeps no copy of it.
    let server = ipc::fork(move || serve(&listener))?;

    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(PATIENCE)?;
    let mut answers = BufReader::new(stream.try_clone()?.take(MOST_BYTES));
    for piece in ["6 7\n25 ", "30\n"] {
        println!("main: sends {piece:?}");
        stream.write_all(piece.as_bytes())?;
        let mut answer = String::new();
        answers.read_line(&mut answer)?;
        println!("main: the answer is {}", answer.trim());
    }
    println!("main: closes its direction");
    stream.shutdown(Shutdown::Write)?;
    let end = if answers.fill_buf()?.is_empty() { "end of" } else { "more" };
    let code = server.exit_code()?;
    println!("main: {end} answers, the server ended with {code}");
    Ok(())
}

fn serve(listener: &TcpListener) -> Result<()> {
    let (mut stream, _) = listener.accept()?;
    stream.set_read_timeout(PATIENCE)?;
    stream.set_write_timeout(PATIENCE)?;
    let port = listener.local_addr()?.port();
    let mut requests = BufReader::new(stream.try_clone()?.take(MOST_BYTES));
    let mut request = String::new();
    let mut answered = 0;
    while requests.read_line(&mut request)? > 0 {
        let (a, b) = request.trim().split_once(' ').ok_or("not two numbers")?;
        println!("server: port {port}, {a} x {b}");
        writeln!(stream, "{}", a.parse::<u32>()? * b.parse::<u32>()?)?;
        answered += 1;
        request.clear();
    }
    println!("server: end of requests, answered {answered}");
    Ok(())
}
