//! How long each case took last time, so that the longest can start first.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

/// The times, by label.
#[derive(Debug, Default)]
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

    /// Keeps a time.
    pub fn set(&self, label: String, wall: Duration) {
        self.with(|seconds| seconds.insert(label, wall.as_secs_f64()));
    }

    /// The order of `items` that ends soonest: the longest first; those that are
    /// not known count as long.
    pub fn longest_first<'a, T>(
        &self,
        items: &'a [T],
        label: impl Fn(&T) -> String,
    ) -> Vec<&'a T> {
        let of = |label: String| {
            self.with(|seconds| seconds.get(&label).copied().unwrap_or(1e3))
        };
        let mut order: Vec<(f64, &T)> =
            items.iter().map(|item| (of(label(item)), item)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        order.into_iter().map(|(_, item)| item).collect()
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
