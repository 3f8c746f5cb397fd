//! A server on loopback, in a process of its own, and the load: a request on every
//! connection, then all the answers. The load is the same for all.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::epoll::{
    Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout,
};

use super::{Missing, Worker, one_thread, peer_command, spread};
use crate::Error;

/// Starts the server `GROUP.SERVER_CONNECTIONS`, which is Python's where its name
/// begins with `py_`, and loads it. `right` reads an answer and looks at it.
pub(crate) fn load(
    group: &str,
    form: &str,
    request: Vec<u8>,
    right: impl Fn(&mut TcpStream) -> bool + 'static,
) -> Result<Option<Worker>, Error> {
    let Some((server, connections)) = form.rsplit_once('_') else {
        return Ok(None);
    };
    let mut command = match server.strip_prefix("py_") {
        Some(form) => {
            let mut command = Command::new(crate::process::python());
            let file = super::folder().join(format!("{group}.py"));
            command.arg("-B").arg(file).arg(form);
            command
        }
        None => peer_command(&format!("{group}_{server}"), None)?,
    };
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut port = String::new();
    let said = child.stdout.take().ok_or("no output")?;
    BufReader::new(said).read_line(&mut port)?;
    if let Some(reason) = port.strip_prefix("skip ") {
        return Err(Missing(reason.trim().into()).into());
    }
    let port: u16 = port.trim().parse()?;
    spread(0);
    let connect = |_| {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    };
    let connections = 0..connections.parse()?;
    let mut streams: Vec<TcpStream> =
        connections.map(connect).collect::<Result<_, Error>>()?;
    let worker = Worker::new(move |n| {
        let mut answers = 0;
        for _ in 0..n / streams.len() as u64 {
            for stream in &mut streams {
                stream.write_all(&request).expect("the server is there");
            }
            for stream in &mut streams {
                answers += u64::from(right(stream));
            }
        }
        answers
    });
    Ok(Some(worker.with(child.id())))
}

/// A socket whose port is told to the load.
fn listen() -> Result<TcpListener, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    Ok(listener)
}

/// A thread for each connection.
pub(crate) fn threads(serve: fn(TcpStream)) -> Result<(), Error> {
    for stream in listen()?.incoming() {
        let stream = stream?;
        stream.set_nodelay(true)?;
        thread::spawn(move || serve(stream));
    }
    Ok(())
}

/// A task of tokio for each connection, all on one thread.
pub(crate) fn tasks<F>(
    serve: impl Fn(tokio::net::TcpStream) -> F,
) -> Result<(), Error>
where
    F: Future<Output = ()> + Send + 'static,
{
    one_thread()?.block_on(async {
        let listener = listen()?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(serve(stream));
        }
    })
}

/// The limit: one thread that asks the kernel who has sent, and answers whatever it
/// was by these bytes, or by the same.
pub(crate) fn epoll(answer: Option<&[u8]>) -> Result<(), Error> {
    let listener = listen()?;
    let poll = Epoll::new(EpollCreateFlags::empty())?;
    let readable = |i| EpollEvent::new(EpollFlags::EPOLLIN, i);
    poll.add(listener.as_fd(), readable(u64::MAX))?;
    let mut streams: Vec<TcpStream> = Vec::new();
    let mut ready = [EpollEvent::empty(); 128];
    let mut buffer = [0; 4096];
    loop {
        let count = poll.wait(&mut ready, EpollTimeout::NONE)?;
        for event in &ready[..count] {
            if event.data() == u64::MAX {
                let (stream, _) = listener.accept()?;
                stream.set_nodelay(true)?;
                poll.add(stream.as_fd(), readable(streams.len() as u64))?;
                streams.push(stream);
                continue;
            }
            let stream = &mut streams[event.data() as usize];
            match stream.read(&mut buffer)? {
                0 => return Ok(()),
                length => {
                    stream.write_all(answer.unwrap_or(&buffer[..length]))?;
                }
            }
        }
    }
}
