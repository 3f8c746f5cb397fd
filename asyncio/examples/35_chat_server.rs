//! A chat server: rooms over WebSocket, and a member who does not listen.
//!
//! Python: streams, with the WebSocket frames written by hand, in
//! `35_chat_server.py`; the standard library has no WebSocket.
//! Notes: N2:689, N2:693, N2:695.
//!
//! A chat is what tasks are for: many connections that mostly wait. Whoever
//! joins a room gets an outbox of bounded length and a task that empties it
//! into the connection. A post is put into all outboxes of the room in one go,
//! so all members see the same order, and nobody is waited for. If an outbox is
//! full, its owner does not read: he is put out, as a room cannot remember
//! everything for everybody. (To drop his oldest messages is the other choice;
//! `tokio::sync::broadcast` does that.)
//!
//! Ann and bob post in bursts that no outbox is too small for, and go on when
//! all who listen have all of it. Slow never reads.
//!
//! By hand: `cargo run -p asyncio --example chat_server -- --port 9001`, then
//! `websocat ws://127.0.0.1:9001/room/name`, and Ctrl-C to end. Longer than a
//! screen: server and clients are both in it.
//!
//! ```text,expect
//! server: listening on 127.0.0.1:{:int 1..65535}
//! server: slow is put out of rust, 16 messages behind
//! ann: 80 messages, each sender's in order
//! bob: 80 messages, each sender's in order
//! cid: 80 messages, each sender's in order
//! main: ann, bob and cid saw the same order
//! slow: {:int 0..79} of 80 messages, and then the end
//! dan: the first message in python: is anybody here?
//! server: stopped
//! ```
//!
//! Break it: `mpsc::channel(OUTBOX)` => `mpsc::channel(1000)`
//! Break it: `rooms.join(room, name)` => `rooms.join("rust", name)`,
//! `rooms.post(room, &text)` => `rooms.post("rust", &text)`

use asyncio::by_hand;
use futures::{SinkExt, StreamExt};
use nix::sys::socket::{setsockopt, sockopt};
use std::collections::HashMap;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::select;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Barrier, mpsc, oneshot};
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{
    WebSocketStream, accept_hdr_async_with_config, client_async,
};

type Failure = Box<dyn Error + Send + Sync>;

const OUTBOX: usize = 16;
const LONGEST: usize = 65_536;
/// What the kernel may keep of a connection, in bytes.
const KEPT: usize = 16_384;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [port] = by_hand::options(["--port"])?;
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    select! {
        ended = serve(listener) => ended?,
        ended = by_hand::until(port, ann_and_the_others(addr)) => ended?,
    }
    println!("server: stopped");
    Ok(())
}

async fn serve(listener: TcpListener) -> Result<(), Failure> {
    let rooms = Arc::new(Rooms::default());
    loop {
        let (socket, _) = listener.accept().await?;
        setsockopt(&socket, sockopt::SndBuf, &KEPT)?;
        let rooms = Arc::clone(&rooms);
        // One that fails is nobody else's business.
        tokio::spawn(async move { attend(socket, &rooms).await });
    }
}

/// One connection, from the handshake to its end.
#[expect(clippy::result_large_err, reason = "tungstenite's type")]
async fn attend(socket: TcpStream, rooms: &Rooms) -> Result<(), Failure> {
    let mut path = String::new();
    let note_path = |request: &Request, response: Response| {
        path = request.uri().path().to_owned();
        Ok(response)
    };
    let config = WebSocketConfig::default().max_message_size(Some(LONGEST));
    let socket =
        accept_hdr_async_with_config(socket, note_path, Some(config)).await?;
    let (_, path) = path.split_once('/').ok_or("no path")?;
    let (room, name) = path.split_once('/').ok_or("not /room/name")?;

    let (mut sink, mut stream) = socket.split();
    let (mut outbox, put_out) = rooms.join(room, name);
    let writing = async {
        while let Some(text) = outbox.recv().await {
            sink.send(Message::Text(text)).await?;
        }
        Ok(())
    };
    let reading = async {
        while let Some(message) = stream.next().await {
            if let Message::Text(text) = message? {
                rooms.post(room, &text);
            }
        }
        Ok(())
    };
    let ended = select! {
        ended = writing => ended,
        ended = reading => ended,
        _ = put_out => Ok(()),
    };
    drop(outbox);
    rooms.sweep(room);
    ended
}

#[derive(Default)]
struct Rooms(Mutex<HashMap<String, Vec<Member>>>);

struct Member {
    name: String,
    outbox: mpsc::Sender<Utf8Bytes>,
    /// Dropped with the member, which ends his connection.
    _stays: oneshot::Sender<()>,
}

impl Rooms {
    fn join(
        &self,
        room: &str,
        name: &str,
    ) -> (mpsc::Receiver<Utf8Bytes>, oneshot::Receiver<()>) {
        let (outbox, to_write) = mpsc::channel(OUTBOX);
        let (_stays, put_out) = oneshot::channel();
        let _ = outbox.try_send("welcome".into()); // there is room for one
        let member = Member { name: name.to_owned(), outbox, _stays };
        self.lock().entry(room.to_owned()).or_default().push(member);
        (to_write, put_out)
    }

    fn post(&self, room: &str, text: &Utf8Bytes) {
        let mut rooms = self.lock();
        let Some(members) = rooms.get_mut(room) else { return };
        members.retain(|Member { name, outbox, .. }| {
            let posted = outbox.try_send(text.clone());
            if let Err(TrySendError::Full(_)) = posted {
                print!("server: {name} is put out of {room}, ");
                println!("{OUTBOX} messages behind");
            }
            posted.is_ok()
        });
    }

    /// Forgets who has left, and the room when nobody is in it.
    fn sweep(&self, room: &str) {
        let mut rooms = self.lock();
        if let Some(members) = rooms.get_mut(room) {
            members.retain(|member| !member.outbox.is_closed());
            if members.is_empty() {
                rooms.remove(room);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Member>>> {
        self.0.lock().expect("no holder panics")
    }
}

const ROUNDS: usize = 10;
const BURST: usize = 4;
const POSTS: usize = 2 * ROUNDS * BURST;

async fn ann_and_the_others(addr: SocketAddr) -> Result<(), Failure> {
    let mut slow = connect(addr, "rust", "slow").await?;
    let mut dan = connect(addr, "python", "dan").await?;
    let together = Arc::new(Barrier::new(3));
    let talks = ["ann", "bob", "cid"].map(|name| {
        (name, tokio::spawn(talk(addr, name, Arc::clone(&together))))
    });
    let mut seen = Vec::new();
    for (name, talk) in talks {
        let posts = talk.await??;
        let in_order = ["ann", "bob"].iter().all(|sender| {
            let own = posts.iter().filter(|(from, _)| from == sender);
            own.map(|(_, number)| *number).eq(0..ROUNDS * BURST)
        });
        let order = if in_order { "each sender's in order" } else { "mixed" };
        println!("{name}: {} messages, {order}", posts.len());
        seen.push(posts);
    }
    if seen.iter().all(|posts| *posts == seen[0]) {
        println!("main: ann, bob and cid saw the same order");
    }

    let mut count = 0;
    while count < POSTS && matches!(slow.next().await, Some(Ok(_))) {
        count += 1;
    }
    println!("slow: {count} of {POSTS} messages, and then the end");
    dan.send("is anybody here?".into()).await?;
    let first = dan.next().await.ok_or("dan was put out")??;
    println!("dan: the first message in python: {}", first.into_text()?);
    Ok(())
}

/// Joins room rust, posts (all but cid), and reads what everybody posts.
async fn talk(
    addr: SocketAddr,
    name: &str,
    together: Arc<Barrier>,
) -> Result<Vec<(String, usize)>, Failure> {
    let mut socket = connect(addr, "rust", name).await?;
    let mut seen = Vec::new();
    for round in 0..ROUNDS {
        together.wait().await; // all have joined, or read the round before
        for number in (0..BURST).filter(|_| name != "cid") {
            let number = round * BURST + number;
            let post = format!("{name} {number} {}", "x".repeat(KEPT));
            socket.send(post.into()).await?;
        }
        for _ in 0..2 * BURST {
            let post = socket.next().await.ok_or("put out")??.into_text()?;
            let mut words = post.split(' ');
            let from = words.next().ok_or("no name")?.to_owned();
            seen.push((from, words.next().ok_or("no number")?.parse()?));
        }
    }
    Ok(seen)
}

async fn connect(
    addr: SocketAddr,
    room: &str,
    name: &str,
) -> Result<WebSocketStream<TcpStream>, Failure> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(KEPT as u32)?;
    let socket = socket.connect(addr).await?;
    let url = format!("ws://{addr}/{room}/{name}");
    let (mut socket, _) = client_async(url, socket).await?;
    socket.next().await.ok_or("no welcome")??;
    Ok(socket)
}
