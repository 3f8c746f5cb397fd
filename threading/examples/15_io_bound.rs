//! I/O-bound work: four waits in four threads are one wait.
//!
//! Python: `threading` and `socket.socketpair`, in `15_io_bound.py`.
//! Notes: N0:56, N2:430, N2:617, N3:11, N4:370.
//!
//! A thread that waits for an answer needs no core. Four questions asked one
//! after the other take four waits at least. Asked by four threads, all are
//! under way at the same moment, and the whole takes little more than one wait.
//! Threads are good for this in Python too: CPython releases its lock around a
//! read. Reach for threads while there are tens or hundreds of connections; for
//! thousands use tasks.
//!
//! The server takes a number of questions in hand before it waits 20 ms and
//! answers them. Four in hand, none answered: that proves the overlap without a
//! clock. The first time cannot be below 80 ms, the second not below 20. Unix
//! sockets: it does not build on Windows.
//!
//! ```text,expect
//! @threads
//! @peak 5 threads
//! main: one thread, 4 questions
//! server: 1 in hand, none answered for 20 ms
//! server: 1 in hand, none answered for 20 ms
//! server: 1 in hand, none answered for 20 ms
//! server: 1 in hand, none answered for 20 ms
//! main: took {:float 80..} ms
//! main: 4 threads, 4 questions
//! server: 4 in hand, none answered for 20 ms
//! main: took {:float 20..} ms
//! ```
//!
//! Break it: `askers.push(s.spawn(move || ask(client)));` => `ask(client)?;`,
//! `batches = [1, 1, 1, 1, 4]` => `batches = [1; 8]`
//! Break it: `from_millis(20)` => `from_millis(0)`
//! Break it (Python): `asker.start()` => `asker.run()`,
//! `asker.join()` => `pass`, `(1, 1, 1, 1, 4)` => `(1,) * 8`
//! Break it (Python): `WAIT = 0.02` => `WAIT = 0`

use std::error::Error;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::panic::resume_unwind;
use std::thread;
use std::time::{Duration, Instant};

const WAIT: Duration = Duration::from_millis(20);

/// Takes as many questions in hand as the batch says, waits, and answers them.
fn serve(mut peers: Vec<UnixStream>, batches: &[usize]) -> io::Result<()> {
    let mut first = 0;
    for &at_once in batches {
        let batch = &mut peers[first..first + at_once];
        for peer in batch.iter_mut() {
            peer.read_exact(&mut [0])?;
        }
        let (count, wait) = (batch.len(), WAIT.as_millis());
        println!("server: {count} in hand, none answered for {wait} ms");
        thread::sleep(WAIT);
        for peer in batch {
            peer.write_all(b"!")?;
        }
        first = (first + at_once) % peers.len();
    }
    Ok(())
}

fn ask(client: &mut UnixStream) -> io::Result<()> {
    client.write_all(b"?")?;
    client.read_exact(&mut [0])
}

fn took(start: Instant) {
    println!("main: took {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut clients = Vec::new();
    let mut peers = Vec::new();
    for _ in 0..4 {
        let (client, peer) = UnixStream::pair()?;
        clients.push(client);
        peers.push(peer);
    }
    let batches = [1, 1, 1, 1, 4];
    let server = thread::spawn(move || serve(peers, &batches));

    println!("main: one thread, {} questions", clients.len());
    let start = Instant::now();
    for client in &mut clients {
        ask(client)?;
    }
    took(start);

    println!("main: {0} threads, {0} questions", clients.len());
    let start = Instant::now();
    thread::scope(|s| -> io::Result<()> {
        let mut askers = Vec::new();
        for client in &mut clients {
            askers.push(s.spawn(move || ask(client)));
        }
        let join = |asker: thread::ScopedJoinHandle<'_, io::Result<()>>| {
            asker.join().unwrap_or_else(|panic| resume_unwind(panic))
        };
        askers.into_iter().try_for_each(join)
    })?;
    took(start);
    server.join().unwrap_or_else(|panic| resume_unwind(panic))?;
    Ok(())
}
