//! A number goes to another process and comes back with one added.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use ipc_channel::ipc::{IpcOneShotServer, IpcReceiver, IpcSender, channel};
use nix::sys::eventfd::EventFd;

use super::raw::Shared;
use super::switching::{HERE, THERE, pass, wait};
use super::{Worker, peer_command};
use crate::Error;

type Ends = (IpcSender<u32>, IpcReceiver<u32>);

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    Ok(Some(match form {
        "futex" => {
            let (shared, file) = Shared::new(4096)?;
            let partner =
                peer_command("futex", None)?.stdin(file).spawn()?.id();
            let trip = move |number| {
                let [turn, value] = shared.words();
                value.store(number, Ordering::Relaxed);
                pass(turn, THERE);
                wait(turn, HERE);
                Ok(value.load(Ordering::Relaxed))
            };
            trips(trip).with(partner)
        }
        "pipe" => {
            let (theirs, ours) = std::io::pipe()?;
            let (back, reply) = std::io::pipe()?;
            through(OwnedFd::from(ours), back, theirs, reply)?
        }
        "socketpair" => {
            let (ours, theirs) = UnixStream::pair()?;
            socket(ours, theirs)?
        }
        "unix" => {
            let folder = tempfile::tempdir()?;
            let path = folder.path().join("socket");
            let listener = UnixListener::bind(&path)?;
            let ours = UnixStream::connect(&path)?;
            socket(ours, listener.accept()?.0)?
        }
        "tcp" => {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let ours = TcpStream::connect(listener.local_addr()?)?;
            let (theirs, _) = listener.accept()?;
            ours.set_nodelay(true)?;
            theirs.set_nodelay(true)?;
            socket(ours, theirs)?
        }
        "eventfd" => {
            let (ours, theirs) = (EventFd::new()?, EventFd::new()?);
            let (ours, theirs) = (OwnedFd::from(ours), OwnedFd::from(theirs));
            let read = theirs.try_clone()?;
            through(ours.try_clone()?, read, ours, theirs)?
        }
        "ipc_channel" => {
            let (server, name) = IpcOneShotServer::<Ends>::new()?;
            let partner =
                peer_command("ipc_channel", Some(&name))?.spawn()?.id();
            let (_, (sender, receiver)) = server.accept()?;
            let trip = move |number| {
                sender.send(number)?;
                Ok(receiver.recv()?)
            };
            trips(trip).with(partner)
        }
        _ => return Ok(None),
    }))
}

/// The other process.
pub(crate) fn peer(name: &str, argument: Option<&str>) -> Result<(), Error> {
    match name {
        "echo" => {
            let mut ask =
                File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
            let mut reply =
                File::from(std::io::stdout().as_fd().try_clone_to_owned()?);
            let mut word = [0; 8];
            while ask.read_exact(&mut word).is_ok() {
                let number = u64::from_ne_bytes(word) + 1;
                reply.write_all(&number.to_ne_bytes())?;
            }
        }
        "futex" => {
            let shared = Shared::open(std::io::stdin().as_fd(), 4096)?;
            let [turn, value] = shared.words();
            loop {
                wait(turn, THERE);
                value.fetch_add(1, Ordering::Relaxed);
                pass(turn, HERE);
            }
        }
        "ipc_channel" => {
            let (ask, asked) = channel()?;
            let (reply, replies) = channel()?;
            let name = argument.ok_or("no name")?.to_owned();
            IpcSender::<Ends>::connect(name)?.send((ask, replies))?;
            while let Ok(number) = asked.recv() {
                reply.send(number + 1)?;
            }
        }
        _ => return Err(format!("no peer is called {name}").into()),
    }
    Ok(())
}

/// Both directions are one socket.
fn socket<S: Into<OwnedFd>>(ours: S, theirs: S) -> Result<Worker, Error> {
    let (ours, theirs) = (ours.into(), theirs.into());
    through(ours.try_clone()?, ours, theirs.try_clone()?, theirs)
}

/// Eight bytes there, eight bytes back.
fn through(
    ask: OwnedFd,
    reply: impl Into<OwnedFd>,
    asked: impl Into<Stdio>,
    answer: impl Into<Stdio>,
) -> Result<Worker, Error> {
    let mut command: Command = peer_command("echo", None)?;
    let partner = command.stdin(asked).stdout(answer).spawn()?.id();
    let (mut ask, mut reply) = (File::from(ask), File::from(reply.into()));
    let trip = move |number: u32| {
        ask.write_all(&u64::from(number).to_ne_bytes())?;
        let mut word = [0; 8];
        reply.read_exact(&mut word)?;
        Ok(u64::from_ne_bytes(word) as u32)
    };
    Ok(trips(trip).with(partner))
}

/// Counts the numbers that came back right.
fn trips(mut trip: impl FnMut(u32) -> Result<u32, Error> + 'static) -> Worker {
    Worker::new(move |n| {
        let right = |i: &u64| {
            let number = *i as u32;
            trip(number).expect("the peer is there") == number + 1
        };
        (1..=n).filter(right).count() as u64
    })
}
