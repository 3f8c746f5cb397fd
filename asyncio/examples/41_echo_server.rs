//! An echo server by callbacks: made, received, lost.
//!
//! Python: `asyncio.Protocol`, in `41_echo_server.py`.
//! Notes: N4:1409, N4:1444.
//!
//! asyncio has two styles for connections. Streams are read with `await`, as
//! in `eval_server`. A protocol is an object that is called back: when the
//! connection is made, for each piece of data, at the end of the client's
//! data, and when the connection is lost, with the error if there was one. It
//! is the faster style there, and what libraries are built on. tokio has
//! streams only; a protocol is a loop over one, `run` below.
//!
//! `write` queues and never waits, so somebody must bound the queue: a
//! protocol is told by `pause_writing` that too much is unsent. This one then
//! stops reading, so that a client who sends and does not read fills the
//! kernel's buffers, and not the server's memory. (A stream makes its writer
//! wait, but only where `drain` is awaited.) Reading and writing go on side by
//! side. To close, the server stops writing first and reads what still comes;
//! otherwise the kernel resets the connection and the end of the echo is lost.
//!
//! By hand: `cargo run -p asyncio --example echo_server -- --port 8888`, with
//! `nc 127.0.0.1 8888` as the client, and Ctrl-C to end. Longer than a screen:
//! the trait, its loop, a protocol and two clients.
//!
//! In the notes: the server answers the first piece and closes. A piece is not
//! a message: a longer text is cut off after the first piece, by a reset.
//!
//! ```text,expect
//! @tasks
//! server: listening on 127.0.0.1:{:int 1..65535}
//! @lanes
//! connection 1: made, from 127.0.0.1:{ann:int}
//! connection 1: received "Hello World!"  #received1
//! connection 1: the client has finished
//! connection 1: lost, 12 bytes echoed  #lost
//! connection 2: made, from 127.0.0.1:{bob:int}
//! connection 2: received "Hello World!"  #received2
//! connection 2: too much is unsent, stops reading  #full
//! connection 2: the client has finished
//! connection 2: lost, 16000012 bytes echoed  #lost
//! ann: connected from 127.0.0.1:{ann:int}
//! ann: sends "Hello World!"  #sent1
//! ann: received "Hello World!"  #back1 #back
//! ann: closed
//! bob: connected from 127.0.0.1:{bob:int}
//! bob: sends "Hello World!"  #sent2
//! bob: received "Hello World!"  #back2 #back
//! bob: sends 16000000 bytes more and does not read
//! bob: begins to read  #reads
//! bob: received 16000000 bytes
//! bob: closed
//! @end
//! @before full reads
//! @before sent1 received1
//! @before sent2 received2
//! @before received1 back1
//! @before received2 back2
//! @before back lost
//! server: at most 2 connections and {:int 65536..400000} bytes unsent
//! ```
//!
//! Break it: `transport.write(data); // the echo` => `// the echo`
//! Break it: `protocol.connection_lost(ended.as_ref().err());` => `// not told`
//! Break it: `const BUSY: usize = 65_536;` => `const BUSY: usize = 65_536_000;`
//! Break it: `transport.reading = false;` => `();`
//! Break it: `transport.reading = true;` => `();`
//! Break it (Python): `self.transport.write(data)` => `pass`
//! Break it (Python): `self.transport.pause_reading()` => `pass`
//! Break it (Python): `self.transport.resume_reading()` => `pass`

use asyncio::by_hand;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tokio::{select, try_join};
use tokio_util::sync::CancellationToken;

/// With so many bytes unsent a protocol is asked to pause.
const BUSY: usize = 65_536;
/// How long a client may still send when its connection is being closed.
const LINGER: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [port, patience] = by_hand::options(["--port", "--patience"])?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    let counts = Arc::new(Counts::default());
    by_hand::serve(
        listener,
        |socket, ending| {
            let echo = EchoServer::new(Arc::clone(&counts));
            run(socket, echo, patience, ending)
        },
        by_hand::until(port, ann_and_bob(addr, &counts.full)),
    )
    .await?;
    let most = counts.most.load(Relaxed);
    let unsent = counts.most_unsent.load(Relaxed);
    println!("server: at most {most} connections and {unsent} bytes unsent");
    Ok(())
}

trait Protocol {
    fn connection_made(&mut self, peer: SocketAddr);
    fn data_received(&mut self, data: &[u8], transport: &mut Transport);
    fn pause_writing(&mut self, transport: &mut Transport);
    fn resume_writing(&mut self, transport: &mut Transport);
    fn eof_received(&mut self);
    fn connection_lost(&mut self, error: Option<&io::Error>);
}

/// Queues what is to be sent.
struct Transport {
    unsent: Vec<u8>,
    reading: bool,
}

impl Transport {
    fn write(&mut self, data: &[u8]) {
        self.unsent.extend(data);
    }
}

struct EchoServer {
    number: usize,
    echoed: usize,
    counts: Arc<Counts>,
}

impl Protocol for EchoServer {
    fn connection_made(&mut self, peer: SocketAddr) {
        let open = self.counts.open.fetch_add(1, Relaxed) + 1;
        self.counts.most.fetch_max(open, Relaxed);
        println!("connection {}: made, from {peer}", self.number);
    }

    fn data_received(&mut self, data: &[u8], transport: &mut Transport) {
        if self.echoed == 0 {
            let text = String::from_utf8_lossy(data);
            println!("connection {}: received {text:?}", self.number);
        }
        transport.write(data); // the echo
        let unsent = transport.unsent.len();
        self.counts.most_unsent.fetch_max(unsent, Relaxed);
        self.echoed += data.len();
    }

    fn pause_writing(&mut self, transport: &mut Transport) {
        transport.reading = false;
        if !self.counts.full.is_cancelled() {
            print!("connection {}: ", self.number);
            println!("too much is unsent, stops reading");
            self.counts.full.cancel(); // bob waits for it
        }
    }

    fn resume_writing(&mut self, transport: &mut Transport) {
        transport.reading = true;
    }

    fn eof_received(&mut self) {
        println!("connection {}: the client has finished", self.number);
    }

    fn connection_lost(&mut self, error: Option<&io::Error>) {
        self.counts.open.fetch_sub(1, Relaxed);
        let why = error.map_or(String::new(), |error| format!(", {error}"));
        let Self { number, echoed, .. } = self;
        println!("connection {number}: lost, {echoed} bytes echoed{why}");
    }
}

/// Calls a protocol back for what happens to its connection.
async fn run(
    mut socket: TcpStream,
    mut protocol: impl Protocol,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    protocol.connection_made(socket.peer_addr()?);
    let ended = exchange(&mut socket, &mut protocol, patience, ending).await;
    protocol.connection_lost(ended.as_ref().err());
    ended
}

async fn exchange(
    socket: &mut TcpStream,
    protocol: &mut impl Protocol,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    let (mut reader, mut writer) = socket.split();
    let mut transport = Transport { unsent: Vec::new(), reading: true };
    let mut piece = [0; 16_384];
    let mut at_end = false;
    while !at_end || !transport.unsent.is_empty() {
        let has_unsent = !transport.unsent.is_empty();
        let reads = !at_end && transport.reading;
        select! {
            count = reader.read(&mut piece), if reads => match count? {
                0 => {
                    at_end = true;
                    protocol.eof_received();
                }
                count => {
                    protocol.data_received(&piece[..count], &mut transport);
                    if transport.unsent.len() >= BUSY {
                        protocol.pause_writing(&mut transport);
                    }
                }
            },
            count = writer.write(&transport.unsent), if has_unsent => {
                transport.unsent.drain(..count?);
                if transport.unsent.len() < BUSY && !transport.reading {
                    protocol.resume_writing(&mut transport);
                }
            }
            () = ending.cancelled(), if !at_end => at_end = true,
            () = sleep(patience) => return Err(io::ErrorKind::TimedOut.into()),
        }
    }
    writer.shutdown().await?;
    match timeout(LINGER, copy(&mut reader, &mut sink())).await {
        Ok(read) => read.map(drop),
        Err(_) => Ok(()), // the client was told, and had its time
    }
}

impl EchoServer {
    fn new(counts: Arc<Counts>) -> Self {
        let number = counts.all.fetch_add(1, Relaxed) + 1;
        Self { number, echoed: 0, counts }
    }
}

#[derive(Default)]
struct Counts {
    all: AtomicUsize,
    open: AtomicUsize,
    most: AtomicUsize,
    most_unsent: AtomicUsize,
    full: CancellationToken,
}

async fn ann_and_bob(
    addr: SocketAddr,
    full: &CancellationToken,
) -> Result<(), Box<dyn Error>> {
    let mut ann = TcpStream::connect(addr).await?;
    let mut bob = TcpStream::connect(addr).await?;
    let together = Barrier::new(2);
    let ann = async {
        say_hello("ann", &mut ann).await?;
        together.wait().await; // both connections are open
        ann.shutdown().await?;
        assert_eq!(ann.read(&mut [0]).await?, 0);
        println!("ann: closed");
        io::Result::Ok(())
    };
    let bob = async {
        say_hello("bob", &mut bob).await?;
        together.wait().await;
        let (mut reader, mut writer) = bob.split();
        println!("bob: sends 16000000 bytes more and does not read");
        let sending = async {
            writer.write_all(&vec![b'x'; 16_000_000]).await?;
            writer.shutdown().await
        };
        let reading = async {
            full.cancelled().await; // the connection is
            for _ in 0..1000 {
                yield_now().await; // time enough to fill more
            }
            println!("bob: begins to read");
            copy(&mut reader, &mut sink()).await
        };
        let ((), received) = try_join!(sending, reading)?;
        println!("bob: received {received} bytes");
        println!("bob: closed");
        Ok(())
    };
    let both = async { try_join!(ann, bob) };
    timeout(Duration::from_secs(5), both).await??; // far more than they take
    Ok(())
}

async fn say_hello(name: &str, socket: &mut TcpStream) -> io::Result<()> {
    println!("{name}: connected from {}", socket.local_addr()?);
    println!("{name}: sends \"Hello World!\"");
    socket.write_all(b"Hello World!").await?;
    let mut echo = [0; 12];
    socket.read_exact(&mut echo).await?;
    println!("{name}: received {:?}", String::from_utf8_lossy(&echo));
    Ok(())
}
