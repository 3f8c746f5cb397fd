//! A proactor loop: start the operation first, be told when it is done.
//!
//! Python: threads that post to a `queue.SimpleQueue`, in
//! `37_proactor_loop.py`; no io_uring in the standard library.
//! Notes: N0:1205.
//!
//! A selector says "you may read now"; a proactor says "it has been read". The
//! read is started, with its buffer, before there is anything to read. The
//! completion brings the buffer back with the number of bytes in it, and
//! nothing is left in the socket. The buffer belongs to the operation in
//! between, which is why Rust's io_uring crates take buffers by value.
//!
//! `ProactorEventLoop` does this on Windows, over its completion ports. On
//! Linux it is io_uring, which asyncio and, by itself, tokio do not use.
//! It serves files as well, which are always "ready" and so block a selector
//! loop. Some kernels and most containers refuse io_uring; then a thread
//! completes each operation, as in the sibling. Both engines are in
//! `src/proactor.rs`. A program would also link a time-out to each operation.
//! Longer than a screen: loop and clients.
//!
//! ```text,expect
//! @peak 1.. threads
//! loop: completions by {:text}
//! loop: 3 reads under way, started with 0 bytes to read
//! loop: cid's read is done: cid is in, 0 bytes left to read
//! loop: cid has left
//! loop: ann's read is done: ann is in, 0 bytes left to read
//! loop: ann has left
//! loop: bob's read is done: bob is in, 0 bytes left to read
//! loop: bob has left
//! loop: 3 echoes came back whole
//! ```
//!
//! Break it: `truncate(done.count)` => `truncate(BUFFER)`
//! Break it: `let mut there = 0;` => `let mut there = 0; cid_sends()?;`,
//! `cid_sends()?; // not before` => `();`
//! Break it (Python): `there = 0` => `there = 0; cid_sends()`,
//! `cid_sends()  # not before` => `pass`
//! Break it (Python): `del done.buffer[done.count :]` => `pass`

use asyncio::proactor::{Kind, Operation, best_engine};
use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, recv};
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsRawFd;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

const BUFFER: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let addr = listener.local_addr()?;
    let (go, may_send) = mpsc::channel();
    let (tell, sent) = mpsc::channel();
    let clients = thread::spawn(move || clients(addr, &may_send, &tell));
    let cid_sends = || -> Result<(), Box<dyn Error>> {
        go.send(())?;
        Ok(sent.recv()?)
    };

    let (mut engine, what) = best_engine();
    println!("loop: completions by {what}");
    let mut sockets = HashMap::new();
    for name in ["ann", "bob", "cid"] {
        sockets.insert(name, listener.accept()?.0);
    }
    let mut there = 0;
    for (name, socket) in &sockets {
        there += bytes_to_read(socket)?;
        engine.start(read(name), socket)?;
    }
    let under_way = engine.in_flight();
    println!(
        "loop: {under_way} reads under way, started with {there} bytes to read"
    );
    cid_sends()?; // not before
    while !sockets.is_empty() {
        let mut done = engine.wait()?;
        let (name, socket) = (done.name, &sockets[done.name]);
        match done.kind {
            Kind::Read if done.count == 0 => {
                println!("loop: {name} has left");
                sockets.remove(name);
            }
            Kind::Read => {
                done.buffer.truncate(done.count);
                let text = String::from_utf8_lossy(&done.buffer);
                print!("loop: {name}'s read is done: {text}, ");
                println!("{} bytes left to read", bytes_to_read(socket)?);
                engine.start(write(name, done.buffer), socket)?;
            }
            Kind::Write if done.count < done.buffer.len() => {
                done.buffer.drain(..done.count);
                engine.start(write(name, done.buffer), socket)?;
            }
            Kind::Write => engine.start(read(name), socket)?,
        }
    }
    let echoes = clients.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!("loop: {echoes} echoes came back whole");
    Ok(())
}

fn read(name: &'static str) -> Operation {
    Operation { name, kind: Kind::Read, buffer: vec![0; BUFFER], count: 0 }
}

fn write(name: &'static str, buffer: Vec<u8>) -> Operation {
    Operation { name, kind: Kind::Write, buffer, count: 0 }
}

/// How many bytes a selector would now report as ready.
fn bytes_to_read(socket: &TcpStream) -> io::Result<usize> {
    let look = MsgFlags::MSG_PEEK | MsgFlags::MSG_DONTWAIT;
    match recv(socket.as_raw_fd(), &mut [0; BUFFER], look) {
        Err(Errno::EAGAIN) => Ok(0),
        count => Ok(count?),
    }
}

fn clients(
    addr: SocketAddr,
    may_send: &Receiver<()>,
    sent: &Sender<()>,
) -> io::Result<u32> {
    let ann = TcpStream::connect(addr)?;
    let bob = TcpStream::connect(addr)?;
    let cid = TcpStream::connect(addr)?;
    may_send.recv().map_err(io::Error::other)?;
    let mut echoes = 0;
    for (name, mut client) in [("cid", cid), ("ann", ann), ("bob", bob)] {
        let text = format!("{name} is in");
        client.write_all(text.as_bytes())?;
        if name == "cid" {
            sent.send(()).map_err(io::Error::other)?;
        }
        let mut echo = vec![0; text.len()];
        client.read_exact(&mut echo)?;
        client.shutdown(Shutdown::Write)?;
        let end = client.read(&mut [0])?;
        echoes += u32::from(echo == text.as_bytes() && end == 0);
    }
    Ok(echoes)
}
