//! What lets the servers among the examples be run by hand:
//! `cargo run -p asyncio --example eval_server -- --port 15555`.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};
use std::{env, io};

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
        let usage = || format!("`{arg}`: give {} NUMBER", names.join(", "));
        let at = names.iter().position(|name| *name == arg);
        let value = args.next().and_then(|value| value.parse().ok());
        values[at.ok_or_else(usage)?] = Some(value.ok_or_else(usage)?);
    }
    Ok(values)
}

/// Listens on 127.0.0.1: on this port, or on any free one.
///
/// The listener does not block, as tokio's `from_std` asks of it.
///
/// # Errors
///
/// If it cannot, for instance since another program has the port.
pub fn listen(port: Option<u64>) -> Result<TcpListener, String> {
    let port = port.unwrap_or(0);
    let number = u16::try_from(port).map_err(|_| format!("no port: {port}"))?;
    let listen = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    listen().map_err(|error: io::Error| {
        let way_out = match error.kind() {
            ErrorKind::AddrInUse => "end what listens there, or give another",
            ErrorKind::PermissionDenied => "give one of 1024 or more",
            _ => "give another",
        };
        format!("port {number} of 127.0.0.1: {error}; {way_out} with --port")
    })
}
