//! An HTTP session: 100 pages over 10 connections.
//!
//! Python: `http.client` connections in a pool, in `33_http_session.py`; the
//! standard library has no async HTTP client.
//! Notes: N0:1383, N2:625.
//!
//! A session keeps its connections open for the next request, and so saves a
//! handshake each time; it also is the place to bound how many there are. A
//! request takes one that is idle, makes one if there is none, and puts it back
//! once the answer has been read to its end. The semaphore stands before all
//! this: whoever has a permit finds an idle connection or may open one. Here
//! the server answers only when ten requests are in it together.
//!
//! In programs `reqwest::Client` is the session, as `aiohttp.ClientSession` is
//! in Python; make one and clone it. It bounds the idle connections, not the
//! open ones, where aiohttp allows 100. So the semaphore stays yours to hold.
//! Underneath it works with hyper, as this does by itself.
//!
//! By hand: `cargo run -p asyncio --example http_session -- --port 8080`, then
//! `curl http://127.0.0.1:8080/7`, and Ctrl-C to end. Longer than a screen:
//! half of it is the server that counts.
//!
//! ```text,expect
//! server: listening on 127.0.0.1:{:int 1..65535}
//! client: 100 pages, each the right one
//! server: 100 requests over 10 connections
//! server: at once 10 connections, 10 requests
//! ```
//!
//! Break it: `Semaphore::new(AT_ONCE)` => `Semaphore::new(2 * AT_ONCE)`
//! Break it: `.push(connection); // for the next` => `.clear();`

use asyncio::by_hand;
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

type Failure = Box<dyn Error + Send + Sync>;

const PAGES: usize = 100;
const AT_ONCE: usize = 10;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [port] = by_hand::options(["--port"])?;
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    let site = Arc::new(Site::new(port.is_none()));
    select! {
        ended = serve(listener, Arc::clone(&site)) => ended?,
        ended = by_hand::until(port, fetch_all(addr)) => ended?,
    }
    let Site { connections, requests, .. } = &*site;
    let (opened, asked) =
        (connections.all.load(Relaxed), requests.all.load(Relaxed));
    println!("server: {asked} requests over {opened} connections");
    let (opened, asked) =
        (connections.most.load(Relaxed), requests.most.load(Relaxed));
    println!("server: at once {opened} connections, {asked} requests");
    Ok(())
}

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
    idle: Mutex<Vec<SendRequest<Empty<Bytes>>>>,
}

impl Session {
    async fn get(&self, path: &str) -> Result<Bytes, Failure> {
        let _permit = self.permits.acquire().await?;
        let idle = self.idle.lock().expect("no holder panics").pop();
        let mut connection = match idle {
            Some(connection) if !connection.is_closed() => connection,
            _ => self.connect().await?,
        };
        let request = Request::get(path)
            .header("host", self.addr.to_string())
            .body(Empty::new())?;
        let response = connection.send_request(request).await?;
        let page = response.into_body().collect().await?.to_bytes();
        connection.ready().await?;
        let mut idle = self.idle.lock().expect("no holder panics");
        idle.push(connection); // for the next
        Ok(page)
    }

    async fn connect(&self) -> Result<SendRequest<Empty<Bytes>>, Failure> {
        let socket = TcpStream::connect(self.addr).await?;
        let (requests, connection) = handshake(TokioIo::new(socket)).await?;
        tokio::spawn(connection);
        Ok(requests)
    }
}

async fn serve(listener: TcpListener, site: Arc<Site>) -> Result<(), Failure> {
    loop {
        let (socket, _) = listener.accept().await?;
        let site = Arc::clone(&site);
        tokio::spawn(async move {
            site.connections.enter();
            let service = service_fn(|request| site.page(request));
            let connection = http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service);
            let _ = connection.await; // however it ended
            site.connections.leave();
        });
    }
}

struct Site {
    connections: Count,
    requests: Count,
    together: Option<Barrier>,
}

impl Site {
    fn new(answer_together: bool) -> Self {
        let together = answer_together.then(|| Barrier::new(AT_ONCE));
        let (connections, requests) = (Count::default(), Count::default());
        Self { connections, requests, together }
    }

    async fn page(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        self.requests.enter();
        if let Some(together) = &self.together {
            together.wait().await;
        }
        self.requests.leave();
        let number = request.uri().path().trim_start_matches('/');
        Ok(Response::new(Full::from(format!("page {number}"))))
    }
}

#[derive(Default)]
struct Count {
    all: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Count {
    fn enter(&self) {
        self.all.fetch_add(1, Relaxed);
        self.most.fetch_max(self.now.fetch_add(1, Relaxed) + 1, Relaxed);
    }

    fn leave(&self) {
        self.now.fetch_sub(1, Relaxed);
    }
}
