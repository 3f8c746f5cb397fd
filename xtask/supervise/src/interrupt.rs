//! Ctrl-C: the first one asks to stop, the second one stops.

use std::io::{self, PipeReader};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::SigSet;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// The exit status after Ctrl-C, as a shell has it.
pub const EXIT: u8 = 130;

/// Whether the user wants to stop; readable, for `poll`, from then on.
#[derive(Debug)]
pub(crate) struct Interrupt {
    reader: PipeReader,
    set: Arc<AtomicBool>,
}

impl Interrupt {
    /// Takes over SIGINT, SIGTERM and SIGHUP. The second one ends the process
    /// at once; the supervisors see that and clean up.
    ///
    /// # Errors
    /// When the kernel refuses the pipe or a handler.
    pub(crate) fn install() -> io::Result<Interrupt> {
        // Also where they were blocked when this was started, and SIGCHLD.
        SigSet::empty().thread_set_mask()?;
        let set = Arc::new(AtomicBool::new(false));
        let (reader, writer) = io::pipe()?;
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            let again = Arc::clone(&set);
            flag::register_conditional_shutdown(signal, EXIT.into(), again)?;
            flag::register(signal, Arc::clone(&set))?;
            low_level::pipe::register(signal, writer.try_clone()?)?;
        }
        Ok(Interrupt { reader, set })
    }

    /// Whether the user wants to stop.
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Ordering::Relaxed)
    }
}

impl AsFd for Interrupt {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }
}
