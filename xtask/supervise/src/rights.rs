//! Bytes over a socket, and descriptors with them.

#![allow(unsafe_code)]

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use nix::cmsg_space;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg,
};

/// How many descriptors may come at once.
const MOST: usize = 4;

/// Sends bytes, and with them descriptors.
pub(crate) fn send(
    to: impl AsFd,
    bytes: &[u8],
    descriptors: &[impl AsFd],
) -> io::Result<()> {
    let fds = descriptors.iter().map(|d| d.as_fd().as_raw_fd());
    let fds: Vec<RawFd> = fds.collect();
    let bytes = [IoSlice::new(bytes)];
    let rights = [ControlMessage::ScmRights(&fds)];
    let to = to.as_fd().as_raw_fd();
    loop {
        match sendmsg::<()>(to, &bytes, &rights, MsgFlags::empty(), None) {
            Ok(_) => return Ok(()),
            Err(Errno::EINTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}

/// Receives what is there: how many bytes, and the descriptors that came with
/// them, which no program that is started will have.
pub(crate) fn receive(
    from: impl AsFd,
    bytes: &mut [u8],
) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut bytes = [IoSliceMut::new(bytes)];
    let mut room = cmsg_space!([RawFd; MOST]);
    let (from, flags) = (from.as_fd().as_raw_fd(), MsgFlags::empty());
    let message = recvmsg::<()>(from, &mut bytes, Some(&mut room), flags)?;
    let mut descriptors = Vec::new();
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(fds) = part {
            descriptors.extend(fds.into_iter().map(|fd| {
                // SAFETY: the kernel has just made this descriptor for this
                // process, and nobody else knows of it.
                unsafe { OwnedFd::from_raw_fd(fd) }
            }));
        }
    }
    for descriptor in &descriptors {
        fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    }
    Ok((message.bytes, descriptors))
}
