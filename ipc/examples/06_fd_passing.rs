//! Descriptor passing: an open file, handed to another process.
//!
//! Python: `socket.send_fds`, in `06_fd_passing.py`.
//! Notes: none.
//!
//! A Unix socket carries open files besides bytes. The receiver gets a
//! descriptor of its own for the same open file: a file, a pipe's end, a
//! connection. Reach for it when one process may open something and another one
//! works with it, as in a server that hands connections to its workers.
//! `ipc-channel` sends its channels and its memory this way.
//!
//! The file here has no name, and the helper started before it was opened, so
//! no other way leads to it. Both processes share the position in the file: the
//! helper reads on where main stopped. A received descriptor stays open until
//! it is closed. So leave room for as many as the kernel lets through in one
//! message, wrap all that came, and then refuse what you did not ask for. Set
//! close-on-exec, which `recv_fds` does not. (Longer than a screen: half of it
//! is careful receiving.)
//!
//! ```text,expect
//! @processes
//! main: opened a file without a name, read one
//! main: sends text alone
//! helper: got "no file", descriptors: 0
//! main: sends three descriptors
//! helper: 3 descriptors came where one was due
//! main: sends text and a descriptor
//! helper: got "a file", descriptors: 1
//! helper: read two three, close-on-exec: true
//! main: the helper ended with 0, left to read: 0 bytes
//! ```
//!
//! Break it: `send(&to_helper, "a file", &[file.as_raw_fd()])?`
//! => `send(&to_helper, "a file", &[])?`
//! Break it: `files.len() > 1` => `files.len() > 3`
//! Break it: `MsgFlags::MSG_CMSG_CLOEXEC` => `MsgFlags::empty()`
//! Break it (Python): `[b"a file"], [file.fileno()]` => `[b"a file"], []`
//! Break it (Python): `os.set_inheritable(descriptor, False)` => `pass`

#![allow(unsafe_code)]

use std::fs::File;
use std::io::{IoSlice, IoSliceMut, Read, Seek, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::str;

use ipc::Result;
use nix::cmsg_space;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags};
use nix::sys::socket::{recvmsg, sendmsg};

/// SCM_MAX_FD of Linux. With less room `cmsgs` may fail, and what came is lost
/// track of.
const MOST: usize = 253;

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

    println!("main: sends text alone");
    send(&to_helper, "no file", &[])?;
    (&to_helper).read_exact(&mut [0])?;
    println!("main: sends three descriptors");
    send(&to_helper, "three", &[file.as_raw_fd(); 3])?;
    (&to_helper).read_exact(&mut [0])?;
    println!("main: sends text and a descriptor");
    send(&to_helper, "a file", &[file.as_raw_fd()])?;
    let code = helper.exit_code()?;
    let left = file.read_to_end(&mut Vec::new())?;
    println!("main: the helper ended with {code}, left to read: {left} bytes");
    Ok(())
}

fn help(mut main: &UnixStream) -> Result<()> {
    let (text, files) = receive(main)?;
    println!("helper: got {text:?}, descriptors: {}", files.len());
    main.write_all(b"!")?;
    match receive(main) {
        Ok((_, files)) => println!("helper: got {}", files.len()),
        Err(error) => println!("helper: {error}"),
    }
    main.write_all(b"!")?;
    let (text, files) = receive(main)?;
    println!("helper: got {text:?}, descriptors: {}", files.len());
    for file in files {
        let flags = FdFlag::from_bits_retain(fcntl(&file, FcntlArg::F_GETFD)?);
        let closes = flags.contains(FdFlag::FD_CLOEXEC);
        let mut rest = String::new();
        File::from(file).read_to_string(&mut rest)?;
        println!("helper: read {}, close-on-exec: {closes}", rest.trim());
    }
    Ok(())
}

/// Sends at least one byte: descriptors travel only beside bytes.
fn send(to: &UnixStream, text: &str, files: &[RawFd]) -> nix::Result<usize> {
    let bytes = [IoSlice::new(text.as_bytes())];
    let rights = [ControlMessage::ScmRights(files)];
    let rights = if files.is_empty() { &[][..] } else { &rights };
    sendmsg::<()>(to.as_raw_fd(), &bytes, rights, MsgFlags::empty(), None)
}

fn receive(from: &UnixStream) -> Result<(String, Vec<OwnedFd>)> {
    let mut bytes = [0; 64];
    let mut text = [IoSliceMut::new(&mut bytes)];
    let mut room = cmsg_space!([RawFd; MOST]);
    let fd = from.as_raw_fd();
    #[cfg(target_os = "linux")]
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = MsgFlags::empty();
    let came = recvmsg::<()>(fd, &mut text, Some(&mut room), flags)?;
    let mut files = Vec::new();
    for message in came.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = message {
            // SAFETY: the kernel has just made these descriptors for this
            // process, and nobody else knows of them.
            let own = |fd| unsafe { OwnedFd::from_raw_fd(fd) };
            files.extend(descriptors.into_iter().map(own));
        }
    }
    if files.len() > 1 {
        let count = files.len();
        return Err(
            format!("{count} descriptors came where one was due").into()
        );
    }
    let size = came.bytes;
    #[cfg(not(target_os = "linux"))]
    for file in &files {
        fcntl(file, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    }
    Ok((str::from_utf8(&bytes[..size])?.to_owned(), files))
}
