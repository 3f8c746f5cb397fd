//! The clients of `chat_server`, who print what they see of it.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Barrier;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

type Failure = Box<dyn Error + Send + Sync>;

/// What the kernel may keep of a connection, in bytes.
const KEPT: usize = 16_384;
const ROUNDS: usize = 10;
const BURST: usize = 4;
const POSTS: usize = 2 * ROUNDS * BURST;
/// Far more than a client has to wait.
const LONG: Duration = Duration::from_secs(5);

/// Ann and bob talk in a room where cid listens and slow does not read, dan is
/// alone in another, and eve keeps to no rule.
///
/// # Errors
///
/// If the server treats one of them in a way that none of them expects.
pub async fn chat(addr: SocketAddr) -> Result<(), Failure> {
    let mut slow = Client::join(addr, "/rust/slow").await?;
    let mut dan = Client::join(addr, "/python/dan").await?;
    let together = Arc::new(Barrier::new(3));
    let talks = ["ann", "bob", "cid"].map(|name| {
        (name, tokio::spawn(talk(addr, name, Arc::clone(&together))))
    });
    let mut seen = Vec::new();
    for (name, talk) in talks {
        let posts = talk.await??;
        let in_order = ["ann", "bob"].iter().all(|sender| {
            let numbers = posts.iter().filter(|(from, _)| from == sender);
            numbers.map(|(_, number)| *number).eq(0..ROUNDS * BURST)
        });
        let order = if in_order { "each sender's in order" } else { "mixed" };
        println!("{name}: {} messages, {order}", posts.len());
        seen.push(posts);
    }
    if seen.windows(2).all(|pair| pair[0] == pair[1]) {
        println!("main: ann, bob and cid saw the same order");
    }

    let mut count = 0;
    while count < POSTS && slow.hear().await.is_ok() {
        count += 1;
    }
    println!("slow: {count} of {POSTS} messages, and then the end");
    dan.say("is anybody here?").await?;
    println!("dan: the first message in python: {}", dan.hear().await?);
    for number in 0..40 {
        dan.0.feed(number.to_string().into()).await?;
    }
    dan.0.flush().await?;
    let mut came_back = 0;
    while came_back < 40 && dan.hear().await.ok() == Some(came_back.to_string())
    {
        came_back += 1;
    }
    println!("dan: 40 messages in one go, {came_back} came back");

    match Client::join(addr, "/rust").await {
        Ok(_) => println!("eve: /rust: let in"),
        Err(refused) => println!("eve: /rust: {refused}"),
    }
    let mut eve = Client::join(addr, "/rust/eve").await?;
    eve.announce(70_000).await?;
    println!("eve: announces 70000 bytes: {}", eve.farewell().await?);
    tokio::spawn(async move {
        match dan.farewell().await {
            Ok(farewell) => println!("dan: stays, until he is {farewell}"),
            Err(error) => println!("dan: stays, and {error}"),
        }
    });
    Ok(())
}

/// Joins room rust, posts (all but cid), and reads what everybody posts.
async fn talk(
    addr: SocketAddr,
    name: &str,
    together: Arc<Barrier>,
) -> Result<Vec<(String, usize)>, Failure> {
    let mut client = Client::join(addr, &format!("/rust/{name}")).await?;
    let mut seen = Vec::new();
    for round in 0..ROUNDS {
        together.wait().await; // all have joined, or read the round before
        for number in (0..BURST).filter(|_| name != "cid") {
            let number = round * BURST + number;
            client
                .say(&format!("{name} {number} {}", "x".repeat(KEPT)))
                .await?;
        }
        for _ in 0..2 * BURST {
            let post = client.hear().await?;
            let mut words = post.split(' ');
            let from = words.next().ok_or("no name")?.to_owned();
            seen.push((from, words.next().ok_or("no number")?.parse()?));
        }
    }
    client.leave().await?;
    Ok(seen)
}

struct Client(WebSocketStream<TcpStream>);

impl Client {
    async fn join(addr: SocketAddr, path: &str) -> Result<Self, Failure> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(KEPT as u32)?;
        let socket = socket.connect(addr).await?;
        let joining = client_async(format!("ws://{addr}{path}"), socket);
        match timeout(LONG, joining).await? {
            Ok((socket, _)) => {
                let mut client = Self(socket);
                client.hear().await?; // the welcome
                Ok(client)
            }
            Err(tungstenite::Error::Http(response)) => {
                Err(response.status().to_string().into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn say(&mut self, text: &str) -> Result<(), Failure> {
        Ok(timeout(LONG, self.0.send(text.into())).await??)
    }

    /// The head of a text of this size, without the text.
    async fn announce(&mut self, size: u64) -> Result<(), Failure> {
        let mut head = vec![0x81, 0xff];
        head.extend(size.to_be_bytes());
        head.extend([0; 4]); // the mask
        Ok(timeout(LONG, self.0.get_mut().write_all(&head)).await??)
    }

    /// The next message; an error at the end.
    async fn hear(&mut self) -> Result<String, Failure> {
        loop {
            let next = timeout(LONG, self.0.next()).await?;
            match next.ok_or("the end")?? {
                Message::Text(text) => return Ok(text.to_string()),
                Message::Close(_) => return Err("closed".into()),
                _ => {} // a ping, which is answered already
            }
        }
    }

    /// What the server says when it closes.
    async fn farewell(&mut self) -> Result<String, Failure> {
        loop {
            let next = timeout(LONG, self.0.next()).await?;
            if let Message::Close(Some(frame)) = next.ok_or("the end")?? {
                return Ok(format!("closed with {}", u16::from(frame.code)));
            }
        }
    }

    async fn leave(mut self) -> Result<(), Failure> {
        self.0.close(None).await?;
        while let Some(last) = timeout(LONG, self.0.next()).await? {
            last?;
        }
        Ok(())
    }
}
