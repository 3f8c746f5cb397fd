//! Runs cases side by side and keeps the user informed.

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How many processors there are for us.
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// How many run at once: examples mostly wait, so more than there are
/// processors.
pub fn default_jobs() -> usize {
    4 * processors()
}

/// As many of `jobs` as the open-file limit leaves room for: each holds three
/// descriptors, and twice that while it starts.
fn affordable(jobs: usize) -> usize {
    use nix::sys::resource::{Resource, getrlimit};
    let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return jobs;
    };
    let soft = usize::try_from(soft).unwrap_or(usize::MAX);
    jobs.min(soft.saturating_sub(24) / 8).max(1)
}

/// Does `work` on every item, `jobs` at a time, in order, and hands each result
/// to `done` on the calling thread as it comes. `done` says whether to go on.
pub fn side_by_side<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(usize, R) -> bool,
) {
    let next = AtomicUsize::new(0);
    let (sender, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..affordable(jobs).min(items.len()) {
            let (next, work, sender) = (&next, &work, sender.clone());
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    if sender.send((index, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (index, result) in results {
            if !done(index, result) {
                next.store(items.len(), Ordering::Relaxed);
            }
        }
    });
}

/// A progress bar on a terminal, nothing elsewhere.
pub fn progress(length: usize) -> ProgressBar {
    let target = if stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(Some(length as u64), target);
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// How long each case took last time, so that the longest can start first.
#[derive(Debug)]
pub struct Times {
    file: PathBuf,
    seconds: Mutex<BTreeMap<String, f64>>,
}

impl Times {
    /// Reads the times kept in `file`; none where there is no such file.
    pub fn load(file: PathBuf) -> Times {
        let text = std::fs::read(&file).unwrap_or_default();
        let seconds = serde_json::from_slice(&text).unwrap_or_default();
        Times { file, seconds: Mutex::new(seconds) }
    }

    /// The last known time of `label`; unknown ones count as long.
    pub fn of(&self, label: &str) -> f64 {
        self.with(|seconds| seconds.get(label).copied().unwrap_or(1e3))
    }

    /// Keeps a time.
    pub fn set(&self, label: String, wall: Duration) {
        self.with(|seconds| seconds.insert(label, wall.as_secs_f64()));
    }

    /// Writes them down. They only save time: a fault here is none.
    pub fn save(&self) {
        let text = self.with(|seconds| serde_json::to_vec(seconds));
        if let (Ok(text), Some(folder)) = (text, self.file.parent()) {
            let _ = std::fs::create_dir_all(folder);
            let _ = std::fs::write(&self.file, text);
        }
    }

    fn with<R>(&self, act: impl FnOnce(&mut BTreeMap<String, f64>) -> R) -> R {
        act(&mut self.seconds.lock().expect("no holder panics"))
    }
}
