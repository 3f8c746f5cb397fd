//! Notices when a file is saved.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, MetadataKind, ModifyKind};
use notify::{
    Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher,
};

use super::Event;
use crate::Error;

/// How often the files are looked at where the system tells of no change.
const POLL: Duration = Duration::from_millis(300);

/// How saves are noticed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// The system tells.
    Told,
    /// By looking, where the system tells nothing.
    Polled,
}

/// Notices saves, until it is dropped.
pub(crate) struct Saves {
    _watcher: Box<dyn Watcher>,
}

impl Saves {
    /// Tells of each save in `folders` and below. Folders are watched rather than
    /// files, for many editors save by putting another file in the place.
    ///
    /// # Errors
    /// When the system does not let us.
    pub(crate) fn watch(
        folders: impl IntoIterator<Item = PathBuf>,
        way: Way,
        sender: Sender<Event>,
    ) -> Result<Saves, Error> {
        let fail = |e: notify::Error| {
            Error::Usage(format!(
                "the system does not tell of saves ({e}); \
                 `cargo xtask watch --poll` looks for them"
            ))
        };
        let tell = move |event: notify::Result<notify::Event>| {
            // Nobody is there any more where that fails.
            if let Ok(event) = event
                && is_save(event.kind)
            {
                let _ = sender.send(Event::Saved(event.paths));
            }
        };
        let config = Config::default()
            .with_poll_interval(POLL)
            .with_compare_contents(true);
        let mut watcher: Box<dyn Watcher> = match way {
            Way::Told => {
                Box::new(RecommendedWatcher::new(tell, config).map_err(fail)?)
            }
            Way::Polled => {
                Box::new(PollWatcher::new(tell, config).map_err(fail)?)
            }
        };
        for folder in folders {
            let folder: &Path = &folder;
            watcher.watch(folder, RecursiveMode::Recursive).map_err(fail)?;
        }
        Ok(Saves { _watcher: watcher })
    }
}

/// Reading is none, and neither is a change of rights.
fn is_save(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) | EventKind::Remove(_) => false,
        EventKind::Modify(ModifyKind::Metadata(what)) => {
            what == MetadataKind::WriteTime
        }
        _ => true,
    }
}
