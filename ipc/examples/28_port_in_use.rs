//! Port in use: the server cannot be started again.
//!
//! Python: `socket.create_server`, `SO_REUSEADDR`, in `28_port_in_use.py`.
//! Reported: rust-lang/socket2#489.
//! Symptom: it dies: `Address already in use`, though the server has ended.
//!
//! Two causes are common. A forked child has a copy of the listener: as long as
//! it lives the port is taken, even when the server has closed its own. And the
//! side that closes a connection first keeps its address for a minute, in the
//! state TIME_WAIT: a server that was stopped with open connections cannot bind
//! its port.
//!
//! Against the first, descriptors are close-on-exec in Rust and Python: a
//! started program gets no copy. `fork` alone copies all, so close the listener
//! in the child. Against the second, set SO_REUSEADDR before `bind`, on the old
//! server too. `TcpListener::bind` and Python's `create_server` do so; a bare
//! `socket` does not.
//!
//! ```text,expect
//! @processes
//! @peak 1 processes
//! main: listens, starts child, closes its listener
//! child: runs
//! main: binds the port again: in use
//! child: ends
//! main: binds the port again: bound
//! main: listens, starts program, closes its listener
//! program: runs
//! main: binds the port again: bound
//! program: ends
//! main: binds the port again: bound
//! main: a server closes a connection and ends, SO_REUSEADDR: false
//! main: binds the port again: in use
//! main: a server closes a connection and ends, SO_REUSEADDR: true
//! main: binds the port again: bound
//! ```
//!
//! Break it: `fork_child)?` => `start_program)?`
//! Break it: `start_program)?` => `fork_child)?`
//! Break it: `serve_once(true)` => `serve_once(false)`
//! Break it (Python): `start_program)` => `fork_child)`
//! Break it (Python): `serve_once(reuse=True)` => `serve_once(reuse=False)`

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Command;

use ipc::{Child, Result};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::sockopt::ReuseAddr;
use nix::sys::socket::{AddressFamily, Backlog, SockFlag, SockType};
use nix::sys::socket::{SockaddrIn, bind, listen, setsockopt, socket};

fn main() -> Result<()> {
    if let Some(name) = env::args().nth(1) {
        return run(&name, io::stdin().as_fd().try_clone_to_owned()?.into());
    }
    round("child", fork_child)?;
    round("program", start_program)?;
    serve_once(false)?;
    serve_once(true)
}

/// Closes the listener while the other process runs.
fn round(
    name: &str,
    start: fn(&str, UnixStream) -> Result<Child>,
) -> Result<()> {
    println!("main: listens, starts {name}, closes its listener");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let (mut own_end, end) = UnixStream::pair()?;
    let process = start(name, end)?;
    own_end.read_exact(&mut [0])?; // it runs
    drop(listener);
    bind_again(port, true)?;
    own_end.write_all(b"!")?;
    process.join()?;
    bind_again(port, true)
}

fn fork_child(name: &str, end: UnixStream) -> Result<Child> {
    Ok(ipc::fork(move || run(name, end))?)
}

fn start_program(name: &str, end: UnixStream) -> Result<Child> {
    let mut program = Command::new(env::current_exe()?);
    Ok(ipc::spawn(program.arg(name).stdin(OwnedFd::from(end)))?)
}

fn run(name: &str, mut end: UnixStream) -> Result<()> {
    println!("{name}: runs");
    end.write_all(b"!")?;
    end.read_exact(&mut [0])?;
    println!("{name}: ends");
    Ok(())
}

/// A server that closes its only connection before the client does.
fn serve_once(reuse: bool) -> Result<()> {
    let listener = bind_to(0, reuse)?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect(address)?;
    drop(listener.accept()?);
    client.read_to_end(&mut Vec::new())?;
    drop((client, listener));
    println!(
        "main: a server closes a connection and ends, SO_REUSEADDR: {reuse}"
    );
    bind_again(address.port(), reuse)
}

fn bind_again(port: u16, reuse: bool) -> Result<()> {
    let outcome = match bind_to(port, reuse) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => "in use",
        bound => bound.map(|_| "bound")?,
    };
    println!("main: binds the port again: {outcome}");
    Ok(())
}

/// What `TcpListener::bind` does, which always sets the option.
fn bind_to(port: u16, reuse: bool) -> io::Result<TcpListener> {
    let (family, kind) = (AddressFamily::Inet, SockType::Stream);
    let listener = socket(family, kind, SockFlag::empty(), None)?;
    fcntl(&listener, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    setsockopt(&listener, ReuseAddr, &reuse)?;
    bind(listener.as_raw_fd(), &SockaddrIn::new(127, 0, 0, 1, port))?;
    listen(&listener, Backlog::MAXCONN)?;
    Ok(listener.into())
}
