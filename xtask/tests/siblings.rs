//! Siblings are run so that each line is seen when it is printed, and by whom;
//! what they print is what Python alone would print.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use expect::Stream;
use supervise::{Isolation, Job, Runner};
use xtask::catalogue::python::Python;

const SIBLING: &str = r#"
"""A sibling."""
import multiprocessing
import sys
import threading

def say(who):
    for n in range(20):
        print(f"{who}:", n, sep=" ")

def fail():
    raise ValueError("as it must be")

if __name__ == "__main__":
    print("main:", __name__, __doc__, __file__ == sys.argv[0], len(sys.argv))
    for method in "fork", "spawn", "forkserver":
        context = multiprocessing.get_context(method)
        children = [
            context.Process(target=say, args=(f"{method} {n}",))
            for n in range(2)
        ]
        for child in children:
            child.start()
        for child in children:
            child.join()
    threads = [
        threading.Thread(target=say, args=(f"thread {n}",)) for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fail()
"#;

#[test]
fn each_line_is_seen_with_who_printed_it() {
    let Ok(python) = Python::find() else {
        eprintln!("skipped: there is no Python");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("sibling.py");
    std::fs::write(&script, SIBLING).expect("written");

    let binary = env!("CARGO_BIN_EXE_xtask").as_ref();
    let runner = Runner::new(binary, Isolation::Namespaces).expect("a runner");
    let job = Job {
        program: python.executable().to_owned(),
        arguments: Python::arguments(&script),
        ..Job::default()
    };
    let outcome = runner.run(&job, Duration::from_secs(120)).expect("it runs");
    assert_eq!(outcome.observed.leaks, [""; 0]);
    let lines = &outcome.observed.lines;
    let of = |stream| {
        let lines = lines.iter().filter(move |line| line.stream == stream);
        lines.map(|line| line.text.as_str()).collect::<Vec<_>>()
    };

    let plain = Command::new(python.executable())
        .args(["-I", "-S", "-B", "-X", "utf8"])
        .arg(&script)
        .output()
        .expect("it runs");
    let errors = String::from_utf8_lossy(&plain.stderr);
    assert_eq!(of(Stream::Stderr), errors.lines().collect::<Vec<_>>());
    let output = String::from_utf8_lossy(&plain.stdout);
    let mut expected: Vec<&str> = output.lines().collect();
    let mut printed = of(Stream::Stdout);
    expected.sort_unstable();
    printed.sort_unstable();
    assert_eq!(printed, expected);

    // Each actor is one thread, and no other is.
    if outcome.unseen.is_none() {
        let spoken = lines.iter().filter(|l| l.stream == Stream::Stdout);
        let pairs: BTreeSet<(&str, usize)> = spoken
            .map(|line| {
                let actor = line.text.split(':').next().expect("an actor");
                (actor, line.spoken.expect("it was seen").by)
            })
            .collect();
        assert_eq!(pairs.len(), 1 + 3 * 2 + 3, "{pairs:?}");
        let threads: BTreeSet<usize> =
            pairs.iter().map(|pair| pair.1).collect();
        assert_eq!(threads.len(), pairs.len(), "{pairs:?}");
    }
}
