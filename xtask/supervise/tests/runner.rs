//! The runner against small misbehaving programs, in namespaces and under a
//! sub-reaper.

#![cfg(target_os = "linux")]

#[path = "../../tests/common/mod.rs"]
mod common;

use std::fs;
use std::thread;
use std::time::Duration;

use common::{alive, eventually, mark, misbehave, processes};
use expect::{Ending, Observed};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use supervise::{Fault, Isolation, Job, Outcome, Runner};

const LONG: Duration = Duration::from_secs(60);

fn run_job(
    job: &Job,
    isolation: Isolation,
    timeout: Duration,
) -> Result<Outcome, Fault> {
    runner(isolation).run(job, timeout)
}

fn runner(isolation: Isolation) -> Runner {
    let binary = env!("CARGO_BIN_EXE_misbehave").as_ref();
    Runner::new(binary, isolation).expect("a runner")
}

/// Runs `what` under either kind of supervisor, and makes sure that nothing of
/// it lives on.
fn both(what: &str, timeout: Duration, check: impl Fn(Observed)) {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let mark = mark(&format!("{what}-{isolation:?}"));
        let job = Job {
            program: misbehave(),
            arguments: vec![what.to_owned(), mark.clone()],
            ..Job::default()
        };
        let outcome = run_job(&job, isolation, timeout).expect("it runs");
        assert_eq!(alive(&mark), [""; 0], "{what} {isolation:?}");
        check(outcome.observed);
    }
}

fn stdout(observed: &Observed) -> Vec<&str> {
    observed.lines.iter().map(|line| line.text.as_str()).collect()
}

fn leaks(what: &str, expected: &[&str]) {
    both(what, LONG, |observed| {
        assert_eq!(observed.ending, Ending::Exit(0));
        assert_eq!(observed.leaks.len(), expected.len(), "{observed:?}");
        for (leak, part) in observed.leaks.iter().zip(expected) {
            assert!(leak.contains(part), "{leak} without {part}");
        }
    });
}

#[test]
fn a_good_program_is_seen_whole() {
    both("nothing", LONG, |observed| {
        assert_eq!(stdout(&observed), ["main: well"]);
        assert_eq!(observed.ending, Ending::Exit(0));
        assert_eq!(observed.leaks, [""; 0]);
        assert_eq!(observed.notes, [""; 0]);
    });
}

#[test]
fn a_hanging_program_is_timed_out() {
    for what in ["hang", "ignores_sigterm"] {
        both(what, Duration::from_secs(2), |observed| {
            let timeout = Duration::from_secs(2);
            assert_eq!(observed.ending, Ending::TimedOut(timeout));
            assert_eq!(stdout(&observed), ["main: waiting"]);
        });
    }
}

#[test]
fn living_descendants_are_leaks() {
    leaks("leaves_daemon", &["still runs"]);
    both("leaves_grandchild", LONG, |observed| {
        // The process between may have ended by then, or not.
        let lives = |leak: &String| leak.contains("still runs");
        assert!(observed.leaks.iter().any(lives), "{observed:?}");
    });
    leaks("leaves_nameless", &["still runs"]);
    leaks("leaves_zombie", &["was not waited for"]);
}

#[test]
fn a_fork_storm_is_swept() {
    both("fork_storm", LONG, |observed| {
        assert_eq!(observed.leaks.len(), 200);
    });
}

#[test]
fn a_process_that_hops_is_caught() {
    // Whether it is seen between two hops is chance; that it is gone is not.
    both("hops", LONG, |_| {});
}

#[test]
fn output_after_the_end_is_not_waited_for() {
    both("child_prints_late", LONG, |observed| {
        assert_eq!(stdout(&observed), [""; 0]);
        assert_eq!(observed.leaks.len(), 1);
    });
}

#[test]
fn a_closed_stdout_is_no_end() {
    both("closes_stdout", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Exit(0));
    });
}

#[test]
fn a_flood_is_cut() {
    both("floods", LONG, |observed| {
        assert!(observed.notes[0].contains("16 MB"), "{:?}", observed.notes);
        assert!(observed.lines.len() < 20_000);
    });
}

#[test]
fn odd_output_is_noted() {
    both("no_newline", LONG, |observed| {
        assert_eq!(stdout(&observed), ["main: well"]);
        assert!(observed.notes[0].contains("no newline"));
    });
    both("not_utf8", LONG, |observed| {
        assert!(observed.notes[0].contains("not UTF-8"));
    });
}

#[test]
fn death_by_signal_is_told() {
    both("dies", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Signal("KILL".into()));
    });
    both("aborts", LONG, |observed| {
        assert_eq!(observed.ending, Ending::Signal("ABRT".into()));
    });
}

#[test]
fn named_objects_are_leaks() {
    leaks("leaves_segment", &["shared memory"]);
    leaks("leaves_file", &["file left.txt"]);
    leaks("leaves_locked_folder", &["folder locked"]);
    leaks("leaves_system_v", &["SysV shared memory segment"]);
}

#[test]
fn a_message_queue_is_a_leak_where_it_can_be_seen() {
    let job = Job {
        program: misbehave(),
        arguments: vec!["leaves_queue".into()],
        ..Job::default()
    };
    let outcome = run_job(&job, Isolation::Namespaces, LONG).expect("it runs");
    match outcome.fallback {
        None => {
            let leaks = outcome.observed.leaks;
            assert!(leaks[0].contains("message queue /misbehave-"));
        }
        Some(why) => eprintln!("skipped without namespaces: {why}"),
    }
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let job = Job { program: "/no/such/program".into(), ..Job::default() };
    match run_job(&job, Isolation::Namespaces, LONG) {
        Err(Fault::NotRun(why)) => {
            assert!(why.contains("/no/such/program cannot be started"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_outlives_a_supervisor_that_is_killed() {
    for isolation in [Isolation::Namespaces, Isolation::Reaper] {
        let mark = mark(&format!("supervisor-killed-{isolation:?}"));
        let job = Job {
            program: misbehave(),
            arguments: vec!["ignores_sigterm".into(), mark.clone()],
            ..Job::default()
        };
        let runner = runner(isolation);
        let result = thread::scope(|scope| {
            let run = scope.spawn(|| runner.run(&job, LONG));
            eventually("the example", || !alive(&mark).is_empty());
            let example = processes(&mark)[0];
            let stat = fs::read_to_string(format!("/proc/{example}/stat"));
            let stat = stat.expect("it lives");
            let parent = stat.rsplit(") ").next().expect("a state");
            let parent = parent.split(' ').nth(1).expect("a parent");
            let parent = Pid::from_raw(parent.parse().expect("a number"));
            kill(parent, Signal::SIGKILL).expect("killed");
            if isolation == Isolation::Namespaces {
                eventually("its end", || alive(&mark).is_empty());
            }
            run.join().expect("no panic")
        });
        match result {
            Err(Fault::NotRun(why)) => assert!(why.contains("died"), "{why}"),
            other => panic!("{other:?}"),
        }
        drop(runner);
        assert_eq!(alive(&mark), [""; 0], "{isolation:?}");
    }
}
