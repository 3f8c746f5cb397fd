//! A proactor loop: start the operation first, be told when it is done.
//!
//! Python: threads that post to a `queue.Queue`, in `30_proactor_loop.py`; no
//! io_uring in the standard library.
//! Notes: N0:1200.
//!
//! A selector says "you may read now"; a proactor says "it has been read". The
//! read is started, with its buffer, before there is anything to read, and the
//! completion brings the buffer back with the number of bytes in it: no call
//! is left to make. The notes' `ProactorEventLoop` does this on Windows, over
//! its completion ports. On Linux it is io_uring, which asyncio does not use,
//! nor does tokio by itself. It serves files as well, which are always "ready",
//! and so block a selector loop.
//!
//! Some kernels and most containers refuse io_uring. The program then says so
//! and completes the same operations by a thread each, as the sibling does.
//! Longer than a screen: it holds both engines.
//!
//! The one `unsafe` hands a buffer to the kernel, which writes to it behind the
//! compiler's back. So the engine owns it until the completion.
//!
//! ```text,expect
//! loop: completions by {:text}
//! loop: 3 reads under way, nothing was sent yet
//! loop: cid's read is done: cid is in
//! loop: cid has left
//! loop: ann's read is done: ann is in
//! loop: ann has left
//! loop: bob's read is done: bob is in
//! loop: bob has left
//! main: 3 echoes came back whole
//! ```
//!
//! Break it: `truncate(done.count)` => `truncate(BUFFER)`

#![allow(unsafe_code)]

#[cfg(target_os = "linux")]
use io_uring::{IoUring, opcode, types};
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
#[cfg(target_os = "linux")]
use std::{mem, os::fd::AsRawFd};

const BUFFER: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let addr = listener.local_addr()?;
    let (go, may_send) = mpsc::channel();
    let clients = thread::spawn(move || cid_ann_and_bob(addr, &may_send));

    let mut engine = best_engine();
    let mut sockets = HashMap::new();
    for name in ["ann", "bob", "cid"] {
        let socket = listener.accept()?.0;
        engine.start(read(name), &socket)?;
        sockets.insert(name, socket);
    }
    println!("loop: 3 reads under way, nothing was sent yet");
    go.send(())?;
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
                println!("loop: {name}'s read is done: {text}");
                engine.start(write(name, done.buffer), socket)?;
            }
            Kind::Write if done.count < done.buffer.len() => {
                done.buffer.drain(..done.count);
                engine.start(write(name, done.buffer), socket)?;
            }
            Kind::Write => engine.start(read(name), socket)?,
        }
    }
    let echoes = clients.join().expect("the clients do not panic")?;
    println!("main: {echoes} echoes came back whole");
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

struct Operation {
    name: &'static str,
    kind: Kind,
    buffer: Vec<u8>,
    count: usize,
}

fn read(name: &'static str) -> Operation {
    Operation { name, kind: Kind::Read, buffer: vec![0; BUFFER], count: 0 }
}

fn write(name: &'static str, buffer: Vec<u8>) -> Operation {
    Operation { name, kind: Kind::Write, buffer, count: 0 }
}

trait Engine {
    fn start(&mut self, begun: Operation, on: &TcpStream) -> io::Result<()>;
    fn wait(&mut self) -> io::Result<Operation>;
}

fn best_engine() -> Box<dyn Engine> {
    #[cfg(target_os = "linux")]
    let refusal = match IoUring::new(8) {
        Ok(ring) => {
            println!("loop: completions by io_uring");
            let in_flight = HashMap::new();
            return Box::new(Uring { ring, next: 0, in_flight });
        }
        Err(refusal) => refusal,
    };
    #[cfg(not(target_os = "linux"))]
    let refusal = "Linux's own";
    println!("loop: completions by threads, io_uring: {refusal}");
    let (post, posted) = mpsc::channel();
    Box::new(Threads { post, posted })
}

#[cfg(target_os = "linux")]
struct Uring {
    ring: IoUring,
    next: u64,
    in_flight: HashMap<u64, Operation>,
}

#[cfg(target_os = "linux")]
impl Engine for Uring {
    fn start(
        &mut self,
        mut begun: Operation,
        on: &TcpStream,
    ) -> io::Result<()> {
        let fd = types::Fd(on.as_raw_fd());
        let (at, size) = (begun.buffer.as_mut_ptr(), begun.buffer.len() as u32);
        let entry = match begun.kind {
            Kind::Read => opcode::Recv::new(fd, at, size).build(),
            Kind::Write => opcode::Send::new(fd, at, size).build(),
        };
        self.next += 1;
        self.in_flight.insert(self.next, begun);
        let entry = entry.user_data(self.next);
        // SAFETY: the buffer lies in `in_flight`, untouched, until its
        // completion is taken; the socket is open until `submit` is back, and
        // from there on the kernel keeps it open itself.
        unsafe { self.ring.submission().push(&entry) }
            .map_err(io::Error::other)?;
        self.ring.submit()?;
        Ok(())
    }

    fn wait(&mut self) -> io::Result<Operation> {
        self.ring.submit_and_wait(1)?;
        let entry = self.ring.completion().next().expect("one was waited for");
        let done = self.in_flight.remove(&entry.user_data());
        match entry.result() {
            error @ ..0 => Err(io::Error::from_raw_os_error(-error)),
            count => {
                let done = done.expect("each completes once");
                Ok(Operation { count: count as usize, ..done })
            }
        }
    }
}

#[cfg(target_os = "linux")]
impl Drop for Uring {
    fn drop(&mut self) {
        // The kernel may still write to these: leak them rather than free them.
        mem::forget(mem::take(&mut self.in_flight));
    }
}

struct Threads {
    post: Sender<io::Result<Operation>>,
    posted: Receiver<io::Result<Operation>>,
}

impl Engine for Threads {
    fn start(
        &mut self,
        mut begun: Operation,
        on: &TcpStream,
    ) -> io::Result<()> {
        let (mut on, post) = (on.try_clone()?, self.post.clone());
        thread::spawn(move || {
            let count = match begun.kind {
                Kind::Read => on.read(&mut begun.buffer),
                Kind::Write => on.write(&begun.buffer),
            };
            post.send(count.map(|count| Operation { count, ..begun }))
        });
        Ok(())
    }

    fn wait(&mut self) -> io::Result<Operation> {
        self.posted.recv().map_err(io::Error::other)?
    }
}

fn cid_ann_and_bob(
    addr: SocketAddr,
    may_send: &Receiver<()>,
) -> io::Result<u32> {
    let ann = TcpStream::connect(addr)?;
    let bob = TcpStream::connect(addr)?;
    let cid = TcpStream::connect(addr)?;
    may_send.recv().map_err(io::Error::other)?;
    let mut echoes = 0;
    for (name, mut client) in [("cid", cid), ("ann", ann), ("bob", bob)] {
        let sent = format!("{name} is in");
        client.write_all(sent.as_bytes())?;
        client.shutdown(Shutdown::Write)?;
        let mut echo = String::new();
        client.read_to_string(&mut echo)?;
        echoes += u32::from(echo == sent);
    }
    Ok(echoes)
}
