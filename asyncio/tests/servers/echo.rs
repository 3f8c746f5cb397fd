//! Attacks on `echo_server`.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::thread;

use crate::Tested;
use crate::kit::{Attacked, Client, Server, attack};

struct Echo;

attack!(Echo);

impl Attacked for Echo {
    const EXAMPLE: &'static str = "echo_server";
    const MOST_MEMORY: u64 = 24_000;
    const TRICKLE_IS_CUT: bool = false;
    const HALF_CLOSED_IS_ANSWERED: bool = true;

    fn question(number: u32) -> Vec<u8> {
        format!("hello {number}\n").into_bytes()
    }

    fn check_answer(client: &mut Client, number: u32) -> Tested {
        assert_eq!(client.line()?, format!("hello {number}"));
        Ok(())
    }

    fn endless() -> (&'static [u8], &'static [u8]) {
        (b"x", b"x")
    }
}

/// All of it comes back, also what is more than any buffer holds.
#[test]
fn echoes_50_mb() -> Tested {
    let mut server = Server::start::<Echo>(60)?;
    let mut client = server.client()?;
    let mut writer = client.socket.get_ref().try_clone()?;
    let writing = thread::spawn(move || {
        for _ in 0..50 {
            writer.write_all(&[b'x'; 1_000_000])?;
        }
        writer.shutdown(Shutdown::Write)
    });
    let mut received = 0;
    let mut piece = [0; 65_536];
    loop {
        match client.socket.read(&mut piece)? {
            0 => break,
            count => received += count,
        }
    }
    writing.join().expect("it does not panic")?;
    assert_eq!(received, 50_000_000);
    server.is_well::<Echo>("50 MB")
}
