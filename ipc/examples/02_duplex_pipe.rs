//! Duplex pipe: requests one way, answers the other.
//!
//! Python: `socket.socketpair`, in `02_duplex_pipe.py`.
//! Notes: N2:209.
//!
//! A pair of connected sockets is a pipe for both directions: each end sends
//! and receives, and `multiprocessing.Pipe()` is such a pair with pickling on
//! top. One process asks, the other answers. Each direction ends by itself:
//! main says that it has no more requests, and still gets the last answer.
//!
//! `shutdown` ends a direction in all processes at once; a `drop` would not
//! here, as the worker inherited a copy of main's end. Read what you are sent
//! before you send on and on: if both only write, both wait for room, for ever.
//! Where the peer is gone, a read gives end of file and a write an error; in C
//! the write ends the program, by SIGPIPE.
//!
//! ```text,expect
//! main: asks for 6 x 7
//! worker: was asked for 6 x 7
//! main: the answer is 42
//! main: asks for 25 x 30
//! worker: was asked for 25 x 30
//! main: the answer is 750
//! main: no more requests
//! worker: end of requests, says how many
//! main: the worker has answered 2
//! main: the worker is gone, no answer
//! ```
//!
//! Break it: `Shutdown::Write` => `Shutdown::Both`

use std::io::{BufRead, BufReader, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use ipc::Result;

fn main() -> Result<()> {
    let (main_end, worker_end) = UnixStream::pair()?;
    let worker = ipc::fork(move || work(&worker_end))?;

    let mut answers = BufReader::new(&main_end).lines();
    for (a, b) in [(6, 7), (25, 30)] {
        println!("main: asks for {a} x {b}");
        writeln!(&main_end, "{a} {b}")?;
        let answer = answers.next().ok_or("no answer")??;
        println!("main: the answer is {answer}");
    }
    println!("main: no more requests");
    main_end.shutdown(Shutdown::Write)?;
    match answers.next() {
        Some(total) => println!("main: the worker has answered {}", total?),
        None => println!("main: no total"),
    }
    worker.join()?;
    if answers.next().is_none() {
        println!("main: the worker is gone, no answer");
    }
    Ok(())
}

fn work(mut end: &UnixStream) -> Result<()> {
    let mut answered = 0;
    for request in BufReader::new(end).lines() {
        let request = request?;
        let (a, b) =
            request.split_once(' ').ok_or("a request is two numbers")?;
        println!("worker: was asked for {a} x {b}");
        writeln!(end, "{}", a.parse::<u32>()? * b.parse::<u32>()?)?;
        answered += 1;
    }
    println!("worker: end of requests, says how many");
    writeln!(end, "{answered}")?;
    Ok(())
}
