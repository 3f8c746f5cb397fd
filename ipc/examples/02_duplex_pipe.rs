//! Duplex pipe: requests one way, answers the other.
//!
//! Python: `socket.socketpair`, in `02_duplex_pipe.py`.
//! Notes: N2:210.
//!
//! A pair of connected sockets is a pipe for both directions: each end sends
//! and receives. Reach for it when one process asks and another answers.
//! `multiprocessing.Pipe()` is such a pair, with pickling on top.
//!
//! Each direction ends by itself. Main shuts its direction down when it has no
//! more requests, and still gets the last answer. `shutdown` ends the direction
//! in all processes at once. A `drop` would not: the worker has inherited a
//! copy of main's end. Read what you are sent before you send more. If both
//! sides only write, both wait for room and never get it (`full_mailboxes`).
//!
//! ```text,expect
//! @processes
//! main: asks for 6 x 7
//! worker: was asked for 6 x 7
//! main: the answer is 42
//! main: asks for 25 x 30
//! worker: was asked for 25 x 30
//! main: the answer is 750
//! main: no more requests
//! worker: end of requests
//! main: the worker has answered 2 requests
//! main: the worker ended with 0, one more answer: false
//! ```
//!
//! Break it: `Shutdown::Write` => `Shutdown::Both`
//! Break it: `answered += 1;` => ``
//! Break it (Python): `socket.SHUT_WR` => `socket.SHUT_RDWR`
//! Break it (Python): `answered += 1` => `pass`

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
    let total = answers.next().ok_or("no total")??;
    println!("main: the worker has answered {total} requests");
    let code = worker.exit_code()?;
    let more = answers.next().transpose()?.is_some();
    println!("main: the worker ended with {code}, one more answer: {more}");
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
    println!("worker: end of requests");
    writeln!(end, "{answered}")?;
    Ok(())
}
