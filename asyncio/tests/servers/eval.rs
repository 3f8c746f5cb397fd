//! Attacks on `eval_server`.

use std::error::Error;
use std::io::{self, ErrorKind, Read};
use std::process::Command;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::Tested;
use crate::kit::{Attacked, Client, Server, attack, example};

struct Eval;

attack!(Eval);

impl Attacked for Eval {
    const EXAMPLE: &'static str = "eval_server";
    const MOST_MEMORY: u64 = 16_000;
    const TRICKLE_IS_CUT: bool = true;
    const HALF_CLOSED_IS_ANSWERED: bool = true;

    fn question(number: u32) -> Vec<u8> {
        format!("{number} * 2\n").into_bytes()
    }

    fn check_answer(client: &mut Client, number: u32) -> Tested {
        assert_eq!(client.line()?, (number * 2).to_string());
        Ok(())
    }

    fn endless() -> (&'static [u8], &'static [u8]) {
        (b"1", b"1")
    }
}

impl Client {
    fn ask_line(&mut self, line: &str) -> Result<String, Box<dyn Error>> {
        self.send(format!("{line}\n").as_bytes())?;
        self.line()
    }
}

#[test]
fn evaluates() -> Tested {
    let server = Server::start::<Eval>(60)?;
    let mut client = server.client()?;
    for (line, answer) in [
        ("1", "1"),
        ("2 + 3 * 4", "14"),
        ("2 * 3 + 4", "10"),
        ("10 - 4 - 3", "3"),
        ("100 / 10 / 5", "2"),
        ("-7 / 2", "-3"),
        ("7 - -7", "14"),
        ("--7", "7"),
        ("(1 + 2) * (3 + 4)", "21"),
        ("((((8))))", "8"),
        ("  5 *5  ", "25"),
        ("5+5\r", "10"),
        ("007", "7"),
        ("", "error: the line ends too early"),
        ("()", "error: unexpected ')'"),
        ("(1", "error: the line ends too early"),
        ("1 2", "error: unexpected '2'"),
        ("* 2", "error: unexpected '*'"),
        ("2 ** 2", "error: unexpected '*'"),
        ("x", "error: unexpected 'x'"),
        ("2 + \u{663}", "error: unexpected '\u{663}'"),
        ("1\u{0}", "error: unexpected '\\0'"),
        ("quit 1", "error: unexpected 'q'"),
    ] {
        assert_eq!(client.ask_line(line)?, answer, "to {line:?}");
    }
    Ok(())
}

#[test]
fn refuses_what_has_no_value() -> Tested {
    let mut server = Server::start::<Eval>(60)?;
    let mut client = server.client()?;
    for line in ["1 / 0", "0 / 0", "1 / (2 - 2)", "1 / -0"] {
        assert_eq!(
            client.ask_line(line)?,
            "error: division by zero",
            "to {line}"
        );
    }
    let smallest = "(-9223372036854775807 - 1)";
    for line in [
        "9223372036854775808",
        "9223372036854775807 + 1",
        "-9223372036854775807 - 2",
        "4611686018427387904 * 2",
        &format!("-{smallest}"),
        &format!("{smallest} / -1"),
        &"9".repeat(10_000),
    ] {
        assert_eq!(client.ask_line(line)?, "error: overflow", "to {line}");
    }
    assert_eq!(client.ask_line(smallest)?, "-9223372036854775808");
    server.is_well::<Eval>("hostile lines")
}

#[test]
fn survives_deep_nesting() -> Tested {
    let mut server = Server::start::<Eval>(60)?;
    let mut client = server.client()?;
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(client.ask_line(&deep(99))?, "1");
    for line in
        [deep(100), deep(10_000), "(".repeat(10_000), "-".repeat(10_000)]
    {
        assert_eq!(client.ask_line(&line)?, "error: nested deeper than 100");
    }
    let flat = vec!["(1)"; 10_000].join("+");
    assert_eq!(client.ask_line(&flat)?, "10000");
    server.is_well::<Eval>("hostile lines")
}

#[test]
fn survives_long_lines() -> Tested {
    let mut server = Server::start::<Eval>(60)?;
    let mut client = server.client()?;
    let too_long = "error: longer than 65536 bytes";
    assert_eq!(client.ask_line(&"1".repeat(10_000_000))?, too_long);
    assert_eq!(
        client.ask_line(&format!("1{}", "+1".repeat(32_768)))?,
        too_long
    );
    assert_eq!(client.ask_line(&format!("{} 1", " ".repeat(65_534)))?, "1");
    assert_eq!(client.ask_line("1 + 1")?, "2");
    // One that never ends, and goes.
    let mut endless = server.client()?;
    endless.send(&[b'1'; 1_000_000])?;
    drop(endless);
    server.is_well::<Eval>("hostile lines")
}

#[test]
fn survives_bytes_that_are_no_text() -> Tested {
    let mut server = Server::start::<Eval>(60)?;
    let mut client = server.client()?;
    for line in
        [&b"\xff\xfe\n"[..], b"1 + \xc3\x28\n", b"\xed\xa0\x80\n", b"\x80\n"]
    {
        client.send(line)?;
        assert_eq!(client.line()?, "error: not UTF-8", "to {line:?}");
    }
    client.send(b"1 +")?; // a line in two parts
    client.send(b" 1\n2 + 2\n")?; // and two lines at once
    assert_eq!((client.line()?, client.line()?), ("2".into(), "4".into()));
    server.is_well::<Eval>("hostile lines")
}

#[test]
fn quit_ends_one_client_only() -> Tested {
    let mut server = Server::start::<Eval>(60)?;
    let (mut leaver, mut stayer) = (server.client()?, server.client()?);
    assert_eq!(stayer.ask_line("1 + 1")?, "2");
    leaver.send(b"3 * 3\nquit\n4 * 4\n")?;
    assert_eq!(leaver.line()?, "9");
    let mut rest = Vec::new();
    // Closed with a line unread: a reset, or an end.
    let _ = leaver.socket.read_to_end(&mut rest);
    assert!(rest.is_empty(), "answered after quit: {rest:?}");
    assert_eq!(stayer.ask_line("2 + 2")?, "4");
    server.is_well::<Eval>("hostile lines")
}

#[test]
fn names_the_port_that_is_taken() -> Tested {
    let server = Server::start::<Eval>(60)?;
    let port = server.addr.port().to_string();
    let second = Command::new(example("eval_server")?)
        .args(["--port", &port])
        .output()?;
    let stderr = String::from_utf8(second.stderr)?;
    assert!(!second.status.success());
    assert!(stderr.contains(&format!("port {port} of 127.0.0.1")), "{stderr}");
    assert!(stderr.contains("give another"), "no way out: {stderr}");
    Ok(())
}

/// The 1001st is let in when another leaves.
#[test]
fn bounds_its_connections() -> Tested {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let mut server = Server::start::<Eval>(60)?;
    let mut clients = Vec::new();
    for _ in 0..1000 {
        clients.push(server.client()?);
    }
    for client in &mut clients {
        client.send(b"1 + 1\n")?;
    }
    for client in &mut clients {
        assert_eq!(client.line()?, "2");
    }
    let mut waiting = server.client()?;
    waiting.send(b"2 + 2\n")?;
    // All the others are served again before he is.
    for client in &mut clients {
        assert_eq!(client.ask_line("3 * 3")?, "9");
    }
    waiting.socket.get_ref().set_nonblocking(true)?;
    let early = waiting.line().err().ok_or("let in before his turn")?;
    let early = early.downcast::<io::Error>()?;
    assert_eq!(early.kind(), ErrorKind::WouldBlock);
    waiting.socket.get_ref().set_nonblocking(false)?;
    clients.pop();
    assert_eq!(waiting.line()?, "4");
    clients.clear();
    server.is_well::<Eval>("1001 clients")
}
