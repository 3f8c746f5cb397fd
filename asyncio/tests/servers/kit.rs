//! The attacks that every server has to outlive, and what they are made with.

use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use std::{env, fs};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::socket::{setsockopt, sockopt};
use nix::unistd::Pid;

use crate::Tested;

/// Far longer than anything here takes: what hangs, fails.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A kind of server, and how to speak with it.
pub(crate) trait Attacked: Sync {
    const EXAMPLE: &'static str;
    /// The option that takes the port.
    const PORT: &'static str = "--port";
    /// The memory that it may take under any attack, in kB.
    const MOST_MEMORY: u64;
    /// Whether a client that only ever sends a little more is cut off: not
    /// where any byte is a whole message.
    const TRICKLE_IS_CUT: bool;
    /// Whether a client may stop writing and still have its answer.
    const HALF_CLOSED_IS_ANSWERED: bool;

    /// What comes before the first question.
    fn greet(_client: &mut Client) -> Tested {
        Ok(())
    }
    /// A question of this number, and a check of its answer.
    fn question(number: u32) -> Vec<u8>;
    fn check_answer(client: &mut Client, number: u32) -> Tested;
    /// The beginning of a message without its end; to be repeated for ever.
    fn endless() -> (&'static [u8], &'static [u8]);
}

pub(crate) struct Server {
    process: Child,
    stdout: Option<JoinHandle<io::Result<String>>>,
    stderr: Arc<Mutex<String>>,
    pub(crate) addr: SocketAddr,
}

impl Server {
    /// Starts a server that gives a client so many seconds.
    pub(crate) fn start<A: Attacked>(
        patience: u32,
    ) -> Result<Self, Box<dyn Error>> {
        Self::start_by::<A>(&mut Command::new(example(A::EXAMPLE)?), patience)
    }

    fn start_by<A: Attacked>(
        command: &mut Command,
        patience: u32,
    ) -> Result<Self, Box<dyn Error>> {
        let mut process = command
            .args([A::PORT, "0", "--patience", &patience.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stderr = process.stderr.take().ok_or("no pipe")?;
        let stdout = process.stdout.take().ok_or("no pipe")?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let addr = line.trim_end().strip_prefix("server: listening on ");
        let addr = addr.ok_or("listens nowhere")?.parse()?;
        // Read on, or the server would wait for room in the pipe.
        let stdout = thread::spawn(move || {
            let mut rest = String::new();
            stdout.read_to_string(&mut rest).map(|_| rest)
        });
        let complaints = Arc::new(Mutex::new(String::new()));
        let to_fill = Arc::clone(&complaints);
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                *to_fill.lock().expect("nobody panics") += &(line + "\n");
            }
        });
        Ok(Self { process, stdout: Some(stdout), stderr: complaints, addr })
    }

    pub(crate) fn client(&self) -> Result<Client, Box<dyn Error>> {
        let socket = TcpStream::connect(self.addr)?;
        socket.set_read_timeout(Some(LONG))?;
        socket.set_write_timeout(Some(LONG))?;
        socket.set_nodelay(true)?;
        Ok(Client { socket: BufReader::new(socket) })
    }

    /// One whose unread answers soon fill what the kernel keeps for it.
    pub(crate) fn deaf_client(&self) -> Result<Client, Box<dyn Error>> {
        let client = self.client()?;
        setsockopt(client.socket.get_ref(), sockopt::RcvBuf, &4096)?;
        Ok(client)
    }

    pub(crate) fn guest<A: Attacked>(&self) -> Result<Client, Box<dyn Error>> {
        let mut client = self.client()?;
        A::greet(&mut client)?;
        Ok(client)
    }

    /// It runs, answers, and has not taken too much memory.
    pub(crate) fn is_well<A: Attacked>(&mut self, after: &str) -> Tested {
        self.guest::<A>()?.ask::<A>(42)?;
        assert!(self.process.try_wait()?.is_none(), "the server has ended");
        let peak = self.status("VmHWM:")?;
        println!("{} {}: {peak} kB, {after}", A::EXAMPLE, A::PORT);
        assert!(peak <= A::MOST_MEMORY, "{peak} kB of memory, {after}");
        Ok(())
    }

    fn status(&self, name: &str) -> Result<u64, Box<dyn Error>> {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(path)?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next());
        Ok(number.ok_or("no such line")?.parse()?)
    }

    /// The processor time that it has used, in ticks of the kernel.
    fn ticks(&self) -> Result<u64, Box<dyn Error>> {
        let path = format!("/proc/{}/stat", self.process.id());
        let stat = fs::read_to_string(path)?;
        let (_, fields) = stat.rsplit_once(") ").ok_or("no name")?;
        let mut ticks = fields.split(' ').skip(11).map(str::parse::<u64>);
        Ok(ticks.next().ok_or("short")?? + ticks.next().ok_or("short")??)
    }

    /// What it has said on stderr so far.
    fn complaints(&self) -> String {
        self.stderr.lock().expect("nobody panics").clone()
    }

    /// Ends it by a signal; it must do so in its own way, without complaint.
    /// Gives what it has printed.
    pub(crate) fn stop(
        &mut self,
        signal: Signal,
    ) -> Result<String, Box<dyn Error>> {
        kill(Pid::from_raw(self.process.id().try_into()?), signal)?;
        let status = self.process.wait()?;
        assert!(status.success(), "ended with {status}");
        assert_eq!(self.complaints(), "");
        let stdout = self.stdout.take().ok_or("stopped before")?;
        Ok(stdout.join().expect("it does not panic")?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, as it should in some tests.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The example's executable, which `cargo test` builds along with the tests.
pub(crate) fn example(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let mut path: PathBuf = env::current_exe()?;
    path.pop(); // the name
    path.pop(); // deps
    path.push("examples");
    path.push(name);
    if !path.exists() {
        return Err("run `cargo build -p asyncio --examples` first".into());
    }
    Ok(path)
}

pub(crate) struct Client {
    pub(crate) socket: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.socket.get_mut().write_all(bytes)
    }

    /// The next line; an empty one when the server has closed.
    pub(crate) fn line(&mut self) -> Result<String, Box<dyn Error>> {
        let mut line = String::new();
        self.socket.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    pub(crate) fn ask<A: Attacked>(&mut self, number: u32) -> Tested {
        self.send(&A::question(number))?;
        A::check_answer(self, number)
    }

    /// Whatever else comes, the server closes. Where it left something unread
    /// that is a reset.
    pub(crate) fn hears_the_end(&mut self) -> Tested {
        match self.socket.read_to_end(&mut Vec::new()) {
            Ok(_) => Ok(()),
            Err(error) if is_closed(&error) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn is_closed(error: &io::Error) -> bool {
    [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe].contains(&error.kind())
}

/// Attacks while a polite client asks and asks.
fn meanwhile<A: Attacked>(
    server: &Server,
    patience: u32,
    attack: impl FnOnce() -> Tested,
) -> Tested {
    let is_over = AtomicBool::new(false);
    let excuse = Duration::from_secs(patience.into()) / 2;
    thread::scope(|scope| {
        let polite = scope.spawn(|| {
            let mut answered = 0;
            let mut client = server.guest::<A>().map_err(|e| e.to_string())?;
            let mut last = Instant::now();
            while answered == 0 || !is_over.load(Ordering::Relaxed) {
                match client.ask::<A>(answered) {
                    Ok(()) => answered += 1,
                    // The machine kept it from asking in time.
                    Err(_) if last.elapsed() > excuse => {
                        client =
                            server.guest::<A>().map_err(|e| e.to_string())?;
                    }
                    Err(error) => return Err(error.to_string()),
                }
                last = Instant::now();
                thread::sleep(Duration::from_millis(2));
            }
            Ok(answered)
        });
        let attacked = attack();
        is_over.store(true, Ordering::Relaxed);
        let answered = polite.join().expect("it does not panic")?;
        assert!(answered > 0);
        attacked
    })
}

/// 80 clients, and descriptors for fewer than 64: those who wait are served
/// when others leave, and until then the server sleeps.
pub(crate) fn few_descriptors<A: Attacked>() -> Tested {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -n 64; exec \"$0\" \"$@\""]);
    command.arg(example(A::EXAMPLE)?);
    let mut server = Server::start_by::<A>(&mut command, 60)?;
    let clients: Result<Vec<_>, _> = (0..80).map(|_| server.client()).collect();
    let mut clients = clients?;
    for (number, client) in (0..).zip(&mut clients[..30]) {
        A::greet(client)?;
        client.ask::<A>(number)?;
    }
    let before = server.ticks()?;
    thread::sleep(Duration::from_millis(500));
    let used = server.ticks()? - before;
    assert!(used < 10, "spins: {used} ticks in half a second");
    let failed = server.complaints().matches("accept").count();
    assert!((1..20).contains(&failed), "{failed} failed accepts");
    clients.drain(..60);
    for (number, client) in (0..).zip(&mut clients) {
        A::greet(client)?;
        client.ask::<A>(number)?;
    }
    server.is_well::<A>("80 clients under 64 descriptors")
}

/// Clients who connect, greet or begin, and then say nothing: also what a
/// half-open connection is, whose other end is gone without a word.
pub(crate) fn silence<A: Attacked>() -> Tested {
    let mut server = Server::start::<A>(1)?;
    let mut mute = server.client()?;
    let mut greeted = server.guest::<A>()?;
    let mut answered = server.guest::<A>()?;
    answered.ask::<A>(1)?;
    let mut halfway = server.guest::<A>()?;
    let (begin, more) = A::endless();
    halfway.send(begin)?;
    let mut trickle = server.guest::<A>()?;
    trickle.send(begin)?;
    meanwhile::<A>(&server, 1, || {
        if A::TRICKLE_IS_CUT {
            while trickle.send(&more[..1]).is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
        }
        for client in [&mut mute, &mut greeted, &mut answered, &mut halfway] {
            client.hears_the_end()?;
        }
        Ok(())
    })?;
    server.is_well::<A>("silent clients")
}

/// A client who asks and asks and never reads is cut off.
pub(crate) fn deafness<A: Attacked>() -> Tested {
    let mut server = Server::start::<A>(1)?;
    meanwhile::<A>(&server, 1, || {
        let mut deaf = server.deaf_client()?;
        A::greet(&mut deaf)?;
        let questions = A::question(7).repeat(1000);
        let error = loop {
            if let Err(error) = deaf.send(&questions) {
                break error;
            }
        };
        assert!(is_closed(&error), "not closed: {error}");
        Ok(())
    })?;
    server.is_well::<A>("a client who never reads")
}

/// Slow is not hostile.
pub(crate) fn a_byte_at_a_time<A: Attacked>() -> Tested {
    let mut server = Server::start::<A>(60)?;
    let mut slow = server.guest::<A>()?;
    for byte in A::question(7) {
        slow.send(&[byte])?;
        thread::sleep(Duration::from_millis(2));
    }
    A::check_answer(&mut slow, 7)?;
    server.is_well::<A>("a byte at a time")
}

/// 10 MB that are no message yet, from someone who reads what comes.
pub(crate) fn no_end<A: Attacked>() -> Tested {
    let mut server = Server::start::<A>(60)?;
    meanwhile::<A>(&server, 60, || {
        let mut endless = server.guest::<A>()?;
        let mut reading = endless.socket.get_ref().try_clone()?;
        let reading = thread::spawn(move || {
            io::copy(&mut reading, &mut io::sink()) // a reset is an end, too
        });
        let (begin, more) = A::endless();
        let piece = more.repeat(65_536 / more.len());
        let mut sent = endless.send(begin);
        for _ in 0..10_000_000 / piece.len() {
            sent = sent.and_then(|()| endless.send(&piece));
        }
        if let Err(error) = sent {
            assert!(is_closed(&error), "{error}");
        }
        // It may have been closed on the other side.
        let _ = endless.socket.get_ref().shutdown(Shutdown::Both);
        let _ = reading.join().expect("it does not panic");
        Ok(())
    })?;
    server.is_well::<A>("10 MB without an end")
}

/// A client who has stopped writing, and waits.
pub(crate) fn half_closed<A: Attacked>() -> Tested {
    let mut server = Server::start::<A>(60)?;
    let mut client = server.guest::<A>()?;
    client.send(&A::question(7))?;
    client.socket.get_ref().shutdown(Shutdown::Write)?;
    if A::HALF_CLOSED_IS_ANSWERED {
        A::check_answer(&mut client, 7)?;
    }
    client.hears_the_end()?;
    let begun = server.guest::<A>()?;
    begun.socket.get_ref().shutdown(Shutdown::Write)?;
    server.is_well::<A>("half-closed connections")
}

pub(crate) fn crowd<A: Attacked>() -> Tested {
    // Two descriptors a client, on either side: more than some soft limits.
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most)?;
    let mut server = Server::start::<A>(60)?;
    let clients: Result<Vec<_>, _> =
        (0..500).map(|_| server.client()).collect();
    let mut clients = clients?;
    for client in &mut clients {
        A::greet(client)?;
    }
    for (number, client) in (0..).zip(&mut clients) {
        client.send(&A::question(number))?;
    }
    for (number, client) in (0..).zip(&mut clients) {
        A::check_answer(client, number)?;
    }
    server.is_well::<A>("500 at once")
}

/// Ends well by a signal, with clients there; what was asked is answered.
pub(crate) fn signal<A: Attacked>(signal: Signal) -> Tested {
    let mut server = Server::start::<A>(60)?;
    let mut idle = server.guest::<A>()?;
    idle.ask::<A>(1)?;
    let mut mute = server.client()?;
    let mut halfway = server.guest::<A>()?;
    halfway.send(A::endless().0)?;
    let rest = server.stop(signal)?;
    assert!(rest.lines().last().is_some_and(|line| line.starts_with("server")));
    for client in [&mut idle, &mut mute, &mut halfway] {
        client.hears_the_end()?;
    }
    let refused = TcpStream::connect(server.addr);
    assert!(refused.is_err(), "still listens");
    Ok(())
}

/// Makes a test of each attack.
macro_rules! attack {
    ($attacked:ty) => {
        #[test]
        fn outlives_80_clients_under_64_descriptors() -> crate::Tested {
            crate::kit::few_descriptors::<$attacked>()
        }

        #[test]
        fn closes_on_silence() -> crate::Tested {
            crate::kit::silence::<$attacked>()
        }

        #[test]
        fn closes_on_a_client_that_never_reads() -> crate::Tested {
            crate::kit::deafness::<$attacked>()
        }

        #[test]
        fn waits_for_a_byte_at_a_time() -> crate::Tested {
            crate::kit::a_byte_at_a_time::<$attacked>()
        }

        #[test]
        fn outlives_10_mb_without_an_end() -> crate::Tested {
            crate::kit::no_end::<$attacked>()
        }

        #[test]
        fn outlives_half_closed_connections() -> crate::Tested {
            crate::kit::half_closed::<$attacked>()
        }

        #[test]
        fn serves_500_at_once() -> crate::Tested {
            crate::kit::crowd::<$attacked>()
        }

        #[test]
        fn ends_cleanly_on_ctrl_c() -> crate::Tested {
            crate::kit::signal::<$attacked>(nix::sys::signal::Signal::SIGINT)
        }

        #[test]
        fn ends_cleanly_on_term() -> crate::Tested {
            crate::kit::signal::<$attacked>(nix::sys::signal::Signal::SIGTERM)
        }
    };
}
pub(crate) use attack;
