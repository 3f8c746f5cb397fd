//! The server of `http_session`: it counts who is there, and can make requests
//! wait for each other.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::{Barrier, Notify};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The time for a request that is in hand when the server ends.
const LINGER: Duration = Duration::from_secs(1);

/// Pages that say their own number.
pub struct Site {
    /// Who is connected.
    pub connections: Count,
    /// Who waits for a page.
    pub requests: Count,
    together: Option<Barrier>,
    last: u32,
}

impl Site {
    /// A site whose requests are answered once so many have come, where that
    /// is given. It closes the connection after the page of number `last`.
    pub fn new(together: Option<usize>, last: u32) -> Self {
        Self {
            connections: Count::default(),
            requests: Count::default(),
            together: together.map(Barrier::new),
            last,
        }
    }

    /// Serves a connection, from its first request to its end.
    ///
    /// hyper bounds the head of a request and the time that it takes, the
    /// latter only if it is given a timer. It does not bound the time for
    /// which a client may leave an answer unread, or be silent between two
    /// requests: a connection without a new request for too long is cut.
    ///
    /// # Errors
    ///
    /// If the client is too slow, or does not speak HTTP.
    pub async fn attend(
        self: Arc<Self>,
        socket: TcpStream,
        patience: Duration,
        ending: CancellationToken,
    ) -> io::Result<()> {
        let _present = self.connections.enter();
        let asked = Notify::new();
        let service = service_fn(|request| {
            asked.notify_one();
            self.page(request)
        });
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(patience)
                .max_buf_size(16_384)
                .half_close(true)
                .serve_connection(TokioIo::new(socket), service)
        );
        let silence = async {
            while timeout(patience, asked.notified()).await.is_ok() {}
        };
        let ended = select! {
            ended = &mut connection => ended,
            () = silence => return Err(ErrorKind::TimedOut.into()),
            () = ending.cancelled() => {
                connection.as_mut().graceful_shutdown();
                timeout(LINGER, connection).await?
            }
        };
        // The service cannot fail, so it is the client or its network.
        ended.map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    }

    async fn page(
        &self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let asking = self.requests.enter();
        if let Some(together) = &self.together {
            together.wait().await;
        }
        drop(asking);
        let number = request.uri().path().trim_start_matches('/');
        let mut response = Response::new(format!("page {number}").into());
        if number.parse() == Ok(self.last) {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Ok(response)
    }
}

/// How many there have been, and the most at one time.
#[derive(Default)]
pub struct Count {
    all: AtomicUsize,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Count {
    /// All that have been, and the most of them at once.
    pub fn totals(&self) -> (usize, usize) {
        (self.all.load(Relaxed), self.most.load(Relaxed))
    }

    /// Counts one until what it returns is dropped.
    fn enter(&self) -> Present<'_> {
        self.all.fetch_add(1, Relaxed);
        self.most.fetch_max(self.now.fetch_add(1, Relaxed) + 1, Relaxed);
        Present(self)
    }
}

struct Present<'a>(&'a Count);

impl Drop for Present<'_> {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Relaxed);
    }
}
