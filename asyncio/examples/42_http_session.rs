//! An HTTP session: 100 pages over 10 connections.
//!
//! Python: `http.client` connections in a pool, in `42_http_session.py`; the
//! standard library has no async HTTP client.
//! Notes: N0:1388, N2:626.
//!
//! A session keeps its connections open for the next request, which saves a
//! handshake each time, and is the place to bound their number. A request
//! takes an idle connection, or makes one if there is none, and puts it back
//! once the answer has been read to its end. The semaphore comes first: a
//! request with a permit finds an idle connection or may open one. A server
//! may close after any answer, as it does here after page 50. That page is as
//! good as any; only its connection is not kept.
//!
//! In programs `reqwest::Client` is the session, as `aiohttp.ClientSession` is
//! in Python: make one and share it. aiohttp allows 100 connections. reqwest
//! bounds none: not the open ones, and the idle ones only if you say so with
//! `pool_max_idle_per_host`. So the semaphore stays yours to hold. reqwest is
//! built on hyper, which this uses directly; it also repeats a request that
//! was not sent because an idle connection had just been closed.
//!
//! The server, in `src/http_site.rs`, answers only when ten requests are in it
//! together. By hand: `cargo run -p asyncio --example http_session -- --port
//! 8080`, then `curl http://127.0.0.1:8080/7`, and Ctrl-C to end. Longer than a
//! screen by what makes a session fit for use: limits, and every error told.
//!
//! ```text,expect
//! @tasks
//! server: listening on 127.0.0.1:{:int 1..65535}
//! client: 100 pages, each the right one
//! server: 100 requests over 11 connections
//! server: at once {:int 10..11} connections, 10 requests
//! ```
//!
//! Break it: `Semaphore::new(AT_ONCE)` => `Semaphore::new(2 * AT_ONCE)`
//! Break it: `.push(connection); // for the next` => `.clear();`
//! Break it: `if connection.ready().await.is_ok() {` =>
//! `connection.ready().await?; {`
//! Break it (Python): `asyncio.Semaphore(AT_ONCE)` =>
//! `asyncio.Semaphore(2 * AT_ONCE)`
//! Break it (Python): `self.idle.append(connection)` => `connection.close()`

use asyncio::by_hand;
use asyncio::http_site::Site;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

type Failure = Box<dyn Error + Send + Sync>;
type Connection = SendRequest<Empty<Bytes>>;

const PAGES: usize = 100;
const AT_ONCE: usize = 10;
/// The longest page, in bytes, and how long one may take.
const LONGEST: usize = 65_536;
const PATIENCE: Duration = Duration::from_secs(5);

/// Fetches every page in a task of its own, all by one session.
async fn fetch_all(addr: SocketAddr) -> Result<(), Failure> {
    let session = Arc::new(Session {
        addr,
        permits: Semaphore::new(AT_ONCE),
        idle: Mutex::default(),
    });
    let mut fetches = JoinSet::new();
    for number in 0..PAGES {
        let session = Arc::clone(&session);
        fetches.spawn(async move {
            let page = session.get(&format!("/{number}")).await?;
            Ok::<_, Failure>(page == format!("page {number}"))
        });
    }
    let mut right = 0;
    while let Some(fetched) = fetches.join_next().await {
        right += usize::from(fetched??);
    }
    println!("client: {right} pages, each the right one");
    Ok(())
}

struct Session {
    addr: SocketAddr,
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

impl Session {
    async fn get(&self, path: &str) -> Result<Bytes, Failure> {
        let _permit = self.permits.acquire().await?;
        timeout(PATIENCE, self.fetch(path)).await?
    }

    async fn fetch(&self, path: &str) -> Result<Bytes, Failure> {
        let idle = self.idle().pop();
        let mut connection = match idle {
            Some(connection) if !connection.is_closed() => connection,
            _ => self.connect().await?,
        };
        let request = Request::get(path)
            .header("host", self.addr.to_string())
            .body(Empty::new())?;
        let response = connection.send_request(request).await?;
        if !response.status().is_success() {
            return Err(format!("{path}: {}", response.status()).into());
        }
        let body = Limited::new(response.into_body(), LONGEST);
        let page = body.collect().await?.to_bytes();
        if connection.ready().await.is_ok() {
            self.idle().push(connection); // for the next
        }
        Ok(page)
    }

    async fn connect(&self) -> Result<Connection, Failure> {
        let socket = TcpStream::connect(self.addr).await?;
        let (requests, connection) = handshake(TokioIo::new(socket)).await?;
        // It moves the bytes; `send_request` gives its errors.
        tokio::spawn(connection);
        Ok(requests)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().expect("no holder panics")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [port, patience] = by_hand::options(["--port", "--patience"])?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    let together = port.is_none().then_some(AT_ONCE);
    let site = Arc::new(Site::new(together, 50));
    by_hand::serve(
        listener,
        |socket, ending| Arc::clone(&site).attend(socket, patience, ending),
        by_hand::until(port, fetch_all(addr)),
    )
    .await?;
    let (asked, most_asked) = site.requests.totals();
    let (opened, most_opened) = site.connections.totals();
    println!("server: {asked} requests over {opened} connections");
    println!(
        "server: at once {most_opened} connections, {most_asked} requests"
    );
    Ok(())
}
