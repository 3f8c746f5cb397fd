//! Attacks on the server of `http_session`.

use std::io::Read;

use crate::Tested;
use crate::kit::{Attacked, Client, Server, attack};

struct Http;

attack!(Http);

impl Attacked for Http {
    const EXAMPLE: &'static str = "http_session";
    const MOST_MEMORY: u64 = 20_000;
    const TRICKLE_IS_CUT: bool = true;
    const HALF_CLOSED_IS_ANSWERED: bool = true;

    fn question(number: u32) -> Vec<u8> {
        format!("GET /a{number} HTTP/1.1\r\nHost: here\r\n\r\n").into_bytes()
    }

    fn check_answer(client: &mut Client, number: u32) -> Tested {
        assert_eq!(client.line()?, "HTTP/1.1 200 OK");
        let mut size = 0;
        loop {
            let line = client.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(number) = line.strip_prefix("content-length: ") {
                size = number.parse()?;
            }
        }
        let mut page = vec![0; size];
        client.socket.read_exact(&mut page)?;
        assert_eq!(String::from_utf8(page)?, format!("page a{number}"));
        Ok(())
    }

    fn endless() -> (&'static [u8], &'static [u8]) {
        (b"GET /", b"a")
    }
}

#[test]
fn outlives_heads_and_bodies_without_an_end() -> Tested {
    let mut server = Server::start::<Http>(1)?;
    for begin in [
        "GET / HTTP/1.1\r\nHost: here\r\nA: ",
        "POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 999999999999\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n\
         fffffff\r\n",
    ] {
        let mut client = server.client()?;
        client.send(begin.as_bytes())?;
        for _ in 0..100 {
            if client.send(&[b'a'; 100_000]).is_err() {
                break; // closed
            }
        }
        client.hears_the_end()?;
    }
    server.is_well::<Http>("endless heads and bodies")
}

#[test]
fn closes_on_what_is_no_http() -> Tested {
    let mut server = Server::start::<Http>(60)?;
    for wrong in [&b"\0\xff\0\xff\r\n\r\n"[..], b"HELO there\r\n\r\n"] {
        let mut client = server.client()?;
        client.send(wrong)?;
        client.hears_the_end()?;
    }
    server.is_well::<Http>("no HTTP")
}
