//! A server on loopback, and the load: a message on every connection, then all the
//! answers. The load is the same for all; the server is a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::epoll::{
    Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Missing, Worker, one_thread, peer_command, spread};
use crate::Error;

const MESSAGE: [u8; 64] = [7; 64];
const LOCAL: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let Some((server, connections)) = form.rsplit_once('_') else {
        return Ok(None);
    };
    let mut command = match server.strip_prefix("py_") {
        Some(form) => {
            let mut command = Command::new(crate::process::python());
            command.arg("-B").arg(super::folder().join("echo.py")).arg(form);
            command
        }
        None => peer_command(&format!("echo_{server}"), None)?,
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
        let mut right = 0;
        for _ in 0..n / streams.len() as u64 {
            for stream in &mut streams {
                stream.write_all(&MESSAGE).expect("the server is there");
            }
            for stream in &mut streams {
                let mut answer = [0; MESSAGE.len()];
                stream.read_exact(&mut answer).expect("the server answers");
                right += u64::from(answer == MESSAGE);
            }
        }
        right
    });
    Ok(Some(worker.with(child.id())))
}

/// The server.
pub(crate) fn peer(server: &str) -> Result<(), Error> {
    spread(1);
    match server {
        "echo_epoll" => epoll(listen()?),
        "echo_threads" => {
            for stream in listen()?.incoming() {
                let stream = stream?;
                stream.set_nodelay(true)?;
                thread::spawn(move || serve(stream));
            }
            Ok(())
        }
        "echo_tokio" => one_thread()?.block_on(async {
            let listener = listen()?;
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            loop {
                let (mut stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(async move {
                    let mut buffer = [0; 4096];
                    while let Ok(length @ 1..) = stream.read(&mut buffer).await
                    {
                        if stream.write_all(&buffer[..length]).await.is_err() {
                            break;
                        }
                    }
                });
            }
        }),
        _ => Err(format!("no server is called {server}").into()),
    }
}

fn listen() -> Result<TcpListener, Error> {
    let listener = TcpListener::bind(LOCAL)?;
    println!("{}", listener.local_addr()?.port());
    Ok(listener)
}

fn serve(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        if stream.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
}

/// The limit: one thread that asks the kernel who has sent.
fn epoll(listener: TcpListener) -> Result<(), Error> {
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
                length => stream.write_all(&buffer[..length])?,
            }
        }
    }
}
