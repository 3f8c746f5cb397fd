//! Servers that send back what they get.

use std::io::{Read, Write};
use std::net::TcpStream;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Worker, serving, spread};
use crate::Error;

const MESSAGE: [u8; 64] = [7; 64];

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    serving::load("echo", form, MESSAGE.into(), |stream| {
        let mut answer = [0; MESSAGE.len()];
        stream.read_exact(&mut answer).expect("the server answers");
        answer == MESSAGE
    })
}

/// The server.
pub(crate) fn peer(server: &str) -> Result<(), Error> {
    spread(1);
    match server {
        "echo_epoll" => serving::epoll(None),
        "echo_threads" => serving::threads(serve),
        "echo_tokio" => serving::tasks(answer),
        _ => Err(format!("no server is called {server}").into()),
    }
}

fn serve(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        if stream.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
}

async fn answer(mut stream: tokio::net::TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        if stream.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
}
