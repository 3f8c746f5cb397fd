//! An evaluation server: each line an expression, until `quit`.
//!
//! Python: `loop.sock_accept` and streams, in `40_eval_server.py`.
//! Notes: N4:1384.
//!
//! Each client has a task that reads a line, answers it, and reads the next.
//! This is the shape of every server with a line protocol. All that arrives is
//! hostile until checked: the length of a line, the depth of its brackets, the
//! time for reading or writing one and the number of clients are bounded, and
//! a mistake is answered with an error line. A stream has no messages: a line
//! may come in pieces, or many lines in one.
//!
//! The accept loop in `src/by_hand.rs` serves all the servers here: it bounds
//! connections, survives a failed `accept`, and ends on a signal. asyncio's
//! `start_server` accepts without a bound: 1500 clients take 1500 descriptors
//! even where a semaphore lets 1000 of them go on. So the sibling takes a
//! place first, and then accepts. `tests/servers` attacks this program.
//!
//! By hand: `cargo run -p asyncio --example eval_server -- --port 15555`, with
//! `nc 127.0.0.1 15555` as the client, and Ctrl-C to end. A little longer than
//! a screen: it brings its clients along.
//!
//! In the notes: the line goes to `eval`, so any client can run any Python in
//! the server. Their `quit` does not work: it is evaluated first, and arrives
//! as `quit\n`. The first mistake ends the connection, and `read(255)` does
//! not read a line.
//!
//! ```text,expect
//! @tasks
//! server: listening on 127.0.0.1:{patient:int 1..65535}
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
//! bob: a last line without its end -> 4
//! server: stopped
//! server: listening on 127.0.0.1:{impatient:int 1..65535}
//! cid: half a line -> closed
//! server: stopped
//! ```
//!
//! Break it: `b"quit" => return Ok(()),` => `b"quit" => std::process::exit(0),`
//! Break it: `DEEPEST: u32 = 100` => `DEEPEST: u32 = 1_000_000`
//! Break it: `if bytes.is_empty() && line.is_empty() {` => `if bytes.is_empty() {`
//! Break it: `line = timeout(patience, read_line(&mut reader)) => line??,` =>
//! `line = read_line(&mut reader) => line?,`
//! Break it (Python): `asyncio.timeout(patience):  # to read` =>
//! `asyncio.timeout(None):`
//! Break it (Python): `DEEPEST = 100` => `DEEPEST = 200`

use asyncio::{by_hand, expression};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::select;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const LONGEST: usize = 65_536;
const DEEPEST: u32 = 100;
/// Far more than a client has to wait.
const LONG: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [port, patience] = by_hand::options(["--port", "--patience"])?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    serve(port, patience, ann_and_bob).await?;
    if port.is_none() {
        serve(None, Duration::from_millis(20), cid).await?;
    }
    Ok(())
}

async fn serve(
    port: Option<u64>,
    patience: Duration,
    clients: impl AsyncFnOnce(SocketAddr) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    by_hand::serve(
        listener,
        |socket, ending| answer_lines(socket, patience, ending),
        by_hand::until(port, clients(addr)),
    )
    .await?;
    println!("server: stopped");
    Ok(())
}

async fn answer_lines(
    mut socket: TcpStream,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    let (reader, mut writer) = socket.split();
    let mut reader = BufReader::new(reader);
    loop {
        let line = select! {
            line = timeout(patience, read_line(&mut reader)) => line??,
            () = ending.cancelled() => None,
        };
        let Some(line) = line else { return Ok(()) };
        let answer = match line.trim_ascii() {
            b"quit" => return Ok(()),
            expression => match evaluate(expression) {
                Ok(value) => format!("{value}\n"),
                Err(error) => format!("error: {error}\n"),
            },
        };
        timeout(patience, writer.write_all(answer.as_bytes())).await??;
    }
}

/// Reads a line, but keeps no more of it than shows that it is too long. At
/// the end of the stream a last line may lack its newline.
async fn read_line(
    reader: &mut (impl AsyncBufRead + Unpin),
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let bytes = reader.fill_buf().await?;
        if bytes.is_empty() && line.is_empty() {
            return Ok(None);
        }
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let is_whole = end.is_some() || bytes.is_empty();
        let part = &bytes[..end.unwrap_or(bytes.len())];
        let room = LONGEST + 1 - line.len();
        line.extend(&part[..part.len().min(room)]);
        let used = end.map_or(bytes.len(), |end| end + 1);
        reader.consume(used);
        if is_whole {
            return Ok(Some(line));
        }
    }
}

fn evaluate(line: &[u8]) -> Result<i64, String> {
    if line.len() > LONGEST {
        return Err(format!("longer than {LONGEST} bytes"));
    }
    let text = str::from_utf8(line).map_err(|_| "not UTF-8")?;
    expression::evaluate(text, DEEPEST)
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
    bob.write_all(b"2 + 2").await?;
    bob.shutdown().await?;
    println!("bob: a last line without its end -> {}", hear(&mut bob).await?);
    Ok(())
}

async fn cid(addr: SocketAddr) -> io::Result<()> {
    let mut cid = BufReader::new(TcpStream::connect(addr).await?);
    cid.write_all(b"2 + ").await?;
    println!("cid: half a line -> {}", hear(&mut cid).await?);
    Ok(())
}

async fn ask(
    client: &mut BufReader<TcpStream>,
    line: &[u8],
) -> io::Result<String> {
    client.write_all(&[line, b"\n"].concat()).await?;
    hear(client).await
}

async fn hear(client: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut answer = String::new();
    match timeout(LONG, client.read_line(&mut answer)).await?? {
        0 => Ok("closed".into()),
        _ => Ok(answer.trim_end().into()),
    }
}
