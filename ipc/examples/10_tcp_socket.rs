//! TCP socket: a server that is found by a port.
//!
//! Python: `socket.create_server`, in `10_tcp_socket.py`.
//! Notes: N0:908.
//!
//! The same as over a Unix socket, but the other process may be on another
//! machine. Nothing has to be removed afterwards; a port is taken instead. Port
//! 0 asks the kernel for one that is free, and `local_addr` tells which: a
//! fixed number collides with whatever else runs. Listen on 127.0.0.1 what is
//! not for the network.
//!
//! A stream has no messages. Two requests may come in one piece and one in two,
//! so each needs an end that can be seen, here a new line, and the reader goes
//! by that, not by what one `read` gave. That all is said, each side tells by
//! closing its direction; the other reads end of file.
//!
//! ```text,expect
//! main: listens on port {port:int 1..65535}
//! @lanes
//! main: sends 6 7, 25  #send
//! main: sends 30
//! main: the answer is 42  #got1
//! main: the answer is 750  #got2
//! main: no more answers
//! server: port {port:int}, 6 x 7  #asked1
//! server: port {port:int}, 25 x 30  #asked2
//! @end
//! @before send asked1
//! @before asked1 got1
//! @before asked2 got2
//! ```
//!
//! Break it: `requests.read_line(` => `requests.read_to_string(`

use std::io::BufReader;
use std::io::prelude::*;
use std::net::{Shutdown, TcpListener, TcpStream};

use ipc::Result;

fn main() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    println!("main: listens on port {}", address.port());
    // The child owns the listener, the parent keeps no copy of it.
    let server = ipc::fork(move || serve(&listener))?;

    let mut stream = TcpStream::connect(address)?;
    println!("main: sends 6 7, 25");
    stream.write_all(b"6 7\n25 ")?;
    println!("main: sends 30");
    stream.write_all(b"30\n")?;
    stream.shutdown(Shutdown::Write)?;
    for answer in BufReader::new(stream).lines() {
        println!("main: the answer is {}", answer?);
    }
    println!("main: no more answers");
    server.join()
}

fn serve(listener: &TcpListener) -> Result<()> {
    let (mut stream, _) = listener.accept()?;
    let port = listener.local_addr()?.port();
    let mut requests = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    while requests.read_line(&mut request)? > 0 {
        let (a, b) = request.trim().split_once(' ').ok_or("not two numbers")?;
        println!("server: port {port}, {a} x {b}");
        let answer = a.parse::<u32>()? * b.parse::<u32>()?;
        stream.write_all(format!("{answer}\n").as_bytes())?;
        request.clear();
    }
    Ok(())
}
