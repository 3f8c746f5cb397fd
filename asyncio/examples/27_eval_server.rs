//! An evaluation server: each line an expression, until `quit`.
//!
//! Python: `asyncio.start_server` with streams, in `27_eval_server.py`.
//! Notes: N4:1384.
//!
//! A task for each client reads a line, answers it, and reads the next. What
//! comes from outside is hostile until shown to be harmless: the length of a
//! line, the depth of its brackets, the number of clients and the time that
//! one may take are all bounded, and a mistake is answered with an error line.
//! `tests/eval_server.rs` attacks it.
//!
//! The notes pass the line to `eval`, so that any client may run any Python in
//! the server. Nor does their `quit` work: it is evaluated first, and arrives
//! as `quit\n`, which is not `quit`. The first mistake ends the connection. And
//! `read(255)` does not read a line: a stream has bytes and no messages.
//!
//! By hand: `cargo run -p asyncio --example eval_server -- --port 15555`, with
//! `nc 127.0.0.1 15555` as the client, and Ctrl-C to end. Longer than a screen:
//! half of it is the parser.
//!
//! ```text,expect
//! server: listening on 127.0.0.1:{:int 1..65535}
//! ann: 2 + 3 * 4 -> 14
//! ann: (7 - 10) * -(2 + 3) / 2 -> 7
//! ann: 1 / 0 -> error: division by zero
//! ann: 9223372036854775807 + 1 -> error: overflow
//! ann: 2 + -> error: the line ends too early
//! ann: 2 + 2) -> error: unexpected ')'
//! ann: __import__('os').getpid() -> error: unexpected '_'
//! ann: 10000 brackets -> error: nested deeper than 100
//! ann: a line of 1 MB -> error: longer than 65536 bytes
//! ann: no UTF-8 -> error: not UTF-8
//! ann: quit -> closed
//! bob: 6 * 7 -> 42
//! server: stopped
//! ```
//!
//! Break it: `b"quit" => return Ok(()),` => `b"quit" => std::process::exit(0),`
//! Break it: `const DEEPEST: u32 = 100;` => `const DEEPEST: u32 = 1_000_000;`

use asyncio::by_hand;
use std::error::Error;
use std::io;
use std::iter::Peekable;
use std::net::SocketAddr;
use std::str::Chars;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const LONGEST: usize = 65_536;
const DEEPEST: u32 = 100;
const MOST_CLIENTS: usize = 1000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [port, patience] = by_hand::options(["--port", "--patience"])?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    select! {
        () = serve(listener, patience) => {}
        ended = by_hand::until(port, ann_and_bob(addr)) => ended?,
    }
    println!("server: stopped");
    Ok(())
}

async fn serve(listener: TcpListener, patience: Duration) {
    let mut clients = JoinSet::new();
    loop {
        select! {
            new = listener.accept(), if clients.len() < MOST_CLIENTS => {
                match new {
                    Ok((socket, _)) => {
                        clients.spawn(answer_lines(socket, patience));
                    }
                    // Out of files, say: some will close.
                    Err(_) => sleep(Duration::from_millis(10)).await,
                }
            }
            Some(_) = clients.join_next() => {} // however it ended
        }
    }
}

async fn answer_lines(
    mut socket: TcpStream,
    patience: Duration,
) -> io::Result<()> {
    let (reader, mut writer) = socket.split();
    let mut reader = BufReader::new(reader);
    while let Some(line) = timeout(patience, read_line(&mut reader)).await?? {
        let answer = match line.trim_ascii() {
            b"quit" => return Ok(()),
            expression => match evaluate(expression) {
                Ok(value) => format!("{value}\n"),
                Err(error) => format!("error: {error}\n"),
            },
        };
        timeout(patience, writer.write_all(answer.as_bytes())).await??;
    }
    Ok(())
}

/// Reads a line, but keeps no more of it than shows that it is too long.
async fn read_line(
    reader: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let bytes = reader.fill_buf().await?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        let room = LONGEST + 1 - line.len();
        line.extend(&part[..part.len().min(room)]);
        let used = end.map_or(bytes.len(), |end| end + 1);
        reader.consume(used);
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

fn evaluate(line: &[u8]) -> Result<i64, String> {
    if line.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let text = str::from_utf8(line).map_err(|_| "not UTF-8")?;
    let mut rest = Expression { rest: text.chars().peekable(), depth: 0 };
    let value = rest.sum()?;
    match rest.next() {
        None => Ok(value),
        extra => Err(unexpected(extra)),
    }
}

struct Expression<'a> {
    rest: Peekable<Chars<'a>>,
    depth: u32,
}

impl Expression<'_> {
    fn sum(&mut self) -> Result<i64, String> {
        let mut value = self.product()?;
        while let Some(sign) = self.next_if_one_of("+-") {
            let operand = self.product()?;
            value = match sign {
                '+' => value.checked_add(operand),
                _ => value.checked_sub(operand),
            }
            .ok_or("overflow")?;
        }
        Ok(value)
    }

    fn product(&mut self) -> Result<i64, String> {
        let mut value = self.operand()?;
        while let Some(sign) = self.next_if_one_of("*/") {
            let operand = self.operand()?;
            value = match (sign, operand) {
                ('*', _) => value.checked_mul(operand),
                (_, 0) => return Err("division by zero".into()),
                _ => value.checked_div(operand),
            }
            .ok_or("overflow")?;
        }
        Ok(value)
    }

    fn operand(&mut self) -> Result<i64, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("nested deeper than {DEEPEST}"));
        }
        let value = match self.next() {
            Some('-') => self.operand()?.checked_neg().ok_or("overflow")?,
            Some('(') => {
                let value = self.sum()?;
                match self.next() {
                    Some(')') => value,
                    other => return Err(unexpected(other)),
                }
            }
            Some(digit @ '0'..='9') => self.number(digit)?,
            other => return Err(unexpected(other)),
        };
        self.depth -= 1;
        Ok(value)
    }

    fn number(&mut self, first: char) -> Result<i64, String> {
        let mut digits = String::from(first);
        while let Some(digit) = self.rest.next_if(char::is_ascii_digit) {
            digits.push(digit);
        }
        digits.parse().map_err(|_| "overflow".into())
    }

    fn next(&mut self) -> Option<char> {
        while self.rest.next_if_eq(&' ').is_some() {}
        self.rest.next()
    }

    fn next_if_one_of(&mut self, signs: &str) -> Option<char> {
        while self.rest.next_if_eq(&' ').is_some() {}
        self.rest.next_if(|c| signs.contains(*c))
    }
}

fn unexpected(found: Option<char>) -> String {
    match found {
        Some(found) => format!("unexpected {found:?}"),
        None => "the line ends too early".into(),
    }
}

async fn ann_and_bob(addr: SocketAddr) -> io::Result<()> {
    let mut ann = BufReader::new(TcpStream::connect(addr).await?);
    let mut bob = BufReader::new(TcpStream::connect(addr).await?);
    for question in [
        "2 + 3 * 4",
        "(7 - 10) * -(2 + 3) / 2",
        "1 / 0",
        "9223372036854775807 + 1",
        "2 +",
        "2 + 2)",
        "__import__('os').getpid()",
    ] {
        let answer = ask(&mut ann, question.as_bytes()).await?;
        println!("ann: {question} -> {answer}");
    }
    for (question, line) in [
        ("10000 brackets", &[b'('; 10_000][..]),
        ("a line of 1 MB", &[b'1'; 1_000_000]),
        ("no UTF-8", &[0xff, 0xfe]),
        ("quit", b"quit"),
    ] {
        println!("ann: {question} -> {}", ask(&mut ann, line).await?);
    }
    println!("bob: 6 * 7 -> {}", ask(&mut bob, b"6 * 7").await?);
    Ok(())
}

async fn ask(
    client: &mut BufReader<TcpStream>,
    line: &[u8],
) -> io::Result<String> {
    client.write_all(&[line, b"\n"].concat()).await?;
    let mut answer = String::new();
    match client.read_line(&mut answer).await? {
        0 => Ok("closed".into()),
        _ => Ok(answer.trim_end().into()),
    }
}
