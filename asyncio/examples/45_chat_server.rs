//! A chat server: rooms over WebSocket, and a member who does not listen.
//!
//! Python: streams, with the WebSocket frames written by hand, in
//! `45_chat_server.py`; the standard library has no WebSocket.
//! Notes: N2:689, N2:693.
//!
//! A chat is what tasks are for: many connections that mostly wait. Each
//! member has an outbox of bounded length and a task that empties it into the
//! connection. A post goes into all outboxes of the room in one step, so all
//! members see the same order. Posting never waits. A member whose outbox is
//! full does not read, and is put out: the server cannot remember everything
//! for everybody. (To drop the oldest messages is the other choice, as
//! `tokio::sync::broadcast` does.)
//!
//! A reader that posts a burst without a pause would keep the writers from
//! running, and put out members who read as fast as they can. So it yields
//! after each post. That is enough in one thread; with more threads, wait for
//! room in the outbox with a time limit.
//!
//! WebSocket adds limits of its own. The bound on a message does not bound its
//! frames, and the answers to pings pile up unless the write buffer is bounded.
//! A member may listen for hours, so the server pings, and cuts those who do
//! not answer. It refuses a breach of the protocol with its code.
//!
//! Ann and bob post in bursts; slow never reads. The clients are in
//! `src/chat_clients.rs`, the attackers in `tests/servers`. By hand:
//! `cargo run -p asyncio --example chat_server -- --port 9001`, then
//! `websocat ws://127.0.0.1:9001/room/name`, and Ctrl-C to end. Longer than a
//! screen: rooms, and one connection from its beginning to its end.
//!
//! ```text,expect
//! @tasks
//! server: listening on 127.0.0.1:{:int 1..65535}
//! server: slow is put out of rust, 16 messages behind
//! ann: 80 messages, each sender's in order
//! bob: 80 messages, each sender's in order
//! cid: 80 messages, each sender's in order
//! main: ann, bob and cid saw the same order
//! slow: {:int 0..79} of 80 messages, and then the end
//! dan: the first message in python: is anybody here?
//! dan: 40 messages in one go, 40 came back
//! eve: /rust: 404 Not Found
//! eve: announces 70000 bytes: closed with 1009
//! dan: stays, until he is closed with 1001
//! server: stopped, 0 rooms left
//! ```
//!
//! Break it: `mpsc::channel(OUTBOX)` => `mpsc::channel(1000)`
//! Break it: `rooms.join(&room, name)` => `rooms.join("rust", name)`,
//! `rooms.post(&room, &text)` => `rooms.post("rust", &text)`
//! Break it: `max_frame_size(Some(LONGEST))` => `max_frame_size(None)`
//! Break it: `() = ending.cancelled() => Ok(Some(CloseCode::Away)),` =>
//! `() = ending.cancelled() => Ok(None),`
//! Break it: `yield_now().await; // the writers' turn` => `();`
//! Break it: `if members.is_empty() {` => `if false {`
//! Break it (Python): `asyncio.Queue(OUTBOX)` => `asyncio.Queue(1000)`
//! Break it (Python): `await asyncio.sleep(0)` => `pass`
//! Break it (Python): `if size > LONGEST:` => `if False:`
//! Break it (Python): `del self.rooms[room]` => `pass`

use asyncio::{by_hand, chat_clients};
use futures::{SinkExt, StreamExt};
use nix::sys::socket::{setsockopt, sockopt};
use std::collections::HashMap;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncWriteExt, copy};
use tokio::net::TcpStream;
use tokio::select;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::server::{
    ErrorResponse, Request, Response,
};
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

const OUTBOX: usize = 16;
const LONGEST: usize = 65_536;
/// What the kernel may keep of a connection, in bytes.
const KEPT: usize = 16_384;
/// The time for the other side to close as well.
const LINGER: Duration = Duration::from_secs(1);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let [port, patience] = by_hand::options(["--port", "--patience"])?;
    let patience = Duration::from_secs(patience.unwrap_or(60));
    let listener = by_hand::listen(port)?;
    let addr = listener.local_addr()?;
    println!("server: listening on {addr}");
    let rooms = Arc::new(Rooms::default());
    by_hand::serve(
        listener,
        |socket, ending| attend(socket, Arc::clone(&rooms), patience, ending),
        by_hand::until(port, chat_clients::chat(addr)),
    )
    .await?;
    println!("server: stopped, {} rooms left", rooms.lock().len());
    Ok(())
}

/// One connection, from the handshake to its end.
#[expect(clippy::result_large_err, reason = "tungstenite's type")]
async fn attend(
    socket: TcpStream,
    rooms: Arc<Rooms>,
    patience: Duration,
    ending: CancellationToken,
) -> io::Result<()> {
    setsockopt(&socket, sockopt::SndBuf, &KEPT)?;
    let mut place = None;
    let find_place = |request: &Request, response: Response| {
        place = room_and_name(request.uri().path());
        if place.is_some() { Ok(response) } else { Err(not_found()) }
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(KEPT)
        .write_buffer_size(KEPT)
        .max_write_buffer_size(2 * LONGEST)
        .max_message_size(Some(LONGEST))
        .max_frame_size(Some(LONGEST));
    let handshake =
        accept_hdr_async_with_config(socket, find_place, Some(config));
    let handshake = select! {
        done = timeout(patience, handshake) => done?,
        () = ending.cancelled() => return Ok(()),
    };
    let socket = handshake.map_err(as_io)?;
    let (mut sink, mut stream) = socket.split();
    let (room, name) = place.ok_or(ErrorKind::InvalidData)?;

    let mut member = rooms.join(&room, name);
    let outbox = &mut member.outbox;
    let writing = async {
        loop {
            let message = match timeout(patience / 2, outbox.recv()).await {
                Ok(Some(text)) => Message::Text(text),
                Ok(None) => return Ok(()),
                Err(_) => Message::Ping(Default::default()),
            };
            timeout(patience, sink.send(message)).await?.map_err(as_io)?;
        }
    };
    let reading = async {
        // Pongs are messages too: a member who only listens stays.
        while let Some(message) = timeout(patience, stream.next()).await? {
            match message {
                Ok(Message::Text(text)) => {
                    rooms.post(&room, &text);
                    yield_now().await; // the writers' turn
                }
                Ok(_) => {}
                Err(error) => return Ok(why_to_close(&error)),
            }
        }
        io::Result::Ok(None)
    };
    let why = select! {
        ended = writing => ended.map(|()| None),
        ended = reading => ended,
        _ = &mut member.put_out => Ok(None),
        () = ending.cancelled() => Ok(Some(CloseCode::Away)),
    };
    drop(member);
    if let Some(code) = why? {
        let frame = CloseFrame { code, reason: Utf8Bytes::default() };
        let closing = async {
            sink.send(Message::Close(Some(frame))).await.map_err(as_io)?;
            let socket = sink.reunite(stream).map_err(io::Error::other)?;
            let mut socket = socket.into_inner();
            socket.shutdown().await?;
            // What is left unread would reset the connection, and the frame
            // would be lost.
            copy(&mut socket, &mut tokio::io::sink()).await.map(drop)
        };
        return timeout(LINGER, closing).await?;
    }
    Ok(())
}

/// From `/room/name`, both of 1 to 32 letters and digits.
fn room_and_name(path: &str) -> Option<(String, String)> {
    let (room, name) = path.strip_prefix('/')?.split_once('/')?;
    let is_fine = |word: &str| {
        let fits = (1..=32).contains(&word.len());
        fits && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (is_fine(room) && is_fine(name)).then(|| (room.into(), name.into()))
}

fn not_found() -> ErrorResponse {
    let mut refusal = ErrorResponse::new(None);
    *refusal.status_mut() = StatusCode::NOT_FOUND;
    refusal
}

/// The code for a client who is still there to read it.
fn why_to_close(error: &tungstenite::Error) -> Option<CloseCode> {
    match error {
        tungstenite::Error::Capacity(_) => Some(CloseCode::Size),
        tungstenite::Error::Utf8(_) => Some(CloseCode::Invalid),
        tungstenite::Error::Protocol(
            ProtocolError::ResetWithoutClosingHandshake,
        ) => None,
        tungstenite::Error::Protocol(_) => Some(CloseCode::Protocol),
        _ => None,
    }
}

fn as_io(error: tungstenite::Error) -> io::Error {
    match error {
        tungstenite::Error::Io(error) => error,
        error => io::Error::new(ErrorKind::InvalidData, error),
    }
}

#[derive(Default)]
struct Rooms(Mutex<HashMap<String, Vec<Post>>>);

/// Where a room's posts for one member go.
struct Post {
    name: String,
    outbox: mpsc::Sender<Utf8Bytes>,
    /// Dropped with the member, which ends the connection.
    _stays: oneshot::Sender<()>,
}

/// A member's own end; dropping it leaves the room.
struct Member<'a> {
    rooms: &'a Rooms,
    room: String,
    outbox: mpsc::Receiver<Utf8Bytes>,
    put_out: oneshot::Receiver<()>,
}

impl Rooms {
    fn join(&self, room: &str, name: String) -> Member<'_> {
        let (sender, outbox) = mpsc::channel(OUTBOX);
        let (_stays, put_out) = oneshot::channel();
        let _ = sender.try_send("welcome".into()); // there is room for one
        let post = Post { name, outbox: sender, _stays };
        self.lock().entry(room.to_owned()).or_default().push(post);
        Member { rooms: self, room: room.to_owned(), outbox, put_out }
    }

    fn post(&self, room: &str, text: &Utf8Bytes) {
        let mut rooms = self.lock();
        let Some(members) = rooms.get_mut(room) else { return };
        members.retain(|Post { name, outbox, .. }| {
            let posted = outbox.try_send(text.clone());
            if let Err(TrySendError::Full(_)) = posted {
                let behind = outbox.max_capacity();
                print!("server: {name} is put out of {room}, ");
                println!("{behind} messages behind");
            }
            posted.is_ok()
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Post>>> {
        self.0.lock().expect("no holder panics")
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        self.outbox.close();
        let mut rooms = self.rooms.lock();
        if let Some(members) = rooms.get_mut(&self.room) {
            members.retain(|member| !member.outbox.is_closed());
            if members.is_empty() {
                rooms.remove(&self.room);
            }
        }
    }
}
