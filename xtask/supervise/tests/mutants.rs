//! Faults put into the supervisors and into the library that sees who speaks, one
//! at a time: each must turn a test red. What survives is not tested.
//!
//! It is a step of its own, `cargo test -p supervise --test mutants -- --ignored`,
//! for it compiles the crates once a fault, and names their own text.

#![cfg(target_os = "linux")]

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

struct Mutant {
    fault: &'static str,
    /// The file that it is put into.
    file: &'static str,
    /// A text that stands there once.
    old: &'static str,
    new: &'static str,
    /// A part of the names of the tests that are to see it.
    seen_by: &'static str,
}

const MUTANTS: &[Mutant] = &[
    Mutant {
        fault: "files that are left are not told",
        file: "supervise/src/supervisor.rs",
        old: "leaks.extend(leaks::files(&folders.work));",
        new: "",
        seen_by: "named_objects_are_leaks",
    },
    Mutant {
        fault: "files that are left elsewhere are not told",
        file: "supervise/src/supervisor.rs",
        old: "leaks.extend(ring.iter().flat_map(leaks::files_elsewhere));",
        new: "",
        seen_by: "a_file_elsewhere",
    },
    Mutant {
        fault: "a sibling's zombie is taken for its tracker",
        file: "supervise/src/cast.rs",
        old: "end_of(process).is_some_and(|end| Some(end) > end_of(main))",
        new: "end_of(process).is_some()",
        seen_by: "a_siblings_leaks",
    },
    Mutant {
        fault: "a SysV object stays where it was made",
        file: "supervise/src/leaks.rs",
        old: ".inspect(Object::remove)",
        new: "",
        seen_by: "a_system_v_object",
    },
    Mutant {
        fault: "a tracker that its program has given up is a zombie",
        file: "supervise/src/leaks.rs",
        old: "after(told) || given(told)",
        new: "after(told)",
        seen_by: "a_siblings_leaks",
    },
    Mutant {
        fault: "time counts that the machine withholds",
        file: "supervise/src/deadline.rs",
        old: "asked.mul_f64(granted(ran / whole, waited / whole))",
        new: "asked.mul_f64(granted(ran / whole, waited / whole).max(1.0))",
        seen_by: "not_let_run",
    },
    Mutant {
        fault: "a pause counts",
        file: "supervise/src/deadline.rs",
        old: "asked.mul_f64(granted",
        new: "passed.mul_f64(granted",
        seen_by: "a_pause",
    },
    Mutant {
        fault: "a program whose time is over is not asked why",
        file: "supervise/src/watch.rs",
        old: "let _ = (&self.socket).write(&[0]);",
        new: "",
        seen_by: "may_tell_why",
    },
    Mutant {
        fault: "any number of lines is taken in",
        file: "supervise/src/lines.rs",
        old: "self.count >= LINES",
        new: "self.count >= usize::MAX",
        seen_by: "a_flood_of_lines",
    },
    Mutant {
        fault: "that nothing can be run is told again and again",
        file: "supervise/src/runner.rs",
        old: "self.lost.swap(true,",
        new: "self.lost.swap(false,",
        seen_by: "the_zygote_is_gone",
    },
    Mutant {
        fault: "what tells no end lives for ever",
        file: "supervise/src/cast.rs",
        old: "life.ended.get_or_insert(sign);",
        new: "life.ended.get_or_insert(u64::MAX - sign);",
        seen_by: "no_longer_than_was_seen",
    },
    Mutant {
        fault: "a line by two is the first one's",
        file: "supervise/src/cast.rs",
        old: "_ => Writer::Nobody,",
        new: "(line, _) => line,",
        seen_by: "a_line_by_two",
    },
    Mutant {
        fault: "threads live on after exec",
        file: "supervise/src/cast.rs",
        old: "process.threads.retain(|_, life| *life == initial);",
        new: "",
        seen_by: "exec_goes_on",
    },
    Mutant {
        fault: "a full ring is taken for all there was",
        file: "supervise/src/cast.rs",
        old: ".filter(|count| *count <= SLOTS)",
        new: ".map(|count| count.min(SLOTS))",
        seen_by: "nothing_is_claimed",
    },
    Mutant {
        fault: "a thread's end is not told",
        file: "preload/library/calls.rs",
        old: "tell::event(Kind::Ended, 0);",
        new: "",
        seen_by: "threads_one_by_one",
    },
    Mutant {
        fault: "a vforked child's descriptors are its parent's",
        file: "preload/library/tell.rs",
        old: "output != is_output(to)\n        && OWNER.load(Ordering::Relaxed) == pid()",
        new: "output != is_output(to)",
        seen_by: "a_vforked_child",
    },
];

#[test]
#[ignore = "compiles the crates once for each fault"]
fn each_fault_turns_a_test_red() {
    let home = tempfile::tempdir().expect("a folder");
    let home = home.path();
    copy(home);
    let whole = MUTANTS.iter().map(|mutant| mutant.seen_by);
    let output = test(home, whole);
    assert!(output.status.success(), "without a fault: {output:?}");
    let wrong: Vec<String> =
        MUTANTS.iter().filter_map(|mutant| try_out(home, mutant)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tries the fault out. Says what is wrong with that, if anything is.
fn try_out(home: &Path, mutant: &Mutant) -> Option<String> {
    let Mutant { fault, file, old, new, seen_by } = mutant;
    let path = home.join("xtask").join(file);
    let text = fs::read_to_string(&path).expect("a text");
    assert_eq!(text.matches(old).count(), 1, "{fault}: `{old}` in {file}");
    fs::write(&path, text.replace(old, new)).expect("written");
    let output = test(home, [*seen_by].into_iter());
    fs::write(&path, text).expect("written");
    let said = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Some(format!("survived: {fault}"))
    } else if !said.contains("test result: FAILED") {
        let errors = String::from_utf8_lossy(&output.stderr);
        Some(format!("{fault}: does not compile\n{errors}"))
    } else {
        None
    }
}

fn test<'n>(home: &Path, names: impl Iterator<Item = &'n str>) -> Output {
    let cargo = std::env::var_os("CARGO");
    Command::new(cargo.unwrap_or_else(|| OsString::from("cargo")))
        .current_dir(home)
        .env("CARGO_TARGET_DIR", home.join("target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .args(["test", "--offline", "--quiet", "--package", "supervise"])
        .args(["--lib", "--test", "runner", "--test", "speakers", "--"])
        .args(names)
        .output()
        .expect("cargo runs")
}

/// Copies what the tests need into a workspace of its own.
fn copy(home: &Path) {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask");
    let root = xtask.parent().expect("the workspace");
    for folder in ["expect", "preload", "supervise", "tests/common"] {
        copy_folder(&xtask.join(folder), &home.join("xtask").join(folder));
    }
    fs::copy(root.join("Cargo.lock"), home.join("Cargo.lock")).expect("copied");
    let manifest = root.join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("a manifest");
    let (before, after) = manifest.split_once("members = [").expect("members");
    let (_, after) = after.split_once(']').expect("an end");
    let members =
        r#"members = ["xtask/expect", "xtask/preload", "xtask/supervise"]"#;
    let manifest = format!("{before}{members}{after}");
    fs::write(home.join("Cargo.toml"), manifest).expect("written");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            fs::copy(&path, &to).expect("copied");
        }
    }
}
