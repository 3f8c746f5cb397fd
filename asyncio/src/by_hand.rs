//! What all servers among the examples share: the port, the accept loop and
//! the end. By hand they run until Ctrl-C:
//! `cargo run -p asyncio --example eval_server -- --port 15555`.

use std::env;
use std::io::{self, ErrorKind, Write};
use std::net::Ipv4Addr;
use std::pin::pin;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio::{select, signal};
use tokio_util::sync::CancellationToken;

/// The numbers given on the command line for the options of these names.
///
/// # Errors
///
/// If something else is given, or no number after a name.
pub fn options<const N: usize>(
    names: [&str; N],
) -> Result<[Option<u64>; N], String> {
    let mut values = [None; N];
    let mut args = env::args().skip(1);
    while let Some(arg) = args.next() {
        let usage = || {
            let known = names.map(|name| format!("{name} NUMBER")).join(" or ");
            format!("`{arg}` is not understood; give {known}")
        };
        let at = names.iter().position(|name| *name == arg);
        let value = args.next().and_then(|value| value.parse().ok());
        values[at.ok_or_else(usage)?] = Some(value.ok_or_else(usage)?);
    }
    Ok(values)
}

/// Listens on 127.0.0.1: on this port, or on any free one. To be called in a
/// runtime, as tokio's own `bind` is.
///
/// # Errors
///
/// If it cannot, for instance because another program has the port.
pub fn listen(port: Option<u64>) -> Result<TcpListener, String> {
    let port = port.unwrap_or(0);
    let number = u16::try_from(port).map_err(|_| format!("no port: {port}"))?;
    let listen = || {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?; // it may just have been in use
        socket.bind((Ipv4Addr::LOCALHOST, number).into())?;
        // `TcpListener::bind` lets 128 wait to be accepted. Of 500 at once the
        // rest would try again after a second.
        socket.listen(1024)
    };
    listen().map_err(|error| {
        let way_out = match error.kind() {
            ErrorKind::AddrInUse => "end what listens there, or give another",
            ErrorKind::PermissionDenied => "give one of 1024 or more",
            _ => "give another",
        };
        format!("port {number} of 127.0.0.1: {error}; {way_out}, or 0 for any")
    })
}

/// How long a server runs: until Ctrl-C or TERM where a port was given, and
/// else until its own clients have ended.
///
/// # Errors
///
/// If signals cannot be waited for, or as the clients do.
pub async fn until<E: From<io::Error>>(
    port: Option<u64>,
    clients: impl Future<Output = Result<(), E>>,
) -> Result<(), E> {
    match port {
        Some(_) => Ok(asked_to_end().await?),
        None => clients.await,
    }
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
    let mut term = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    select! {
        ctrl_c = signal::ctrl_c() => ctrl_c,
        _ = term.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_end() -> io::Result<()> {
    signal::ctrl_c().await
}

/// How many connections a server may have open at once.
pub const MOST_CONNECTIONS: usize = 1000;

/// The time for what is in hand when the server ends.
const DRAIN: Duration = Duration::from_secs(5);

/// How long to wait after an `accept` that failed: at first, and at most.
const PAUSES: [Duration; 2] =
    [Duration::from_millis(10), Duration::from_secs(1)];

/// The accept loop: gives each connection a task of its own until `end` is
/// ready, and then waits for those still open.
///
/// - It bounds their number: the next one is accepted when one has left.
/// - When `accept` fails for want of descriptors or memory, it waits before it
///   tries again, for the connections that are open will leave. Otherwise it
///   would fail again at once, and spin.
/// - At the end nobody else is accepted. The token is cancelled, by which the
///   connections know that they should finish; one that takes too long is cut.
///
/// A connection that fails or panics is told on stderr and harms no other;
/// clients that are slow, gone or wrong are everyday life and not told.
///
/// # Errors
///
/// As `end` does, or if `accept` fails for good: the listener itself is bad.
pub async fn serve<C, E: From<io::Error>>(
    listener: TcpListener,
    connection: impl Fn(TcpStream, CancellationToken) -> C,
    end: impl Future<Output = Result<(), E>>,
) -> Result<(), E>
where
    C: Future<Output = io::Result<()>> + Send + 'static,
{
    let ending = CancellationToken::new();
    let mut open = JoinSet::new();
    let mut end = pin!(end);
    let (mut not_before, mut pause) = (Instant::now(), PAUSES[0]);
    let ended = loop {
        let accept = async {
            sleep_until(not_before).await;
            listener.accept().await
        };
        select! {
            ended = &mut end => break ended,
            accepted = accept, if open.len() < MOST_CONNECTIONS => {
                match accepted {
                    Ok((socket, _)) => {
                        pause = PAUSES[0];
                        open.spawn(connection(socket, ending.clone()));
                    }
                    Err(error) if is_for_good(&error) => break Err(error.into()),
                    Err(error) if is_of_one_client(&error) => {}
                    Err(error) => {
                        tell(&format!("accept: {error}, again in {pause:?}"));
                        not_before = Instant::now() + pause;
                        pause = (2 * pause).min(PAUSES[1]);
                    }
                }
            }
            Some(outcome) = open.join_next() => {
                not_before = Instant::now(); // there is a descriptor again
                tell_outcome(outcome);
            }
        }
    };
    drop(listener);
    ending.cancel();
    let drained = timeout(DRAIN, async {
        while let Some(outcome) = open.join_next().await {
            tell_outcome(outcome);
        }
    });
    if drained.await.is_err() {
        tell(&format!("{} connections cut off", open.len()));
        open.shutdown().await;
    }
    ended
}

/// Errors that no later `accept` will be without.
fn is_for_good(error: &io::Error) -> bool {
    // EBADF and ENOTSOCK have no kind; nothing here can cause them.
    [ErrorKind::InvalidInput, ErrorKind::Unsupported].contains(&error.kind())
}

/// Errors that a client or its network causes; the next one may be well.
fn is_of_one_client(error: &io::Error) -> bool {
    [
        ErrorKind::BrokenPipe,
        ErrorKind::ConnectionAborted,
        ErrorKind::ConnectionReset,
        ErrorKind::HostUnreachable,
        ErrorKind::Interrupted,
        ErrorKind::InvalidData, // does not keep to the protocol
        ErrorKind::NetworkDown,
        ErrorKind::NetworkUnreachable,
        ErrorKind::TimedOut,
        ErrorKind::UnexpectedEof,
    ]
    .contains(&error.kind())
}

fn tell_outcome(outcome: Result<io::Result<()>, JoinError>) {
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) if is_of_one_client(&error) => {}
        Ok(Err(error)) => tell(&format!("a connection: {error}")),
        Err(error) => tell(&format!("a connection: {error}")), // it panicked
    }
}

/// Unlike `eprintln`, does not panic where stderr is closed.
fn tell(what: &str) {
    let _ = writeln!(io::stderr(), "server: {what}");
}
