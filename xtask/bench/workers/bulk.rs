//! 64 MB to another process, which looks at a word of every page.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::sync::atomic::Ordering::Relaxed;

use ipc_channel::ipc::{
    IpcOneShotServer, IpcReceiver, IpcSender, IpcSharedMemory, channel,
};

use super::raw::Shared;
use super::{Worker, peer_command, spread};
use crate::Error;

const SIZE: usize = 64 << 20;
const PAGE: usize = 4096;

type Ends = (IpcSender<IpcSharedMemory>, IpcReceiver<u64>);

/// Each page begins with its number.
fn message() -> Vec<u8> {
    let mut message = vec![1; SIZE];
    for (i, page) in message.chunks_exact_mut(PAGE).enumerate() {
        page[..8].copy_from_slice(&(i as u64).to_ne_bytes());
    }
    message
}

/// The sum of the pages' numbers.
fn look(message: &[u8]) -> u64 {
    let number =
        |page: &[u8]| page.first_chunk().map_or(0, |w| u64::from_ne_bytes(*w));
    message.chunks_exact(PAGE).map(number).sum()
}

pub(crate) fn find(form: &str) -> Result<Option<Worker>, Error> {
    let message = message();
    spread(0);
    Ok(Some(match form {
        "copy" => {
            let mut to = vec![0; SIZE];
            each(move || {
                to.copy_from_slice(std::hint::black_box(&message));
                Ok(look(std::hint::black_box(&to)))
            })
        }
        "pipe" => {
            let (theirs, ours) = std::io::pipe()?;
            stream(OwnedFd::from(ours), theirs, message)?
        }
        "socketpair" => {
            let (ours, theirs) = UnixStream::pair()?;
            stream(OwnedFd::from(ours), OwnedFd::from(theirs), message)?
        }
        "tcp" => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let ours = TcpStream::connect(listener.local_addr()?)?;
            let (theirs, _) = listener.accept()?;
            stream(OwnedFd::from(ours), OwnedFd::from(theirs), message)?
        }
        "shared" => {
            let (shared, file) = Shared::new(SIZE)?;
            let (mut signal, mut answer, partner) = sink("shared", file)?;
            let words: Vec<u64> = message
                .chunks_exact(8)
                .map(|w| w.first_chunk().map_or(0, |w| u64::from_ne_bytes(*w)))
                .collect();
            each(move || {
                for (to, from) in shared.memory().iter().zip(&words) {
                    to.store(*from, Relaxed);
                }
                signal.write_all(&[1])?;
                sum(&mut answer)
            })
            .with(partner)
        }
        "ipc_channel" => {
            let (server, name) = IpcOneShotServer::<Ends>::new()?;
            let mut command = peer_command("bulk_channel", Some(&name))?;
            let partner = command.spawn()?.id();
            let (_, (sender, sums)) = server.accept()?;
            each(move || {
                sender.send(IpcSharedMemory::from_bytes(&message))?;
                Ok(sums.recv()?)
            })
            .with(partner)
        }
        _ => return Ok(None),
    }))
}

/// The other process.
pub(crate) fn peer(name: &str, argument: Option<&str>) -> Result<(), Error> {
    spread(1);
    let mut input = File::from(std::io::stdin().as_fd().try_clone_to_owned()?);
    let mut output = std::io::stdout();
    let mut tell = |sum: u64| -> Result<(), Error> {
        output.write_all(&sum.to_ne_bytes())?;
        Ok(output.flush()?)
    };
    match name {
        "bulk_stream" => {
            let mut message = vec![0; SIZE];
            while input.read_exact(&mut message).is_ok() {
                tell(look(&message))?;
            }
        }
        "bulk_shared" => {
            let shared = Shared::open(input.as_fd(), SIZE)?;
            let mut signal =
                File::from(std::io::stderr().as_fd().try_clone_to_owned()?);
            while signal.read_exact(&mut [0]).is_ok() {
                let pages = shared.memory().chunks_exact(PAGE / 8);
                tell(pages.map(|page| page[0].load(Relaxed)).sum())?;
            }
        }
        "bulk_channel" => {
            let (sender, messages) = channel::<IpcSharedMemory>()?;
            let (answer, sums) = channel()?;
            let name = argument.ok_or("no name")?.to_owned();
            IpcSender::<Ends>::connect(name)?.send((sender, sums))?;
            while let Ok(message) = messages.recv() {
                answer.send(look(&message))?;
            }
        }
        _ => return Err(format!("no peer is called {name}").into()),
    }
    Ok(())
}

/// A peer that has `input`, a signal to wake it, and its answers.
fn sink(
    name: &str,
    input: impl Into<Stdio>,
) -> Result<(File, File, u32), Error> {
    let (theirs, signal) = std::io::pipe()?;
    let (answers, answer) = std::io::pipe()?;
    let mut command = peer_command(&format!("bulk_{name}"), None)?;
    // The signal takes the place of standard error.
    command.stdin(input).stdout(answer).stderr(theirs);
    let partner = command.spawn()?.id();
    Ok((OwnedFd::from(signal).into(), OwnedFd::from(answers).into(), partner))
}

fn stream(
    to: OwnedFd,
    theirs: impl Into<Stdio>,
    message: Vec<u8>,
) -> Result<Worker, Error> {
    let (_, mut answer, partner) = sink("stream", theirs)?;
    let mut to = File::from(to);
    let worker = each(move || {
        to.write_all(&message)?;
        sum(&mut answer)
    });
    Ok(worker.with(partner))
}

fn sum(answer: &mut File) -> Result<u64, Error> {
    let mut word = [0; 8];
    answer.read_exact(&mut word)?;
    Ok(u64::from_ne_bytes(word))
}

fn each(mut one: impl FnMut() -> Result<u64, Error> + 'static) -> Worker {
    Worker::new(move |n| {
        (0..n).map(|_| one().expect("the peer is there")).sum()
    })
}
