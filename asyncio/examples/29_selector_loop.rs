//! A selector loop: one thread, epoll, and sockets that are ready.
//!
//! Python: `select.epoll`, in `29_selector_loop.py`.
//! Notes: N0:1192, N2:46.
//!
//! This is what stands under tokio and `asyncio.SelectorEventLoop`: sockets
//! that never block, and one call that sleeps until some of them are ready to
//! be read or written. A connection that waits costs a table row and no
//! wake-ups. Two rules keep it so: do what readiness allows and go back, and
//! ask for readiness to write only while something is left to write, since a
//! socket is nearly always writable.
//!
//! The notes say that the kernel switches to a thread that waits on a socket,
//! and away again, thousands of times. It does not: a blocked thread is not
//! run until its data is there. What the loop saves is its stack, and two
//! context switches for each message.
//!
//! The server answers each line `name size` with that many bytes. Bob asks for
//! more than the kernel's buffers hold and reads nothing; ann is served all the
//! same; cid says nothing until both are gone, and is not woken until then.
//! Longer than a screen: half a server would be no loop. Linux only; elsewhere
//! the program says so and ends.
//!
//! ```text,expect
//! clients: bob asks for 16000000 bytes and does not read
//! clients: ann has 3 answers
//! loop: ann left, woken 4 times to read, 0 to write
//! clients: bob has 16000000 bytes
//! loop: bob left, woken 2 times to read, {:int 1..} to write
//! clients: cid has 1 answer
//! loop: cid left, woken 2 times to read, 0 to write
//! main: 3 connections served by 1 thread
//! ```
//!
//! Break it: `EPOLLIN, // nothing to write` =>
//! `EPOLLIN | EpollFlags::EPOLLOUT,`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

#[cfg(target_os = "linux")]
use nix::sys::epoll::{
    Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout,
};
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

const LISTENER: u64 = 0;
const LONGEST_LINE: usize = 100;
static PIECE: [u8; 65_536] = [b'x'; 65_536];

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, epoll is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let addr = listener.local_addr()?;
    let clients = thread::spawn(move || ann_bob_and_cid(addr));
    serve(&listener, 3)?;
    clients.join().expect("the clients do not panic")?;
    println!("main: 3 connections served by 1 thread");
    Ok(())
}

/// The loop: sleep until something is ready, and go on with just that.
#[cfg(target_os = "linux")]
fn serve(listener: &TcpListener, connections: u64) -> io::Result<()> {
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(listener, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))?;
    listener.set_nonblocking(true)?;
    let mut open = HashMap::new();
    let (mut accepted, mut served) = (0, 0);
    let mut ready = [EpollEvent::empty(); 16];
    while served < connections {
        let count = epoll.wait(&mut ready, EpollTimeout::NONE)?;
        for id in ready[..count].iter().map(EpollEvent::data) {
            if id == LISTENER {
                let Ok((socket, _)) = listener.accept() else { continue };
                accepted += 1;
                let connection = Connection::new(socket)?;
                epoll.add(&connection.socket, connection.asks(accepted))?;
                open.insert(accepted, connection);
            } else if let Some(connection) = open.get_mut(&id) {
                let Ok(true) = connection.go_on() else {
                    let Connection { name, reads, writes, .. } = connection;
                    print!("loop: {name} left, woken {reads} times to read, ");
                    println!("{writes} to write");
                    open.remove(&id); // closed, so epoll forgets it
                    served += 1;
                    continue;
                };
                epoll.modify(&connection.socket, &mut connection.asks(id))?;
            }
        }
    }
    Ok(())
}

struct Connection {
    socket: TcpStream,
    name: String,
    line: Vec<u8>,
    left_to_write: usize,
    reads: u32,
    writes: u32,
}

impl Connection {
    fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self {
            socket,
            name: String::new(),
            line: Vec::new(),
            left_to_write: 0,
            reads: 0,
            writes: 0,
        })
    }

    #[cfg(target_os = "linux")]
    fn asks(&self, id: u64) -> EpollEvent {
        let interest = match self.left_to_write {
            0 => EpollFlags::EPOLLIN, // nothing to write
            _ => EpollFlags::EPOLLOUT,
        };
        EpollEvent::new(interest, id)
    }

    /// Takes one step, which never blocks; false when the client has left.
    fn go_on(&mut self) -> io::Result<bool> {
        if self.left_to_write > 0 {
            self.writes += 1;
            return self.write();
        }
        self.reads += 1;
        let mut bytes = [0; LONGEST_LINE];
        match self.socket.read(&mut bytes) {
            Ok(0) => return Ok(false),
            Ok(count) => self.line.extend(&bytes[..count]),
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(true),
            Err(e) => return Err(e),
        }
        if !self.line.ends_with(b"\n") {
            return Ok(self.line.len() < LONGEST_LINE);
        }
        let line = String::from_utf8_lossy(&self.line);
        let (name, size) = line.trim_end().split_once(' ').unwrap_or_default();
        self.name = name.to_owned();
        self.left_to_write = size.parse().unwrap_or(0);
        self.line.clear();
        self.write()
    }

    fn write(&mut self) -> io::Result<bool> {
        match self.socket.write(&PIECE[..self.left_to_write.min(PIECE.len())]) {
            Ok(count) => self.left_to_write -= count,
            Err(e) if e.kind() == ErrorKind::WouldBlock => (),
            Err(e) => return Err(e),
        }
        Ok(true)
    }
}

fn ann_bob_and_cid(addr: SocketAddr) -> io::Result<()> {
    let mut ann = TcpStream::connect(addr)?;
    let mut bob = TcpStream::connect(addr)?;
    let mut cid = TcpStream::connect(addr)?;
    let mut answer = vec![0; 16_000_000];

    bob.write_all(b"bob 16000000\n")?;
    println!("clients: bob asks for 16000000 bytes and does not read");
    for _ in 0..3 {
        ann.write_all(b"ann 5\n")?;
        ann.read_exact(&mut answer[..5])?;
    }
    println!("clients: ann has 3 answers");
    leave(ann)?;
    bob.read_exact(&mut answer)?;
    println!("clients: bob has 16000000 bytes");
    leave(bob)?;
    cid.write_all(b"cid 5\n")?;
    cid.read_exact(&mut answer[..5])?;
    println!("clients: cid has 1 answer");
    leave(cid)
}

fn leave(mut client: TcpStream) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    client.read_to_end(&mut Vec::new())?; // the server closes in its turn
    Ok(())
}
