//! What lets the servers among the examples be run by hand:
//! `cargo run -p asyncio --example eval_server -- --port 15555`.

use std::env;
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;

use tokio::net::{TcpListener, TcpSocket};
use tokio::signal;

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
/// If it cannot, for instance since another program has the port.
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

/// How long a server runs: until Ctrl-C where a port was given, and else until
/// the clients of its own have ended.
///
/// # Errors
///
/// If Ctrl-C cannot be waited for, or as the clients do.
pub async fn until<E: From<io::Error>>(
    port: Option<u64>,
    clients: impl Future<Output = Result<(), E>>,
) -> Result<(), E> {
    match port {
        Some(_) => Ok(signal::ctrl_c().await?),
        None => clients.await,
    }
}
