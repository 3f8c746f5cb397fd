//! Attacks on `chat_server`.

use std::error::Error;
use std::io::Read;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Tested;
use crate::kit::{Attacked, Client, Server, attack};

struct Chat;

attack!(Chat);

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;

impl Attacked for Chat {
    const EXAMPLE: &'static str = "chat_server";
    const MOST_MEMORY: u64 = 32_000;
    const TRICKLE_IS_CUT: bool = true;
    const HALF_CLOSED_IS_ANSWERED: bool = false;

    /// Each has a room to itself.
    fn greet(client: &mut Client) -> Tested {
        static ROOMS: AtomicU32 = AtomicU32::new(0);
        let room = ROOMS.fetch_add(1, Ordering::Relaxed);
        join(client, &format!("room{room}"))
    }

    fn question(number: u32) -> Vec<u8> {
        frame(0x80 | TEXT, format!("hello {number}").as_bytes())
    }

    fn check_answer(client: &mut Client, number: u32) -> Tested {
        assert_eq!(text(client)?, format!("hello {number}"));
        Ok(())
    }

    /// A text, and then one more part of it after the other.
    fn endless() -> (&'static [u8], &'static [u8]) {
        (&[TEXT, 0x81, 0, 0, 0, 0, b'x'], &[0, 0x81, 0, 0, 0, 0, b'x'])
    }
}

fn join(client: &mut Client, room: &str) -> Tested {
    client.send(
        format!(
            "GET /{room}/me HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n\
             Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        .as_bytes(),
    )?;
    let status = client.line()?;
    assert_eq!(status, "HTTP/1.1 101 Switching Protocols");
    while !client.line()?.is_empty() {}
    assert_eq!(text(client)?, "welcome");
    Ok(())
}

/// A frame from a client, masked by a key of zeros.
fn frame(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut frame = head(kind, data.len() as u64);
    frame.extend(data);
    frame
}

fn head(kind: u8, size: u64) -> Vec<u8> {
    let mut head = vec![kind];
    match size {
        ..126 => head.push(0x80 | size as u8),
        126..65_536 => {
            head.push(0x80 | 126);
            head.extend((size as u16).to_be_bytes());
        }
        65_536.. => {
            head.push(0x80 | 127);
            head.extend(size.to_be_bytes());
        }
    }
    head.extend([0; 4]);
    head
}

/// The next frame that is no ping: its kind, and what is in it.
fn next(client: &mut Client) -> Result<(u8, Vec<u8>), Box<dyn Error>> {
    loop {
        let mut head = [0; 2];
        client.socket.read_exact(&mut head)?;
        let size = match head[1] {
            126 => {
                let mut size = [0; 2];
                client.socket.read_exact(&mut size)?;
                u16::from_be_bytes(size).into()
            }
            127 => return Err("longer than anything that was sent".into()),
            size => usize::from(size),
        };
        let mut data = vec![0; size];
        client.socket.read_exact(&mut data)?;
        let kind = head[0] & 0xf;
        if kind != PING {
            return Ok((kind, data));
        }
        client.send(&frame(0x8a, &data))?; // the pong
    }
}

fn text(client: &mut Client) -> Result<String, Box<dyn Error>> {
    match next(client)? {
        (TEXT, data) => Ok(String::from_utf8(data)?),
        (kind, data) => Err(format!("a frame {kind}: {data:?}").into()),
    }
}

/// Every reader is prompt, so nobody is put out.
#[test]
fn delivers_bursts_to_who_reads() -> Tested {
    let mut server = Server::start::<Chat>(60)?;
    let (mut poster, mut listener) = (server.client()?, server.client()?);
    join(&mut poster, "rust")?;
    join(&mut listener, "rust")?;
    for burst in 0..10 {
        let texts: Vec<_> = (0..40)
            .map(|number| {
                format!("{} {}", burst * 40 + number, "x".repeat(340))
            })
            .collect();
        let frames: Vec<_> = texts
            .iter()
            .flat_map(|text| frame(0x80 | TEXT, text.as_bytes()))
            .collect();
        poster.send(&frames)?;
        for client in [&mut poster, &mut listener] {
            for expected in &texts {
                assert_eq!(text(client)?, *expected);
            }
        }
    }
    server.is_well::<Chat>("bursts")
}

#[test]
fn bounds_frames_that_are_never_finished() -> Tested {
    let mut server = Server::start::<Chat>(1)?;
    let mut unfinished = Vec::new();
    for _ in 0..100 {
        let mut client = server.guest::<Chat>()?;
        client.send(&head(0x80 | TEXT, 65_536))?;
        client.send(&[b'x'; 65_535])?;
        unfinished.push(client);
    }
    for client in &mut unfinished {
        client.hears_the_end()?;
    }
    server.is_well::<Chat>("100 unfinished frames")
}

#[test]
fn outlives_floods_of_pings() -> Tested {
    let mut server = Server::start::<Chat>(60)?;
    let mut polite = server.guest::<Chat>()?;
    let mut deaf = server.deaf_client()?;
    Chat::greet(&mut deaf)?;
    let pings = frame(0x80 | PING, &[b'x'; 125]).repeat(1000);
    // 52 MB, of whose answers it keeps no more than its buffer holds.
    for number in 0..400 {
        deaf.send(&pings)?;
        polite.ask::<Chat>(number)?;
    }
    server.is_well::<Chat>("a flood of pings")
}

#[test]
fn says_why_it_closes() -> Tested {
    let mut server = Server::start::<Chat>(60)?;
    for (wrong, code) in [
        (head(0x80 | TEXT, 65_537), 1009),
        (head(0x80 | TEXT, 1 << 62), 1009),
        (
            [frame(TEXT, &[b'x'; 60_000]), frame(0x80, &[b'x'; 60_000])]
                .concat(),
            1009,
        ),
        (frame(0x80 | TEXT, b"\xff\xfe"), 1007),
        (vec![0x81, 1, b'x'], 1002), // not masked
        (frame(0x80, b"x"), 1002),   // goes on with nothing
        (frame(0xc0 | TEXT, b"x"), 1002), // a reserved bit
        (frame(0x80 | PING, &[b'x'; 126]), 1002), // too long for its kind
    ] {
        let mut client = server.guest::<Chat>()?;
        client.send(&wrong)?;
        let (kind, data) = next(&mut client)?;
        assert_eq!(kind, CLOSE, "to {:?}", &wrong[..2]);
        assert_eq!(u16::from_be_bytes([data[0], data[1]]), code);
        client.hears_the_end()?;
    }
    server.is_well::<Chat>("violations")
}

#[test]
fn refuses_what_is_no_place() -> Tested {
    let mut server = Server::start::<Chat>(60)?;
    for path in ["/", "/rust", "/rust/", "//me", "/rust/me/too", "/ru-st/me"] {
        let mut client = server.client()?;
        client.send(
            format!(
                "GET {path} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n\
                 Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                 Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            .as_bytes(),
        )?;
        assert_eq!(client.line()?, "HTTP/1.1 404 Not Found", "to {path}");
        client.hears_the_end()?;
    }
    server.is_well::<Chat>("no places")
}

#[test]
fn outlives_handshakes_without_an_end() -> Tested {
    let mut server = Server::start::<Chat>(60)?;
    let mut client = server.client()?;
    client.send(b"GET /rust/me HTTP/1.1\r\nA: ")?;
    for _ in 0..100 {
        if client.send(&[b'a'; 100_000]).is_err() {
            break;
        }
    }
    client.hears_the_end()?;
    server.is_well::<Chat>("a handshake without an end")
}
