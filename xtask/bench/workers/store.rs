//! A counter in Redis on loopback: one round trip each, and a hundred in one.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Worker, trips};
use crate::Error;

pub(crate) const BATCH: u64 = 100;

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    if form == "echo" {
        return trips::find("tcp");
    }
    let (port, server) = server()?;
    let client = redis::Client::open(format!("redis://127.0.0.1:{port}/"))?;
    let mut connection = connect(&client)?;
    let worker = match form {
        "incr" => Worker::new(move |n| {
            let mut incr = || -> redis::RedisResult<u64> {
                redis::cmd("INCR").arg("count").query(&mut connection)
            };
            let first = incr().expect("the server answers");
            let last =
                (0..n).map(|_| incr().expect("the server answers")).last();
            last.unwrap_or(first) - first
        }),
        "pipeline" => Worker::new(move |n| {
            let mut counted = 0;
            for _ in 0..n / BATCH {
                let mut pipeline = redis::pipe();
                for _ in 0..BATCH {
                    pipeline.cmd("INCR").arg("count");
                }
                let counts: Vec<u64> = pipeline
                    .query(&mut connection)
                    .expect("the server answers");
                counted += counts.len() as u64;
            }
            counted
        }),
        _ => return Ok(None),
    };
    Ok(Some(worker.with(server)))
}

/// A server of this worker's own, which keeps nothing.
fn server() -> Result<(u16, u32), Error> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new("redis-server");
    command.args([
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--port",
        &port.to_string(),
    ]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    match child {
        Ok(child) => Ok((port, child.id())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(super::Missing("no redis-server on this machine".into()).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Until it listens, for ten seconds at most.
fn connect(client: &redis::Client) -> Result<redis::Connection, Error> {
    for _ in 0..500 {
        if let Ok(connection) = client.get_connection() {
            return Ok(connection);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(client.get_connection()?)
}
