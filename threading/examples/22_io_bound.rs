//! I/O-bound work: four waits in four threads are one wait.
//!
//! Python: `threading` and `socket.socketpair`, in `22_io_bound.py`.
//! Notes: N0:56, N2:430, N2:617, N3:11, N4:370.
//!
//! A thread that waits for an answer needs no core. Four questions asked one
//! after the other take four waits at least; asked by four threads, all are
//! under way at the same moment, and the whole takes little more than one. This
//! is what threads are good for in Python too: CPython lets its lock go around
//! a read. Reach for threads while the connections are tens or hundreds; for
//! thousands take tasks.
//!
//! The server takes so many questions in hand before it waits 20 ms and answers
//! them. Four in hand, none answered: no clock is needed to see that they
//! overlap. The first time cannot be below 80 ms, the second not below 20.
//!
//! ```text,expect
//! main: one thread
//! server: 1 in hand, none answered
//! server: 1 in hand, none answered
//! server: 1 in hand, none answered
//! server: 1 in hand, none answered
//! main: took {:float 80..} ms
//! main: four threads
//! server: 4 in hand, none answered
//! main: took {:float 20..} ms
//! ```
//!
//! Break it: `askers.push(thread::spawn(move || ask(client)));` =>
//! `ask(client)?;`

use std::error::Error;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

type Work = JoinHandle<io::Result<()>>;

fn serve(mut peers: Vec<UnixStream>, at_once: usize) -> io::Result<()> {
    for batch in peers.chunks_mut(at_once) {
        for peer in batch.iter_mut() {
            peer.read_exact(&mut [0])?;
        }
        println!("server: {} in hand, none answered", batch.len());
        thread::sleep(Duration::from_millis(20));
        for peer in batch {
            peer.write_all(b"!")?;
        }
    }
    Ok(())
}

fn ask(mut client: UnixStream) -> io::Result<()> {
    client.write_all(b"?")?;
    client.read_exact(&mut [0])
}

/// Four connections, and the server that holds their other ends.
fn connect(at_once: usize) -> io::Result<(Vec<UnixStream>, Work)> {
    let mut clients = Vec::new();
    let mut peers = Vec::new();
    for _ in 0..4 {
        let (client, peer) = UnixStream::pair()?;
        clients.push(client);
        peers.push(peer);
    }
    Ok((clients, thread::spawn(move || serve(peers, at_once))))
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("main: one thread");
    let (clients, server) = connect(1)?;
    let start = Instant::now();
    for client in clients {
        ask(client)?;
    }
    println!("main: took {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    server.join().map_err(|_| "the server panicked")??;

    println!("main: four threads");
    let (clients, server) = connect(4)?;
    let start = Instant::now();
    let mut askers: Vec<Work> = Vec::new();
    for client in clients {
        askers.push(thread::spawn(move || ask(client)));
    }
    for asker in askers {
        asker.join().map_err(|_| "an asker panicked")??;
    }
    println!("main: took {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    server.join().map_err(|_| "the server panicked")??;
    Ok(())
}
