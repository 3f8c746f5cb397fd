//! Who is seen to speak, in namespaces and under a sub-reaper.

#![cfg(all(target_os = "linux", target_env = "gnu"))]

use std::process::Command;
use std::time::Duration;

use expect::{Cast, Ending, Life, Observed, Spoken};
use supervise::{Isolation, Job, Outcome, Runner};

const LONG: Duration = Duration::from_secs(60);

fn run(job: &Job, isolation: Isolation) -> Outcome {
    let binary = env!("CARGO_BIN_EXE_misbehave").as_ref();
    let runner = Runner::new(binary, isolation).expect("a runner");
    runner.run(job, LONG).expect("it runs")
}

/// Runs `speak WHAT` under either kind of supervisor.
fn both(what: &str, check: impl Fn(&Observed, &Cast)) {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let job = Job {
            program: env!("CARGO_BIN_EXE_speak").into(),
            arguments: vec![what.to_owned()],
            ..Job::default()
        };
        let Outcome { observed, unseen, .. } = run(&job, isolation);
        assert_eq!(unseen, None, "{what} {isolation:?}");
        assert_eq!(observed.ending, Ending::Exit(0), "{observed:?}");
        assert_eq!(observed.leaks, [""; 0]);
        let cast = observed.cast.as_ref().expect("seen");
        for (nth, life) in cast.lives.iter().enumerate() {
            let ended = life.ended.expect("each has an end");
            assert!(life.begun <= ended, "{life:?}");
            for spoken in observed.lines.iter().filter_map(|l| l.spoken) {
                if spoken.by == nth {
                    let within = life.begun..=ended;
                    assert!(within.contains(&spoken.when), "{observed:?}");
                }
            }
        }
        check(&observed, cast);
    }
}

fn texts(observed: &Observed) -> Vec<&str> {
    observed.lines.iter().map(|line| line.text.as_str()).collect()
}

/// Who spoke the line that begins so.
fn speaker(observed: &Observed, cast: &Cast, begin: &str) -> Option<Life> {
    let mut lines = observed.lines.iter();
    let line = lines.find(|line| line.text.starts_with(begin));
    let Spoken { by, .. } = line.expect("it was printed").spoken?;
    Some(cast.lives[by])
}

fn processes(cast: &Cast) -> usize {
    cast.lives.iter().filter(|life| life.initial).count()
}

fn overlap(one: Life, other: Life) -> bool {
    one.begun <= other.ended.unwrap_or(u64::MAX)
        && other.begun <= one.ended.unwrap_or(u64::MAX)
}

#[test]
fn one_thread_is_seen() {
    both("alone", |observed, cast| {
        assert_eq!(cast.lives.len(), 1);
        let main = speaker(observed, cast, "main").expect("seen");
        assert_eq!((main.process, main.initial), (0, true));
        assert_eq!(main.pid, main.tid);
    });
}

#[test]
fn processes_are_told_apart() {
    both("fork", |observed, cast| {
        assert_eq!(processes(cast), 2);
        let main = speaker(observed, cast, "main").expect("seen");
        let child = speaker(observed, cast, "child").expect("seen");
        assert_eq!((main.process, child.process), (0, 1));
        assert!(overlap(main, child));
        assert!(child.ended < main.ended);
    });
    both("spawn", |observed, cast| {
        assert_eq!(processes(cast), 2);
        let child = speaker(observed, cast, "main: well").expect("seen");
        let main = speaker(observed, cast, "main: after").expect("seen");
        assert_eq!((main.process, child.process), (0, 1));
    });
}

#[test]
fn a_vforked_child_changes_nothing_of_its_parent() {
    both("vfork", |observed, cast| {
        assert_eq!(processes(cast), 2);
        let main = speaker(observed, cast, "main").expect("seen");
        assert_eq!(main.process, 0);
    });
}

#[test]
fn exec_goes_on_with_the_process_and_ends_its_threads() {
    both("exec", |observed, cast| {
        assert_eq!(processes(cast), 1);
        let before = speaker(observed, cast, "before").expect("seen");
        let after = speaker(observed, cast, "main").expect("seen");
        assert_eq!(before, after);
        let gone = cast.lives.iter().find(|life| !life.initial);
        let ended = gone.expect("seen").ended;
        assert!(ended.is_some() && ended < after.ended, "{cast:?}");
    });
}

#[test]
fn threads_are_told_apart() {
    both("threads", |observed, cast| {
        assert_eq!((cast.lives.len(), processes(cast)), (4, 1));
        let of = |n| {
            let begin = format!("worker {n}");
            speaker(observed, cast, &begin).expect("seen")
        };
        let workers = [of(0), of(1), of(2)];
        for one in workers {
            assert!(!one.initial);
            for other in workers {
                // All have met.
                assert!(overlap(one, other), "{cast:?}");
            }
        }
        let main = speaker(observed, cast, "main").expect("seen");
        assert!(main.initial);
    });
}

#[test]
fn threads_one_by_one_never_overlap() {
    both("one_by_one", |observed, cast| {
        // Fifty, although the kernel may use a number again.
        assert_eq!(cast.lives.len(), 51);
        let said = observed.lines.iter().filter_map(|line| line.spoken);
        let speakers: Vec<usize> = said.map(|spoken| spoken.by).collect();
        assert_eq!(speakers, (1..51).collect::<Vec<_>>());
        for pair in cast.lives[1..].windows(2) {
            assert!(!overlap(pair[0], pair[1]), "{pair:?}");
        }
    });
}

#[test]
fn a_thread_that_exits_or_is_cancelled_ends() {
    both("thread_exits", |observed, cast| {
        assert_eq!(cast.lives.len(), 3);
        let leaver = speaker(observed, cast, "leaver").expect("seen");
        let cancelled = speaker(observed, cast, "cancelled").expect("seen");
        assert!(!overlap(leaver, cancelled), "{cast:?}");
    });
}

#[test]
fn what_is_killed_lives_until_then() {
    both("killed", |observed, cast| {
        assert_eq!(processes(cast), 3);
        let started = observed.lines[0].spoken.expect("seen").when;
        let child = cast.lives[1];
        assert!(child.ended > Some(started), "it was there: {cast:?}");
        let other = speaker(observed, cast, "other").expect("seen");
        assert!(!overlap(child, other), "it was there no more: {cast:?}");
    });
}

#[test]
fn what_tells_no_end_lives_no_longer_than_was_seen() {
    both("dies_alone", |observed, cast| {
        let child = speaker(observed, cast, "child").expect("seen");
        let other = speaker(observed, cast, "other").expect("seen");
        assert!(!overlap(child, other), "{cast:?}");
    });
}

#[test]
fn copies_of_the_descriptor_are_standard_output() {
    both("dup", |observed, cast| {
        assert_eq!(texts(observed), ["copy: one", "copy: two", "main: well"]);
        for begin in ["copy: one", "copy: two", "main"] {
            assert!(speaker(observed, cast, begin).is_some(), "{begin}");
        }
    });
    both("redirected", |observed, cast| {
        assert_eq!(texts(observed), ["main: well"]);
        assert!(speaker(observed, cast, "main").is_some());
    });
    both("closed", |observed, cast| {
        assert_eq!(texts(observed), ["main: well"]);
        assert!(speaker(observed, cast, "main").is_some());
    });
}

#[test]
fn other_ways_to_write_are_seen() {
    for what in ["writev", "stdio", "handler"] {
        both(what, |observed, _| {
            assert!(observed.lines.len() >= 2);
            for line in &observed.lines {
                assert!(line.spoken.is_some(), "{what}: {line:?}");
            }
        });
    }
}

#[test]
fn a_line_by_two_is_nobodys() {
    both("in_pieces", |observed, cast| {
        assert!(speaker(observed, cast, "main: piece by piece").is_some());
        assert_eq!(speaker(observed, cast, "main: half, child: half"), None);
        assert!(speaker(observed, cast, "main: well").is_some());
    });
}

#[test]
fn what_is_not_seen_is_not_guessed() {
    both("unseen", |observed, cast| {
        let known = |begin| speaker(observed, cast, begin).is_some();
        assert!(known("main: one"));
        assert!(!known("main: by a system call"));
        assert!(known("main: three"));
    });
}

#[test]
fn a_program_sees_nothing_of_it() {
    both("descriptors", |observed, cast| {
        // Whatever this test was started with has been handed on.
        let numbers = texts(observed)[0].split(' ');
        let numbers = numbers.filter_map(|word| word.parse::<usize>().ok());
        assert_eq!(numbers.sum::<usize>(), 64, "{observed:?}");
        assert!(speaker(observed, cast, "worker").is_some());
    });
    both("errno", |observed, _| {
        assert!(observed.lines[0].text.contains("os error 9"));
    });
}

#[test]
fn where_there_is_too_much_nothing_is_claimed() {
    let job = Job {
        program: env!("CARGO_BIN_EXE_speak").into(),
        arguments: vec!["many".into()],
        ..Job::default()
    };
    let outcome = run(&job, Isolation::Namespaces);
    assert!(outcome.unseen.expect("told").contains("more than"));
    assert_eq!(outcome.observed.cast, None);
    assert_eq!(outcome.observed.lines.len(), 40_000);
    assert!(outcome.observed.lines.iter().all(|line| line.spoken.is_none()));
}

#[test]
fn a_program_that_refuses_the_library_is_run_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("well.rs");
    let text = r#"fn main() { println!("main: well") }"#;
    std::fs::write(&source, text).expect("written");
    let program = folder.path().join("well");
    let built = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()))
        .args(["-C", "target-feature=+crt-static", "-o"])
        .args([&program, &source])
        .output()
        .expect("rustc runs");
    if !built.status.success() {
        eprintln!("skipped: no static program can be built here");
        return;
    }
    let job = Job { program, ..Job::default() };
    let outcome = run(&job, Isolation::Namespaces);
    assert!(outcome.unseen.expect("told").contains("static"));
    assert_eq!(outcome.observed.cast, None);
    assert_eq!(texts(&outcome.observed), ["main: well"]);
    assert_eq!(outcome.observed.ending, Ending::Exit(0));
}
