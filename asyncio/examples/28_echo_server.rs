//! An echo server by callbacks: made, received, lost.
//!
//! Python: `asyncio.Protocol` on both sides, in `28_echo_server.py`.
//! Notes: N4:1409, N4:1444.
//!
//! asyncio has two styles for connections. Streams are read with `await`, as in
//! `eval_server`. A protocol is an object that is called back: once when the
//! connection is made, for each piece of data, and once when it is lost, with
//! the error if there was one. It writes to a transport, which queues and
//! never waits; a protocol that writes much must heed `pause_writing` itself,
//! where a stream makes it wait. tokio has streams only; a protocol is a loop
//! over one, `run` below. Closing is dropping: the transport is the sending
//! end of a channel.
//!
//! What arrives in one call is a piece of the stream, not a message. The notes'
//! server answers the first piece and closes: good for as long as what was sent
//! fits into one packet. Longer than a screen: both ends are here.
//!
//! By hand: `cargo run -p asyncio --example echo_server -- --port 8888`, with
//! `nc 127.0.0.1 8888` as the client, and Ctrl-C to end.
//!
//! ```text,expect
//! server: listening on 127.0.0.1:{:int 1..65535}
//! @lanes
//! server: connection from 127.0.0.1:{port:int}
//! server: received "Hello World!"  #received
//! server: sends it back and closes  #echoed
//! server: connection lost  #closed
//! client: connected from 127.0.0.1:{port:int}
//! client: sends "Hello World!"  #sent
//! client: received "Hello World!"  #back
//! client: connection lost  #lost
//! @end
//! @before sent received
//! @before echoed back
//! @before closed lost
//! main: done
//! ```
//!
//! Break it: `transport.write(data); // the echo` => `// the echo`
//! Break it: `protocol.connection_lost(ended.err());` => `drop(ended);`

use asyncio::by_hand;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::select;
use tokio::sync::{mpsc, oneshot};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let [port] = by_hand::options(["--port"])?;
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    select! {
        ended = serve(listener) => ended?,
        ended = by_hand::until(port, say_hello(addr)) => ended?,
    }
    println!("main: done");
    Ok(())
}

async fn serve(listener: TcpListener) -> Result<(), Box<dyn Error>> {
    loop {
        let (socket, _) = listener.accept().await?;
        tokio::spawn(run(socket, EchoServer { transport: None }));
    }
}

async fn say_hello(addr: SocketAddr) -> Result<(), Box<dyn Error>> {
    let socket = TcpStream::connect(addr).await?;
    println!("client: connected from {}", socket.local_addr()?);
    let (on_lost, lost) = oneshot::channel();
    tokio::spawn(run(
        socket,
        EchoClient { transport: None, on_lost: Some(on_lost) },
    ));
    Ok(lost.await?)
}

trait Protocol {
    fn connection_made(&mut self, transport: Transport, peer: SocketAddr);
    fn data_received(&mut self, data: &[u8]);
    fn connection_lost(&mut self, error: Option<io::Error>);
}

/// Queues what is to be sent; when the last one is dropped, the queue is
/// emptied and the connection closed.
struct Transport(mpsc::UnboundedSender<Vec<u8>>);

impl Transport {
    fn write(&self, data: &[u8]) {
        let _ = self.0.send(data.to_vec()); // nobody's, if the peer is gone
    }
}

/// Calls a protocol back for what happens to its connection.
async fn run(
    mut socket: TcpStream,
    mut protocol: impl Protocol,
) -> io::Result<()> {
    let (transport, mut queue) = mpsc::unbounded_channel();
    protocol.connection_made(Transport(transport), socket.peer_addr()?);
    let mut piece = [0; 1024];
    let ended = loop {
        let step = select! {
            biased;
            data = queue.recv() => match data {
                Some(data) => socket.write_all(&data).await,
                None => break Ok(()),
            },
            count = socket.read(&mut piece) => match count {
                Ok(0) => break Ok(()),
                Ok(count) => {
                    protocol.data_received(&piece[..count]);
                    Ok(())
                }
                Err(error) => Err(error),
            },
        };
        if step.is_err() {
            break step;
        }
    };
    protocol.connection_lost(ended.err());
    Ok(())
}

struct EchoServer {
    transport: Option<Transport>,
}

impl Protocol for EchoServer {
    fn connection_made(&mut self, transport: Transport, peer: SocketAddr) {
        println!("server: connection from {peer}");
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        println!("server: received {:?}", String::from_utf8_lossy(data));
        if let Some(transport) = self.transport.take() {
            println!("server: sends it back and closes");
            transport.write(data); // the echo
        }
    }

    fn connection_lost(&mut self, _error: Option<io::Error>) {
        println!("server: connection lost");
    }
}

struct EchoClient {
    transport: Option<Transport>, // held, so that it stays open
    on_lost: Option<oneshot::Sender<()>>,
}

impl Protocol for EchoClient {
    fn connection_made(&mut self, transport: Transport, _peer: SocketAddr) {
        println!("client: sends \"Hello World!\"");
        transport.write(b"Hello World!");
        self.transport = Some(transport);
    }

    fn data_received(&mut self, data: &[u8]) {
        println!("client: received {:?}", String::from_utf8_lossy(data));
    }

    fn connection_lost(&mut self, _error: Option<io::Error>) {
        println!("client: connection lost");
        self.on_lost.take().map(|on_lost| on_lost.send(()));
    }
}
