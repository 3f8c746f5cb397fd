use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read, Write};

use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// A pipe that is full of dots, but for that many bytes.
pub fn pipe_with_room(room: usize) -> io::Result<(PipeReader, PipeWriter)> {
    let (mut reader, mut writer) = io::pipe()?;
    let bytes = vec![b'.'; room];
    while write_at_once(&mut writer, &bytes)? > 0 {}
    reader.read_exact(&mut vec![0; room])?;
    Ok((reader, writer))
}

/// Writes what there is room for, and says how much that was.
///
/// Whether a write waits is a flag of the pipe's end, which all processes share
/// that have it: it is set for this write alone.
pub fn write_at_once(pipe: &mut PipeWriter, bytes: &[u8]) -> io::Result<usize> {
    fcntl(&*pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    let wrote = match pipe.write(bytes) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        wrote => wrote,
    };
    fcntl(&*pipe, FcntlArg::F_SETFL(OFlag::empty()))?;
    wrote
}
