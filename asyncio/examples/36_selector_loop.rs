//! A selector loop: one thread, epoll, and sockets that are ready.
//!
//! Python: `select.epoll`, in `36_selector_loop.py`.
//! Notes: N0:1198, N0:1200, N2:49.
//!
//! This is what stands under tokio and `asyncio.SelectorEventLoop` (on macOS
//! with kqueue in epoll's place, on Windows in asyncio with `select`): sockets
//! that never block, and one call that sleeps until some of them can be read
//! or written. A connection that waits
//! costs a table row and no wake-ups. Two rules keep it so: do what readiness
//! allows and go back, and ask for readiness to write only while something is
//! left to write, since a socket is nearly always writable.
//!
//! What the loop saves is a stack for each connection. It saves context
//! switches only when several sockets are ready together, as one wait reports
//! them all; with one message at a time it makes one system call more than a
//! thread that blocks in `read`. A loop for programs also needs timers, which
//! bound the wait (`toy_executor` has them), and must stop asking for the
//! listener while there are no descriptors left.
//!
//! A request is four bytes, the size of the answer. Bob asks for more than the
//! kernel's buffers hold and reads nothing; ann is served all the same. Cid
//! says nothing until both are gone, and is not woken until then. Linux only;
//! elsewhere the program says so and ends. Longer than a screen: half a server
//! would be no loop.
//!
//! In the notes: the kernel switches to a thread that waits on a socket, and
//! away again. It does not run a blocked thread until its data is there.
//!
//! ```text,expect
//! @threads clients
//! @peak 1 threads
//! clients: ann asks for 5 bytes, bob for 16000000, cid for none
//! clients: bob does not read, ann has 5 bytes
//! clients: ann sends 3 requests in one piece, and has 15 bytes
//! loop: ann left, woken 3 times to read, 0 to write
//! clients: bob has 16000000 bytes
//! loop: bob left, woken 2 times to read, {:int 1..} to write
//! clients: cid has 5 bytes
//! loop: cid left, woken 2 times to read, 0 to write
//! loop: 3 connections served, at most 2 ready in one wait
//! ```
//!
//! Break it: `EPOLLIN, // nothing to write` =>
//! `EPOLLIN | EpollFlags::EPOLLOUT,`
//! Break it: `        socket.set_nonblocking(true)?;` => ``
//! Break it: `while let Some(size)` => `if let Some(size)`
//! Break it: `EpollEvent::empty(); 16` => `EpollEvent::empty(); 1`
//! Break it (Python): `EPOLLIN  # nothing to write` =>
//! `EPOLLIN | select.EPOLLOUT`
//! Break it (Python): `while len(self.line) >= 4:` =>
//! `if len(self.line) >= 4:`

#![cfg_attr(not(target_os = "linux"), allow(unused))]

use nix::errno::Errno;
#[cfg(target_os = "linux")]
use nix::sys::epoll::{
    Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Sender};
use std::thread;

const NAMES: [&str; 3] = ["ann", "bob", "cid"];
const LISTENER: u64 = 99;
/// The longest answer, in bytes.
const LONGEST: usize = 20_000_000;
/// More than the kernel takes at once.
static PIECE: [u8; 8_000_000] = [0; 8_000_000];

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("main: skipped, epoll is Linux's own");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let addr = listener.local_addr()?;
    let (tell, asked) = mpsc::channel();
    let clients = thread::spawn(move || ann_bob_and_cid(addr, &tell));
    asked.recv()?;
    let (served, most_ready) = serve(&listener)?;
    clients.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    println!(
        "loop: {served} connections served, at most {most_ready} ready in one \
         wait"
    );
    Ok(())
}

/// The loop: sleep until something is ready, and go on with just that.
#[cfg(target_os = "linux")]
fn serve(listener: &TcpListener) -> io::Result<(usize, usize)> {
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    epoll.add(listener, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))?;
    listener.set_nonblocking(true)?;
    let mut open = BTreeMap::new();
    let (mut accepted, mut served, mut most_ready) = (0, 0, 0);
    let mut ready = [EpollEvent::empty(); 16];
    while served < NAMES.len() {
        let count = match epoll.wait(&mut ready, EpollTimeout::NONE) {
            Err(Errno::EINTR) => continue, // a signal
            count => count?,
        };
        most_ready = most_ready.max(count);
        for id in ready[..count].iter().map(EpollEvent::data) {
            if id == LISTENER {
                while let Some(socket) = now(listener.accept())? {
                    let connection = Connection::new(socket.0)?;
                    epoll.add(&connection.socket, connection.asks(accepted))?;
                    open.insert(accepted, connection);
                    accepted += 1;
                }
            } else if let Some(connection) = open.get_mut(&id) {
                if connection.go_on()? {
                    let mut asks = connection.asks(id);
                    epoll.modify(&connection.socket, &mut asks)?;
                    continue;
                }
                let Connection { reads, writes, .. } = connection;
                let name = NAMES[id as usize];
                print!("loop: {name} left, woken {reads} times to read, ");
                println!("{writes} to write");
                open.remove(&id); // closed, so epoll forgets it
                served += 1;
            }
        }
    }
    Ok((served, most_ready))
}

/// What a call gave that never blocks; nothing if it would have.
fn now<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) => match error.kind() {
            ErrorKind::WouldBlock
            | ErrorKind::Interrupted
            | ErrorKind::ConnectionAborted => Ok(None),
            _ => Err(error),
        },
    }
}

struct Connection {
    socket: TcpStream,
    unread: Vec<u8>,
    left_to_write: usize,
    reads: u32,
    writes: u32,
}

impl Connection {
    fn new(socket: TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        let unread = Vec::new();
        Ok(Self { socket, unread, left_to_write: 0, reads: 0, writes: 0 })
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
        let mut bytes = [0; 64];
        match now(self.socket.read(&mut bytes))? {
            None => return Ok(true),
            Some(0) => return Ok(false),
            Some(count) => self.unread.extend(&bytes[..count]),
        }
        // A piece of the stream may be a part of a request, or several.
        while let Some(size) = self.unread.first_chunk() {
            self.left_to_write += u32::from_be_bytes(*size) as usize;
            self.unread.drain(..size.len());
        }
        Ok(self.left_to_write <= LONGEST && self.write()?)
    }

    fn write(&mut self) -> io::Result<bool> {
        let piece = &PIECE[..self.left_to_write.min(PIECE.len())];
        self.left_to_write -= now(self.socket.write(piece))?.unwrap_or(0);
        Ok(true)
    }
}

fn ann_bob_and_cid(addr: SocketAddr, asked: &Sender<()>) -> io::Result<()> {
    let mut ann = TcpStream::connect(addr)?;
    let mut bob = TcpStream::connect(addr)?;
    let mut cid = TcpStream::connect(addr)?;
    let [five, much] = [5_u32, 16_000_000].map(u32::to_be_bytes);
    let mut answer = vec![0; 16_000_000];

    ann.write_all(&five)?;
    bob.write_all(&much)?;
    println!("clients: ann asks for 5 bytes, bob for 16000000, cid for none");
    asked.send(()).map_err(io::Error::other)?;
    ann.read_exact(&mut answer[..5])?;
    println!("clients: bob does not read, ann has 5 bytes");
    ann.write_all(&[five, five, five].concat())?;
    ann.read_exact(&mut answer[..15])?;
    println!("clients: ann sends 3 requests in one piece, and has 15 bytes");
    leave(ann)?;
    bob.read_exact(&mut answer)?;
    println!("clients: bob has 16000000 bytes");
    leave(bob)?;
    cid.write_all(&five)?;
    cid.read_exact(&mut answer[..5])?;
    println!("clients: cid has 5 bytes");
    leave(cid)
}

fn leave(mut client: TcpStream) -> io::Result<()> {
    client.shutdown(Shutdown::Write)?;
    client.read_to_end(&mut Vec::new())?; // the server closes in its turn
    Ok(())
}
