//! What the tests of the runner share.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The misbehaving program. Cargo builds it beside the tests of its own crate; for
/// those of `xtask` alone it is built here.
pub(crate) fn misbehave() -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let folder = test.ancestors().nth(2).expect("target/debug");
    let path = folder.join("misbehave");
    if !path.exists() {
        let target = folder.parent().expect("target");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "supervise"])
            .arg("--target-dir")
            .arg(target)
            .status();
        assert!(built.is_ok_and(|s| s.success()), "misbehave is not built");
    }
    path
}

/// A mark that no other test and no other run has.
pub(crate) fn mark(test: &str) -> String {
    format!("mark-{}-{test}", std::process::id())
}

/// The command lines of living processes that carry `mark`. A process in the
/// middle of its death has none.
pub(crate) fn alive(mark: &str) -> Vec<String> {
    marked(mark).into_iter().map(|(_, line)| line).collect()
}

/// The numbers of those.
pub(crate) fn processes(mark: &str) -> Vec<i32> {
    marked(mark).into_iter().map(|(number, _)| number).collect()
}

fn marked(mark: &str) -> Vec<(i32, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").expect("/proc").flatten() {
        let number = entry.file_name().to_string_lossy().parse();
        let bytes = fs::read(entry.path().join("cmdline"));
        let (Ok(number), Ok(bytes)) = (number, bytes) else { continue };
        let line = String::from_utf8_lossy(&bytes).replace('\0', " ");
        if line.contains(mark) {
            found.push((number, line));
        }
    }
    found
}

/// Waits until `done`, for as long as a loaded machine may need.
pub(crate) fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(Instant::now() < deadline, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What stands in a folder.
pub(crate) fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(folder).expect("a folder");
    read.flatten().map(|entry| entry.path()).collect()
}
