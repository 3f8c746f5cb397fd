//! Writes the broken twins for `tests/model.rs`: the toy executor, each time
//! with one mistake made in it. A check that does not find it checks nothing.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const SOURCE: &str = "src/toy_executor.rs";

/// The twin's name, and each text to replace with what to put there.
const TWINS: [(&str, &[(&str, &str)]); 5] = [
    // A wake during the poll finds the task still marked as queued.
    (
        "marking_after_the_poll",
        &[
            ("task.queued.swap(false, Ordering::AcqRel);", ""),
            (
                "let mut cx = Context::from_waker(&waker);",
                "let mut cx = Context::from_waker(&waker);
                let over = future.as_mut().poll(&mut cx).is_ready();
                task.queued.swap(false, Ordering::AcqRel);",
            ),
            ("if future.as_mut().poll(&mut cx).is_ready() {", "if over {"),
        ],
    ),
    // The poll need not see what was written before a wake that queued nothing.
    (
        "clearing_relaxed",
        &[("(false, Ordering::AcqRel)", "(false, Ordering::Relaxed)")],
    ),
    (
        "waking_relaxed",
        &[("(true, Ordering::AcqRel)", "(true, Ordering::Relaxed)")],
    ),
    // The loop sleeps on.
    ("without_notify", &[("shared.changed.notify_one();", "")]),
    // The lock is let go between the look at the queue and the wait.
    (
        "waiting_unlocked",
        &[(
            "let woken = self.changed.wait_timeout(state, longest);",
            "drop(state);
            let woken = self.changed.wait_timeout(self.lock(), longest);",
        )],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={SOURCE}");
    let right = fs::read_to_string(SOURCE)?;
    let mut twins = String::new();
    for (name, mistake) in TWINS {
        let mut wrong = right.clone();
        for (old, new) in mistake {
            if wrong.matches(old).count() != 1 {
                return Err(format!("not once in {SOURCE}: {old}").into());
            }
            wrong = wrong.replace(old, new);
        }
        twins += &format!("pub mod {name} {{\n{wrong}\n}}\n");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("twins.rs"), twins)?;
    Ok(())
}
