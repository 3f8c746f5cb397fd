//! Attacks on the example `eval_server`, run as a process of its own. It
//! answers or closes the connection; it never dies, and nobody else waits.

use std::error::Error;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, thread};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{setsockopt, sockopt};
use nix::unistd::Pid;

type Tested = Result<(), Box<dyn Error>>;

/// Far longer than anything here takes: what hangs, fails.
const LONG: Duration = Duration::from_secs(60);

struct Server {
    process: Child,
    stdout: BufReader<ChildStdout>,
    addr: SocketAddr,
}

impl Server {
    /// Starts a server that gives a client so many seconds for a line.
    fn start(patience: u32) -> Result<Self, Box<dyn Error>> {
        let mut process = eval_server()?
            .args(["--port", "0", "--patience", &patience.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no pipe")?;
        let mut server = Self {
            process,
            stdout: BufReader::new(stdout),
            addr: ([127, 0, 0, 1], 0).into(),
        };
        let mut line = String::new();
        server.stdout.read_line(&mut line)?;
        let addr = line.trim_end().strip_prefix("server: listening on ");
        server.addr = addr.ok_or("listens nowhere")?.parse()?;
        Ok(server)
    }

    fn client(&self) -> Result<Client, Box<dyn Error>> {
        let socket = TcpStream::connect(self.addr)?;
        socket.set_read_timeout(Some(LONG))?;
        socket.set_write_timeout(Some(LONG))?;
        Ok(Client { socket: BufReader::new(socket) })
    }

    /// One whose unread answers soon fill what the kernel keeps for it.
    fn deaf_client(&self) -> Result<Client, Box<dyn Error>> {
        let client = self.client()?;
        setsockopt(client.socket.get_ref(), sockopt::RcvBuf, &4096)?;
        Ok(client)
    }

    fn is_well(&mut self) -> Tested {
        assert_eq!(self.client()?.ask("6 * 7")?, "42");
        assert!(self.process.try_wait()?.is_none(), "the server has ended");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, as it should in one test.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

struct Client {
    socket: BufReader<TcpStream>,
}

impl Client {
    fn send(&mut self, bytes: &[u8]) -> Tested {
        Ok(self.socket.get_mut().write_all(bytes)?)
    }

    /// The next line; an empty one when the server has closed.
    fn answer(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        self.socket.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    fn ask(&mut self, line: &str) -> Result<String, Box<dyn Error>> {
        self.send(format!("{line}\n").as_bytes())?;
        self.answer()
    }
}

/// The example's executable, which `cargo test` builds along with the tests.
fn eval_server() -> Result<Command, Box<dyn Error>> {
    let mut path: PathBuf = env::current_exe()?;
    path.pop(); // the name
    path.pop(); // deps
    path.push("examples/eval_server");
    if !path.exists() {
        return Err("run `cargo build -p asyncio --examples` first".into());
    }
    Ok(Command::new(path))
}

#[test]
fn evaluates() -> Tested {
    let server = Server::start(60)?;
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
        assert_eq!(client.ask(line)?, answer, "to {line:?}");
    }
    Ok(())
}

#[test]
fn refuses_what_has_no_value() -> Tested {
    let mut server = Server::start(60)?;
    let mut client = server.client()?;
    for line in ["1 / 0", "0 / 0", "1 / (2 - 2)", "1 / -0"] {
        assert_eq!(client.ask(line)?, "error: division by zero", "to {line}");
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
        assert_eq!(client.ask(line)?, "error: overflow", "to {line}");
    }
    assert_eq!(client.ask(smallest)?, "-9223372036854775808");
    server.is_well()
}

#[test]
fn survives_deep_nesting() -> Tested {
    let mut server = Server::start(60)?;
    let mut client = server.client()?;
    let deep = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(client.ask(&deep(99))?, "1");
    for line in
        [deep(100), deep(10_000), "(".repeat(10_000), "-".repeat(10_000)]
    {
        assert_eq!(client.ask(&line)?, "error: nested deeper than 100");
    }
    let flat = vec!["(1)"; 10_000].join("+");
    assert_eq!(client.ask(&flat)?, "10000");
    server.is_well()
}

#[test]
fn survives_long_lines() -> Tested {
    let mut server = Server::start(60)?;
    let mut client = server.client()?;
    let too_long = "error: longer than 65536 bytes";
    assert_eq!(client.ask(&"1".repeat(10_000_000))?, too_long);
    assert_eq!(client.ask(&format!("1{}", "+1".repeat(32_768)))?, too_long);
    assert_eq!(client.ask(&format!("{} 1", " ".repeat(65_534)))?, "1");
    assert_eq!(client.ask("1 + 1")?, "2");
    // One that never ends, and goes.
    let mut endless = server.client()?;
    endless.send(&[b'1'; 1_000_000])?;
    drop(endless);
    server.is_well()
}

#[test]
fn survives_bytes_that_are_no_text() -> Tested {
    let mut server = Server::start(60)?;
    let mut client = server.client()?;
    for line in
        [&b"\xff\xfe\n"[..], b"1 + \xc3\x28\n", b"\xed\xa0\x80\n", b"\x80\n"]
    {
        client.send(line)?;
        assert_eq!(client.answer()?, "error: not UTF-8", "to {line:?}");
    }
    client.send(b"1 +")?; // a line in two parts
    client.send(b" 1\n2 + 2\n")?; // and two lines at once
    assert_eq!((client.answer()?, client.answer()?), ("2".into(), "4".into()));
    server.is_well()
}

#[test]
fn closes_on_a_client_that_never_writes() -> Tested {
    let mut server = Server::start(1)?;
    let mut silent = server.client()?;
    let mut halfway = server.client()?;
    halfway.send(b"1 + ")?;
    server.is_well()?;
    assert_eq!(silent.answer()?, "", "closed");
    assert_eq!(halfway.answer()?, "", "closed");
    server.is_well()
}

#[test]
fn closes_on_a_client_that_never_reads() -> Tested {
    let mut server = Server::start(1)?;
    let mut deaf = server.deaf_client()?;
    let questions = "x\n".repeat(10_000);
    let error = loop {
        if let Err(error) =
            deaf.socket.get_mut().write_all(questions.as_bytes())
        {
            break error;
        }
    };
    let closed = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
    assert!(closed.contains(&error.kind()), "not closed: {error}");
    server.is_well()
}

#[test]
fn serves_500_at_once() -> Tested {
    // Two descriptors a client, on either side: more than some soft limits.
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let mut server = Server::start(60)?;
    let clients: Result<Vec<_>, _> =
        (0..500).map(|_| server.client()).collect();
    let mut clients = clients?;
    for (number, client) in clients.iter_mut().enumerate() {
        client.send(format!("{number} * {number}\n").as_bytes())?;
    }
    for (number, client) in clients.iter_mut().enumerate() {
        assert_eq!(client.answer()?, (number * number).to_string());
    }
    server.is_well()
}

#[test]
fn quit_ends_one_client_only() -> Tested {
    let mut server = Server::start(60)?;
    let (mut leaver, mut stayer) = (server.client()?, server.client()?);
    assert_eq!(stayer.ask("1 + 1")?, "2");
    leaver.send(b"3 * 3\nquit\n4 * 4\n")?;
    assert_eq!(leaver.answer()?, "9");
    let mut rest = Vec::new();
    // Closed with a line unread: a reset, or an end.
    let _ = leaver.socket.read_to_end(&mut rest);
    assert!(rest.is_empty(), "answered after quit: {rest:?}");
    assert_eq!(stayer.ask("2 + 2")?, "4");
    server.is_well()
}

/// All of it together, with a polite client in the middle.
#[test]
fn serves_the_polite_in_a_crowd_of_the_hostile() -> Tested {
    let mut server = Server::start(60)?;
    let mut silent = server.client()?;
    let mut polite = server.client()?;
    let mut deaf = server.deaf_client()?;
    deaf.socket
        .get_ref()
        .set_write_timeout(Some(Duration::from_millis(100)))?;
    let mut endless = server.client()?;
    let shouting = thread::spawn(move || {
        for _ in 0..20 {
            if endless.send(&[b'('; 500_000]).is_err() {
                return;
            }
        }
    });
    let questions = "x\n".repeat(10_000);
    while deaf.send(questions.as_bytes()).is_ok() {}
    for number in 0..100 {
        assert_eq!(
            polite.ask(&format!("{number} + 1"))?,
            (number + 1).to_string()
        );
    }
    shouting.join().expect("it does not panic");
    assert_eq!(silent.ask("1")?, "1");
    server.is_well()
}

#[test]
fn ends_cleanly_on_ctrl_c() -> Tested {
    let mut server = Server::start(60)?;
    let mut client = server.client()?;
    assert_eq!(client.ask("1")?, "1");
    kill(Pid::from_raw(server.process.id().try_into()?), Signal::SIGINT)?;
    let mut rest = String::new();
    server.stdout.read_to_string(&mut rest)?;
    assert_eq!(rest, "server: stopped\n");
    assert!(server.process.wait()?.success());
    assert_eq!(client.answer()?, "", "closed");
    Ok(())
}

#[test]
fn names_the_port_that_is_taken() -> Tested {
    let server = Server::start(60)?;
    let port = server.addr.port().to_string();
    let second = eval_server()?.args(["--port", &port]).output()?;
    let stderr = String::from_utf8(second.stderr)?;
    assert!(!second.status.success());
    assert!(stderr.contains(&format!("port {port} of 127.0.0.1")), "{stderr}");
    assert!(stderr.contains("give another"), "no way out: {stderr}");
    Ok(())
}
