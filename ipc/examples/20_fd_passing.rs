//! Descriptor passing: an open file, handed to another process.
//!
//! Python: `socket.send_fds`, in `20_fd_passing.py`.
//! Notes: none.
//!
//! A Unix socket carries open files besides bytes. The receiver gets a
//! descriptor of its own for the same open file, be it a file, a pipe's end or
//! a connection. Reach for it when one process may open something and another
//! shall work with it, as a server that hands connections to workers.
//! `ipc-channel` sends its channels and its memory like this.
//!
//! The file here has no name, and the helper was started before it was opened,
//! so no other way leads to it. Both share the place in the file: where main
//! stopped reading the helper goes on. What is received and not wrapped at once
//! stays open for good. (To receive a descriptor is what makes this longer than
//! a screen.)
//!
//! ```text,expect
//! main: opened a file without a name, read one
//! main: sends the descriptor
//! helper: got "a file", a descriptor: true
//! helper: read two three
//! main: the helper has ended, left to read: 0 bytes
//! ```
//!
//! Break it: `&[ControlMessage::ScmRights(&files)]` => `&[]`

#![allow(unsafe_code)]

use std::fs::File;
use std::io::{IoSlice, IoSliceMut, Read, Seek, Write};
use std::os::fd::{AsRawFd, FromRawFd, RawFd};
use std::os::unix::net::UnixStream;
use std::str;

use ipc::Result;
use nix::cmsg_space;
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags};
use nix::sys::socket::{recvmsg, sendmsg};

fn main() -> Result<()> {
    let (to_helper, from_main) = UnixStream::pair()?;
    let helper = ipc::fork(move || help(&from_main))?;

    let mut file = tempfile::tempfile()?;
    file.write_all(b"one two three")?;
    file.rewind()?;
    let mut word = [0; 3];
    file.read_exact(&mut word)?;
    let word = str::from_utf8(&word)?;
    println!("main: opened a file without a name, read {word}");

    let files = [file.as_raw_fd()];
    let rights = &[ControlMessage::ScmRights(&files)];
    let text = [IoSlice::new(b"a file")]; // with at least one byte
    println!("main: sends the descriptor");
    sendmsg::<()>(
        to_helper.as_raw_fd(),
        &text,
        rights,
        MsgFlags::empty(),
        None,
    )?;
    helper.join()?;
    let left = file.read_to_end(&mut Vec::new())?;
    println!("main: the helper has ended, left to read: {left} bytes");
    Ok(())
}

fn help(from_main: &UnixStream) -> Result<()> {
    let (message, file) = receive(from_main)?;
    let has_file = file.is_some();
    println!("helper: got \"{message}\", a descriptor: {has_file}");
    let mut rest = String::new();
    file.ok_or("no file")?.read_to_string(&mut rest)?;
    println!("helper: read {}", rest.trim());
    Ok(())
}

fn receive(socket: &UnixStream) -> Result<(String, Option<File>)> {
    let mut bytes = [0; 64];
    let mut text = [IoSliceMut::new(&mut bytes)];
    let mut room = cmsg_space!(RawFd);
    let fd = socket.as_raw_fd();
    // On Linux with MSG_CMSG_CLOEXEC, if the process is to start programs.
    let came =
        recvmsg::<()>(fd, &mut text, Some(&mut room), MsgFlags::empty())?;
    let mut file = None;
    for message in came.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = message {
            for descriptor in descriptors {
                // SAFETY: the kernel has just made this descriptor for this
                // process, and nobody else knows of it.
                file = Some(unsafe { File::from_raw_fd(descriptor) });
            }
        }
    }
    let size = came.bytes;
    Ok((str::from_utf8(&bytes[..size])?.to_owned(), file))
}
