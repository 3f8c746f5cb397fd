//! Lost on cancel: a read that is cut off takes its bytes with it.
//!
//! Python: `wait_for` around a read of two steps, in `48_lost_on_cancel.py`.
//! Reported: oxidecomputer/propolis#434, tokio-rs/tokio#5525, #5947.
//! Symptom: it loses data: frames begin in the middle after a time-out.
//!
//! A protocol loses its place now and then: frames begin in the middle, and
//! only under load. A frame is read in two steps, in a `select!` with a ticker
//! or under a time limit. When the other branch wins, the read is dropped at
//! its await. The first half is out of the stream and in nobody's hands, and
//! the next read begins with the second half.
//!
//! Make the read once and keep it over the turns: pin it outside the loop and
//! select on `&mut reading`. In Python keep a task and ask `asyncio.wait` with
//! a timeout, which cancels nothing. Or read so that nothing is lost at an
//! await: `FramedRead` keeps a half frame in its own buffer. tokio's
//! documentation says for each method whether it is cancel safe: `read` is,
//! `read_exact` is not, though asyncio's `readexactly` is. The compiler says
//! nothing.
//!
//! The peer sends the second half only at the tick. On tokio's paused clock the
//! tick comes when the reader waits.
//!
//! ```text,expect
//! @tasks
//! peer: sends he
//! careless: has he
//! ticker: ticks
//! peer: sends llo!
//! careless: has ll
//! main: careless read the frame llo!
//! peer: sends he
//! patient: has he
//! ticker: ticks
//! peer: sends llo!
//! main: patient read the frame hell
//! ```
//!
//! Break it: `let mut reading = pin!(read_frame("patient", &mut stream));` =>
//! `let _ = pin!(0);`, `frame = &mut reading => return frame,` =>
//! `frame = read_frame("patient", &mut stream) => return frame,`
//! Break it: `peer.write_all(b"he")` => `peer.write_all(b"hell")`
//!
//! Break it (Python): `asyncio.wait({reading}, timeout=TICK)` =>
//! `asyncio.wait({asyncio.ensure_future(asyncio.wait_for(reading, TICK))})`
//! Break it (Python): `stream.feed_data(b"he")` => `stream.feed_data(b"hell")`

use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Instant, Interval, interval_at};

const TICK: Duration = Duration::from_millis(10);

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> io::Result<()> {
    let (peer, stream) = connect().await?;
    let frame = careless(stream, peer).await?;
    println!("main: careless read the frame {frame}");

    let (peer, stream) = connect().await?;
    let frame = patient(stream, peer).await?;
    println!("main: patient read the frame {frame}");
    Ok(())
}

async fn careless(
    mut stream: DuplexStream,
    mut peer: DuplexStream,
) -> io::Result<String> {
    let mut ticker = ticker();
    loop {
        tokio::select! {
            frame = read_frame("careless", &mut stream) => return frame,
            _ = ticker.tick() => send_rest(&mut peer).await?,
        }
    }
}

async fn patient(
    mut stream: DuplexStream,
    mut peer: DuplexStream,
) -> io::Result<String> {
    let mut ticker = ticker();
    let mut reading = pin!(read_frame("patient", &mut stream));
    loop {
        tokio::select! {
            frame = &mut reading => return frame,
            _ = ticker.tick() => send_rest(&mut peer).await?,
        }
    }
}

/// A frame is two bytes, and two more.
async fn read_frame(
    name: &str,
    stream: &mut DuplexStream,
) -> io::Result<String> {
    let mut frame = [0; 4];
    stream.read_exact(&mut frame[..2]).await?;
    println!("{name}: has {}", String::from_utf8_lossy(&frame[..2]));
    stream.read_exact(&mut frame[2..]).await?;
    Ok(String::from_utf8_lossy(&frame).into_owned())
}

async fn connect() -> io::Result<(DuplexStream, DuplexStream)> {
    let (mut peer, stream) = duplex(64);
    println!("peer: sends he");
    peer.write_all(b"he").await?;
    Ok((peer, stream))
}

async fn send_rest(peer: &mut DuplexStream) -> io::Result<()> {
    println!("ticker: ticks");
    println!("peer: sends llo!");
    peer.write_all(b"llo!").await
}

fn ticker() -> Interval {
    interval_at(Instant::now() + TICK, TICK)
}
