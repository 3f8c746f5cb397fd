//! Two engines for `proactor_loop`: io_uring, and threads where the kernel
//! refuses it.

#![allow(unsafe_code)]

#[cfg(target_os = "linux")]
use std::collections::HashMap;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
#[cfg(target_os = "linux")]
use std::{mem, os::fd::AsRawFd};

#[cfg(target_os = "linux")]
use io_uring::{IoUring, opcode, types};

/// What an operation does.
#[derive(Clone, Copy)]
pub enum Kind {
    /// Fills the buffer, or a part of it.
    Read,
    /// Sends the buffer, or a part of it.
    Write,
}

/// An operation, from its start to its completion.
pub struct Operation {
    /// Whose connection it is for.
    pub name: &'static str,
    /// What it does.
    pub kind: Kind,
    /// The engine's own until the completion.
    pub buffer: Vec<u8>,
    /// How many bytes were read or written, once it is complete.
    pub count: usize,
}

/// What completes operations.
pub trait Engine {
    /// Starts an operation and returns at once.
    ///
    /// # Errors
    ///
    /// If it could not be started.
    fn start(&mut self, begun: Operation, on: &TcpStream) -> io::Result<()>;

    /// Waits for the next completion.
    ///
    /// # Errors
    ///
    /// As the operation does.
    fn wait(&mut self) -> io::Result<Operation>;

    /// How many operations have been started and not completed.
    fn in_flight(&self) -> usize;
}

/// The best engine that the system allows, and what it is.
pub fn best_engine() -> (Box<dyn Engine>, String) {
    #[cfg(target_os = "linux")]
    let refusal = match IoUring::new(8) {
        Ok(ring) => {
            let uring = Uring { ring, next: 0, in_flight: HashMap::new() };
            return (Box::new(uring), "io_uring".into());
        }
        Err(refusal) => refusal.to_string(),
    };
    #[cfg(not(target_os = "linux"))]
    let refusal = "Linux's own";
    let (post, posted) = mpsc::channel();
    let threads = Threads { post, posted, in_flight: 0 };
    (Box::new(threads), format!("threads, io_uring: {refusal}"))
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
        // completion is taken; moving the operation does not move the buffer.
        // The socket is open until `submit` is back, and from there on the
        // kernel keeps it open itself.
        unsafe { self.ring.submission().push(&entry) }
            .map_err(io::Error::other)?;
        self.ring.submit()?;
        Ok(())
    }

    fn wait(&mut self) -> io::Result<Operation> {
        let entry = loop {
            if let Some(entry) = self.ring.completion().next() {
                break entry;
            }
            match self.ring.submit_and_wait(1) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                waited => drop(waited?),
            }
        };
        let done = self.in_flight.remove(&entry.user_data());
        match entry.result() {
            error @ ..0 => Err(io::Error::from_raw_os_error(-error)),
            count => {
                let done = done.expect("each completes once");
                Ok(Operation { count: count as usize, ..done })
            }
        }
    }

    fn in_flight(&self) -> usize {
        self.in_flight.len()
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
    in_flight: usize,
}

impl Engine for Threads {
    fn start(
        &mut self,
        mut begun: Operation,
        on: &TcpStream,
    ) -> io::Result<()> {
        let (mut on, post) = (on.try_clone()?, self.post.clone());
        thread::Builder::new().spawn(move || {
            let count = match begun.kind {
                Kind::Read => on.read(&mut begun.buffer),
                Kind::Write => on.write(&begun.buffer),
            };
            // Nobody waits any more if the engine is gone.
            let _ = post.send(count.map(|count| Operation { count, ..begun }));
        })?;
        self.in_flight += 1;
        Ok(())
    }

    fn wait(&mut self) -> io::Result<Operation> {
        let done = self.posted.recv().map_err(io::Error::other)?;
        self.in_flight -= 1;
        done
    }

    fn in_flight(&self) -> usize {
        self.in_flight
    }
}
