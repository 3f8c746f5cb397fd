//! Servers of HTTP/1.1 that keep their connections. The answer is the path that was
//! asked for, so a server must have read it; the limit knows it beforehand.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::TcpStream;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::{Worker, serving, spread};
use crate::Error;

const PATH: &str =
    "/a-path-of-64-bytes/that-comes-back-as-the-body-of-the-answer/64";

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let request = format!("GET {PATH} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    serving::load("web", form, request.into(), right)
}

/// Reads an answer to its end.
fn right(stream: &mut TcpStream) -> bool {
    let mut buffer = [0; 1024];
    let mut length = 0;
    loop {
        match stream.read(&mut buffer[length..]) {
            Ok(more @ 1..) => length += more,
            _ => return false,
        }
        let answer = &buffer[..length];
        let mut places = answer.windows(4);
        if let Some(end) = places.position(|bytes| bytes == b"\r\n\r\n")
            && length >= end + 4 + PATH.len()
        {
            return answer.starts_with(b"HTTP/1.1 200 ")
                && answer[end + 4..] == *PATH.as_bytes();
        }
    }
}

/// The server.
pub(crate) fn peer(server: &str) -> Result<(), Error> {
    spread(1);
    match server {
        "web_epoll" => serving::epoll(Some(page(PATH).as_bytes())),
        "web_threads" => serving::threads(serve),
        "web_hyper" => serving::tasks(async |stream| {
            // No date, as the others send none.
            let _ = http1::Builder::new()
                .auto_date_header(false)
                .serve_connection(TokioIo::new(stream), service_fn(answer))
                .await;
        }),
        _ => Err(format!("no server is called {server}").into()),
    }
}

fn page(path: &str) -> String {
    let length = path.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{path}")
}

async fn answer(
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(Response::new(request.uri().path().to_owned().into()))
}

/// hyper's parser, in a thread that waits.
fn serve(mut stream: TcpStream) {
    let mut buffer = [0; 4096];
    let mut length = 0;
    while let Ok(more @ 1..) = stream.read(&mut buffer[length..]) {
        length += more;
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&buffer[..length]) {
            // One at a time: what follows is sent after the answer.
            Ok(httparse::Status::Complete(_)) => length = 0,
            Ok(httparse::Status::Partial) => continue,
            Err(_) => return,
        }
        let page = page(request.path.unwrap_or_default());
        if stream.write_all(page.as_bytes()).is_err() {
            return;
        }
    }
}
